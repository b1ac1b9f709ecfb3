"""Whoever asks."""

from datetime import datetime

import strawberry

from audience_gateway.domain.access import Caller
from audience_gateway.graphql.context import Context
from audience_gateway.graphql.types.provider import Provider


@strawberry.type(
    description="Whoever asks. There is no access control yet: everybody may read everything, and nobody has a key."
)
class Viewer:
    """Whoever asks."""

    key_id: str | None = strawberry.field(description="The key that came with the request; null without one.")
    name: str | None = strawberry.field(description="What the key's owner calls it; null without one.")
    scopes: list[str] = strawberry.field(description="What is allowed, such as `member:read`.")
    providers: list[Provider] = strawberry.field(description="Of which providers, in the order of the configuration.")
    expires_at: datetime | None = strawberry.field(description="When the key ends; null without one, or for never.")

    @classmethod
    def of(cls, caller: Caller, context: Context) -> "Viewer":
        """The caller as a value."""
        return cls(
            key_id=caller.key_id,
            name=caller.name,
            scopes=list(caller.scopes),
            providers=[Provider.of(context.services.directory.provider(key)) for key in caller.provider_keys],
            expires_at=caller.expires_at,
        )
