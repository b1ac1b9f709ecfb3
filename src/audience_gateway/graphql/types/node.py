"""What everything with a global identifier has in common."""

import strawberry


@strawberry.interface(description="Anything that has a global identifier and can be read again by it.")
class Node:
    """A thing with a global identifier."""

    id: strawberry.ID = strawberry.field(description="Opaque and unique over all providers and types.")
