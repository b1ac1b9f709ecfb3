"""What telling whether somebody is in an audience promises."""

from collections.abc import Iterator

from audience_gateway.domain.capability import Operation
from audience_gateway.domain.errors import NotFound
from audience_gateway.domain.identity import Identifier, IdentifierKind, normalised
from audience_gateway.domain.member import Member
from tests.contract.harness import Harness
from tests.contract.promises.promise import UNKNOWN_IDS, expect
from tests.contract.truth import TrueAudience

_SOME = 3


async def tells_who_is_in_an_audience(harness: Harness) -> None:
    """Members are told by every identifier that is claimed, however it is written; nobody else is, however alike."""
    assert harness.provider.capabilities.supports(Operation.LIST_MEMBERS)
    for kind in harness.provider.capabilities.identifiers:
        for audience in harness.truth.telling_audiences:
            own = _owned(harness, kind, audience.members or frozenset())
            for text in _texts(harness, kind, audience):
                answer = await harness.provider.contains(audience.native_id, Identifier.of(kind, text))

                assert (normalised(kind, text) in own) is answer, (audience.native_id, kind)


async def tells_of_no_unknown_audience(harness: Harness) -> None:
    """Whether somebody is in no audience, or in one whose inside is closed, is NotFound and not a plain no."""
    closed = [audience.native_id for audience in harness.truth.audiences.values() if audience.closed]
    for kind in harness.provider.capabilities.identifiers:
        own = min(value for value in _owned(harness, kind, frozenset(harness.truth.people)) if value)
        for native_id in (*UNKNOWN_IDS, *closed):
            await expect(NotFound, harness, harness.provider.contains(native_id, Identifier(kind, own)))


def _texts(harness: Harness, kind: IdentifierKind, audience: TrueAudience) -> Iterator[str]:
    """Identifiers of some members and of some others, each also in another writing and a little shorter."""
    members = audience.members or frozenset()
    for group in (members, frozenset(harness.truth.people) - members):
        known = [key for key in sorted(group) if _own(kind, harness.truth.people[key])]
        for key in known[:_SOME]:
            own = _own(kind, harness.truth.people[key]) or ""
            yield own
            yield own[:-1]
            if kind is IdentifierKind.EMAIL:
                yield f" {own.upper()}"
                yield own[1:]
            if kind is IdentifierKind.PHONE:
                yield f"{own[:3]} ({own[3:6]}) {own[6:9]}-{own[9:]}"


def _owned(harness: Harness, kind: IdentifierKind, people: frozenset[str]) -> frozenset[str | None]:
    texts = (_own(kind, harness.truth.people[key]) for key in people)
    return frozenset(normalised(kind, text) for text in texts if text is not None)


def _own(kind: IdentifierKind, person: Member) -> str | None:
    facts = {
        IdentifierKind.EMAIL: person.email,
        IdentifierKind.PHONE: person.phone,
        IdentifierKind.EXTERNAL_ID: person.external_id,
    }
    return facts[kind]
