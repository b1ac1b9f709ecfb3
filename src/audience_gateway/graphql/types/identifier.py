"""Identifiers of people, as callers write them."""

import strawberry
from strawberry import UNSET

from audience_gateway.domain.errors import BadInput
from audience_gateway.domain.identity import Identifier, IdentifierKind
from audience_gateway.graphql.types.page import given


@strawberry.input(one_of=True, description="What somebody is known by: exactly one of these.")
class IdentifierInput:
    """What somebody is known by."""

    email: str | None = strawberry.field(default=UNSET, description="An e-mail address; case does not matter.")
    phone: str | None = strawberry.field(
        default=UNSET,
        description="A phone number with `+` and country code; spaces, dots, dashes and brackets do not matter.",
    )
    external_id: str | None = strawberry.field(
        default=UNSET, description="The identifier your own systems gave the person, as it stands."
    )

    def identifier(self) -> Identifier:
        """The identifier as the services take it; raises BadInput naming the field and never the value."""
        for kind, text in (
            (IdentifierKind.EMAIL, self.email),
            (IdentifierKind.PHONE, self.phone),
            (IdentifierKind.EXTERNAL_ID, self.external_id),
        ):
            if given(text):
                return Identifier.of(kind, text)
        raise BadInput("identifier: needs exactly one of email, phone and externalId.")
