"""A page of people as a question: what is asked of the provider, and what cursors are bound to."""

from dataclasses import dataclass, replace
from enum import Enum

from audience_gateway.domain.audience import AudienceRef
from audience_gateway.domain.errors import BadInput
from audience_gateway.domain.member import Member
from audience_gateway.domain.page import Page
from audience_gateway.ports import MembersRequest
from audience_gateway.services.cursors import Cursors
from audience_gateway.services.directory import MembersKey

_LONGEST_SEARCH = 256


class MemberList(Enum):
    """Which people of an audience: those in it, or those not in it who could be."""

    MEMBERS = "members"
    CANDIDATES = "candidates"


@dataclass(frozen=True, slots=True)
class MembersQuestion:
    """One page of one audience's people; ``request`` holds the provider's own cursor."""

    ref: AudienceRef
    request: MembersRequest
    cursors: Cursors
    among: MemberList = MemberList.MEMBERS

    @classmethod
    def of(
        cls,
        ref: AudienceRef,
        *,
        first: int,
        after: str | None,
        search: str | None,
        cursors: Cursors,
        among: MemberList = MemberList.MEMBERS,
        with_audiences: bool = False,
    ) -> "MembersQuestion":
        """Read a caller's arguments; a blank ``search`` is none. Raises BadCursor and BadInput."""
        search = read_search(search)
        position = None if after is None else cursors.open(after, question=_bound(ref, search, among))
        request = MembersRequest(ref.native_id, first, position, search, with_audiences)
        return cls(ref, request, cursors, among)

    @property
    def key(self) -> MembersKey:
        """What to ask the directory."""
        return MembersKey(self.ref.provider_key, self.request)

    def seal(self, position: str) -> str:
        """The caller's cursor for a provider's own."""
        return self.cursors.seal(position, question=_bound(self.ref, self.request.search, self.among))

    def following(self, page: Page[Member]) -> MembersKey:
        """What to ask to learn whether rows follow ``page``."""
        return MembersKey(self.ref.provider_key, replace(self.request, first=1, after=page.end_cursor))


def read_search(search: str | None) -> str | None:
    """What a caller looks for, None for everyone; raises BadInput when it is too long."""
    search = (search or "").strip() or None
    if search is not None and len(search) > _LONGEST_SEARCH:
        raise BadInput(f"search: is longer than {_LONGEST_SEARCH} characters.")
    return search


def _bound(ref: AudienceRef, search: str | None, among: MemberList) -> list[str | None]:
    return [among.value, ref.provider_key, ref.native_id, search]
