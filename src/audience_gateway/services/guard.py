"""Any provider, kept to its capabilities and limits, its failures counted and its surprises contained."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import ParamSpec, TypeVar

from audience_gateway.domain.audience import Audience, AudienceSize, AudienceStatus, Materialization, SourceList
from audience_gateway.domain.capability import Operation
from audience_gateway.domain.errors import (
    BadInput,
    ConfigurationError,
    CostExceeded,
    DeadlineExceeded,
    GatewayError,
    InternalError,
    NotFound,
    ProviderFault,
    UnsupportedOperation,
    UpstreamAuth,
    UpstreamRejected,
    UpstreamTimeout,
)
from audience_gateway.domain.group import AudienceGroup, GroupMember
from audience_gateway.domain.health import HealthState, ProviderHealth
from audience_gateway.domain.identity import Identifier
from audience_gateway.domain.member import Member
from audience_gateway.domain.page import Page
from audience_gateway.ports import Clock, MembersRequest, Provider
from audience_gateway.services.actions import require_identifier
from audience_gateway.services.pace import Pace
from audience_gateway.services.unexpected import without_words

_log = logging.getLogger(__name__)
_Answer = TypeVar("_Answer")
_Arguments = ParamSpec("_Arguments")
_CONCURRENCY = 16
_FAILURES_UNTIL_DOWN = 5
_HANGING_SECONDS = 1.0
"""From when on a call that nobody waits for any longer counts against the provider."""


class Guarded(Provider):
    """A provider that refuses what it cannot do before any call is made.

    At most 16 calls run at once; pages are cut to the provider's limit; anything but a GatewayError becomes one.
    """

    def __init__(self, inner: Provider, clock: Clock) -> None:
        self.key = inner.key
        self.dialect = inner.dialect
        self.display_name = inner.display_name
        self.capabilities = inner.capabilities
        self._inner = inner
        self._clock = clock
        self.pace = Pace(inner.capabilities.calls_per_minute)
        self._slots = asyncio.Semaphore(_CONCURRENCY)
        self._health = ProviderHealth(HealthState.UNKNOWN)
        self._failures = 0

    @property
    def health(self) -> ProviderHealth:
        """How the calls so far went."""
        return self._health

    def witness(self, failure: GatewayError | None) -> None:
        """Count what became of a call that was made past this guard."""
        self._record(failure)

    async def close(self) -> None:
        """Close the provider."""
        await self._inner.close()

    async def list_audiences(self, *, status: AudienceStatus, first: int, after: str | None) -> Page[Audience]:
        """As the provider does; UnsupportedOperation for a status it does not list."""
        if status not in self.capabilities.statuses:
            raise UnsupportedOperation(f"{self.key} does not list {status.value} audiences.", provider_key=self.key)
        first = min(first, self.capabilities.page_limit)
        return await self._call(Operation.LIST, self._inner.list_audiences, status=status, first=first, after=after)

    async def get_audience(self, native_id: str) -> Audience:
        """As the provider does."""
        return await self._call(Operation.GET, self._inner.get_audience, native_id)

    async def get_audiences(self, native_ids: Sequence[str]) -> Sequence[Audience | GatewayError]:
        """As the provider does."""
        answers = await self._call(Operation.GET, self._inner.get_audiences, native_ids)
        return self._one_each(answers, native_ids)

    async def list_members(self, request: MembersRequest) -> Page[Member]:
        """As the provider does; a search needs SEARCH_MEMBERS."""
        return await self._call(Operation.LIST_MEMBERS, self._inner.list_members, self._checked(request))

    async def list_members_of_many(self, requests: Sequence[MembersRequest]) -> Sequence[Page[Member] | GatewayError]:
        """As the provider does; a search needs SEARCH_MEMBERS."""
        checked = [self._checked(request) for request in requests]
        answers = await self._call(Operation.LIST_MEMBERS, self._inner.list_members_of_many, checked)
        return self._one_each(answers, requests)

    async def list_candidates(self, request: MembersRequest) -> Page[Member]:
        """As the provider does; a search needs SEARCH_MEMBERS."""
        return await self._call(Operation.LIST_CANDIDATES, self._inner.list_candidates, self._checked(request))

    async def contains(self, native_id: str, identifier: Identifier) -> bool:
        """As the provider does; UnsupportedOperation for an identifier by which it cannot tell."""
        require_identifier(self.key, self.capabilities, identifier.kind)
        return await self._call(Operation.LIST_MEMBERS, self._inner.contains, native_id, identifier)

    async def get_member(self, native_id: str) -> Member:
        """As the provider does."""
        return await self._call(Operation.GET_MEMBER, self._inner.get_member, native_id)

    async def read_size(self, native_id: str) -> AudienceSize:
        """As the provider does."""
        return await self._call(Operation.READ_SIZE, self._inner.read_size, native_id)

    async def read_materialization(self, native_id: str) -> Materialization:
        """As the provider does."""
        return await self._call(Operation.READ_MATERIALIZATION, self._inner.read_materialization, native_id)

    async def get_group(self, native_id: str) -> AudienceGroup:
        """As the provider does."""
        return await self._call(Operation.READ_GROUPS, self._inner.get_group, native_id)

    async def list_group_members(self, request: MembersRequest, *, audience_id: str | None) -> Page[GroupMember]:
        """As the provider does; a search needs SEARCH_MEMBERS."""
        method = self._inner.list_group_members
        return await self._call(Operation.READ_GROUPS, method, self._checked(request), audience_id=audience_id)

    async def list_source_lists(self) -> Sequence[SourceList | GatewayError]:
        """As the provider does."""
        return await self._call(Operation.LIST_SOURCE_LISTS, self._inner.list_source_lists)

    def _checked(self, request: MembersRequest) -> MembersRequest:
        """The request within the provider's page limit; refuses a search the provider does not have."""
        if request.search is not None:
            self._require(Operation.SEARCH_MEMBERS)
        return replace(request, first=min(request.first, self.capabilities.page_limit))

    def _one_each(self, answers: Sequence[_Answer], questions: Sequence[object]) -> Sequence[_Answer]:
        """The answers of a batch, when there is one for each question."""
        if len(answers) == len(questions):
            return answers
        _log.error("%s answered %d of %d questions", self.key, len(answers), len(questions))
        raise InternalError(f"The adapter of {self.key} failed.", provider_key=self.key)

    def _require(self, operation: Operation) -> None:
        if not self.capabilities.supports(operation):
            raise UnsupportedOperation(f"{self.key} does not support {operation.value}.", provider_key=self.key)

    async def _call(
        self,
        operation: Operation,
        method: Callable[_Arguments, Awaitable[_Answer]],
        *args: _Arguments.args,
        **kwargs: _Arguments.kwargs,
    ) -> _Answer:
        self._require(operation)
        now = asyncio.get_running_loop().time
        async with self._slots:
            self.pace.spend()
            began = now()
            try:
                answer = await method(*args, **kwargs)
            except asyncio.CancelledError:
                if now() - began >= _HANGING_SECONDS:
                    self._record(UpstreamTimeout(f"{self.key} did not answer in time.", provider_key=self.key))
                raise
            except (ConfigurationError, InternalError) as error:
                raise self._own_failure(operation, error) from error
            except GatewayError as error:
                self._record(error)
                raise
            except Exception as error:
                raise self._own_failure(operation, error) from error
        self._record(_failure(answer))
        return answer

    def _own_failure(self, operation: Operation, error: Exception) -> InternalError:
        """The error callers see for one that is nobody's business but the operator's."""
        _log.error("%s failed in %s: %s", self.key, operation.value, without_words(error))
        problem = InternalError(f"The adapter of {self.key} failed.", provider_key=self.key)
        self._record(problem)
        return problem

    def _record(self, error: GatewayError | None) -> None:
        """Count an outcome; a refusal such as NotFound is a success of the connection, nonsense of ours is neither."""
        if isinstance(error, BadInput | UnsupportedOperation | DeadlineExceeded | CostExceeded):
            return
        now = self._clock.now()
        if error is None or isinstance(error, NotFound | UpstreamRejected):
            self._failures = 0
            self._health = ProviderHealth(HealthState.UP, last_success_at=now)
            return
        self._failures += 1
        down = self._failures >= _FAILURES_UNTIL_DOWN or isinstance(error, UpstreamAuth)
        wait = error.retry_after_seconds
        self._health = ProviderHealth(
            HealthState.DOWN if down or self._health.last_success_at is None else HealthState.DEGRADED,
            last_success_at=self._health.last_success_at,
            problem=error,
            retry_at=None if wait is None else now + timedelta(seconds=wait),
        )


def _failure(answer: object) -> GatewayError | None:
    """The first fault of a batch in which nothing came through."""
    if not isinstance(answer, list | tuple) or not answer:
        return None
    faults = [part for part in answer if isinstance(part, ProviderFault)]
    return faults[0] if len(faults) == len(answer) else None
