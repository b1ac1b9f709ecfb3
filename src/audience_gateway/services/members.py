"""A page of members as a question: what is asked of the provider, and what cursors are bound to."""

from dataclasses import dataclass

from audience_gateway.domain.audience import AudienceRef
from audience_gateway.domain.errors import BadInput
from audience_gateway.domain.member import Member
from audience_gateway.domain.page import Page
from audience_gateway.ports import MembersRequest
from audience_gateway.services.cursors import Cursors
from audience_gateway.services.directory import MembersKey

_LONGEST_SEARCH = 256


@dataclass(frozen=True, slots=True)
class MembersQuestion:
    """One page of one audience's members; ``request`` holds the provider's own cursor."""

    ref: AudienceRef
    request: MembersRequest
    cursors: Cursors

    @classmethod
    def of(
        cls, ref: AudienceRef, *, first: int, after: str | None, search: str | None, cursors: Cursors
    ) -> "MembersQuestion":
        """Read a caller's arguments; a blank ``search`` is none. Raises BadCursor and BadInput."""
        search = (search or "").strip() or None
        if search is not None and len(search) > _LONGEST_SEARCH:
            raise BadInput(f"search: is longer than {_LONGEST_SEARCH} characters.")
        position = None if after is None else cursors.open(after, question=_bound(ref, search))
        return cls(ref, MembersRequest(ref.native_id, first, position, search), cursors)

    @property
    def key(self) -> MembersKey:
        """What to ask the directory."""
        return MembersKey(self.ref.provider_key, self.request)

    def seal(self, position: str) -> str:
        """The caller's cursor for a provider's own."""
        return self.cursors.seal(position, question=_bound(self.ref, self.request.search))

    def following(self, page: Page[Member]) -> MembersKey:
        """What to ask to learn whether rows follow ``page``."""
        request = self.request
        return MembersKey(self.ref.provider_key, MembersRequest(request.native_id, 1, page.end_cursor, request.search))


def _bound(ref: AudienceRef, search: str | None) -> list[str | None]:
    return ["members", ref.provider_key, ref.native_id, search]
