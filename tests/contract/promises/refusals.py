"""What a provider promises about everything it does not claim."""

from collections.abc import Callable

from audience_gateway.domain.audience import AudienceStatus
from audience_gateway.domain.capability import Capabilities, Operation
from audience_gateway.domain.errors import UnsupportedOperation
from audience_gateway.ports import Provider
from audience_gateway.services.guard import Guarded
from tests.contract.asks import ASKS, Ask, Subjects
from tests.contract.harness import Harness
from tests.contract.promises.promise import expect


async def refuses_what_it_does_not_claim(harness: Harness) -> None:
    """What is not claimed is UnsupportedOperation, said without asking anybody; the guard says the same."""
    await _assert_refuses(harness, harness.provider, except_for=_is_left_to_the_guard)
    await _assert_refuses(harness, _guarded(harness), except_for=lambda *_: False)


async def lists_no_status_it_does_not_claim(harness: Harness) -> None:
    """Behind the guard, a status that cannot be listed is UnsupportedOperation, said without asking anybody."""
    guarded, before = _guarded(harness), harness.outside.calls
    for status in frozenset(AudienceStatus) - harness.provider.capabilities.statuses:
        await expect(UnsupportedOperation, harness, guarded.list_audiences(status=status, first=5, after=None))

    assert before == harness.outside.calls


async def does_what_it_claims(harness: Harness) -> None:
    """What is claimed is answered, directly and through the guard."""
    subjects = Subjects.of(harness.truth)
    for provider in (harness.provider, _guarded(harness)):
        for ask in ASKS:
            if ask.is_claimed(provider.capabilities):
                assert await ask.error(provider, subjects) is None, ask.method


def _is_left_to_the_guard(ask: Ask, capabilities: Capabilities) -> bool:
    """Whether the same method does something that is claimed, such as a plain list or another identifier."""
    if ask.by is not None:
        return bool(capabilities.identifiers)
    return ask.operation is Operation.SEARCH_MEMBERS


async def _assert_refuses(
    harness: Harness, provider: Provider, *, except_for: Callable[[Ask, Capabilities], bool]
) -> None:
    subjects, before = Subjects.of(harness.truth), harness.outside.calls
    for ask in ASKS:
        if not ask.is_claimed(provider.capabilities) and not except_for(ask, provider.capabilities):
            await expect(UnsupportedOperation, harness, ask.put(provider, subjects))

    assert before == harness.outside.calls


def _guarded(harness: Harness) -> Guarded:
    return Guarded(harness.provider, harness.clock)
