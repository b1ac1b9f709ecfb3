"""Whether somebody is in an audience, found out by searching its members and comparing each one's own identifier.

What is searched for stands in every way a vendor may write the identifier, so that nobody is missed: of a phone number
the last four digits, because spaces and the like stand before them if anywhere; of an e-mail address the longest
stretch of ASCII, because vendors fold the case of other letters each in their own way.
"""

import re
from collections.abc import Awaitable, Callable

from audience_gateway.domain.errors import CostExceeded, GatewayError, UpstreamBadResponse
from audience_gateway.domain.identity import Identifier, IdentifierKind
from audience_gateway.domain.member import Member
from audience_gateway.domain.page import Page
from audience_gateway.ports import MembersRequest

_ROWS = 50
_PAGES = 20
_LAST_DIGITS = 4
_ASCII: re.Pattern[str] = re.compile(r"[\x21-\x7e]+")

NOTE = (
    f"`contains` reads what a search for it finds, {_ROWS} people a call, and gives up after {_ROWS * _PAGES:,}. "
    "Not found: phone numbers kept without + and country code, or with a space or the like within their last "
    "four digits."
)
"""The price and the limits, for the notes of those who find people so."""


async def is_found(
    list_members: Callable[[MembersRequest], Awaitable[Page[Member]]],
    native_id: str,
    identifier: Identifier,
    *,
    provider_key: str,
) -> bool:
    """Whether a member of the audience ``native_id`` has ``identifier``, an e-mail address or a phone number.

    Raises what ``list_members`` raises, the error of a record that could not be read when nobody else has it, and
    CostExceeded when the search finds more than 1,000 people and none of the first is the one.
    """
    search, after = _searched_for(identifier), None
    problem: GatewayError | None = None
    for _ in range(_PAGES):
        page = await list_members(MembersRequest(native_id, _ROWS, after, search))
        if any(identifier.is_of(member) for member in page.values):
            return True
        problem = problem or next(iter(page.problems), None)
        if page.has_next is False or page.end_cursor is None:
            if page.has_next:
                raise UpstreamBadResponse(
                    f"{provider_key} says that more people follow and sends none.", provider_key=provider_key
                )
            if problem is not None:
                raise problem
            return False
        after = page.end_cursor
    raise CostExceeded(
        f"{provider_key} finds too many people who could be the one who is asked for.", provider_key=provider_key
    )


def _searched_for(identifier: Identifier) -> str:
    if identifier.kind is IdentifierKind.PHONE:
        return identifier.value[-_LAST_DIGITS:]
    return max((found[0] for found in _ASCII.finditer(identifier.written or identifier.value)), key=len)
