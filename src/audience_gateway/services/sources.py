"""What each provider contributed to a list over all of them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from audience_gateway.domain.audience import AudienceStatus
from audience_gateway.domain.errors import BadInput, GatewayError, UnsupportedOperation
from audience_gateway.services.directory import Directory, ListingKey
from audience_gateway.services.listing import Listing


class SourceState(Enum):
    """What a provider contributed: what it said just now, not everything because it failed, or nothing, unasked."""

    FRESH = "FRESH"
    UNAVAILABLE = "UNAVAILABLE"
    EXCLUDED = "EXCLUDED"


@dataclass(frozen=True, slots=True)
class SourceReport:
    """One provider's line: ``as_of`` is when it answered; ``problem`` why something of it is missing."""

    provider_key: str
    state: SourceState
    as_of: datetime | None = None
    problem: GatewayError | None = None


@dataclass(frozen=True, slots=True)
class Selection:
    """The providers a list is made of; ``wanted`` None is all of them."""

    directory: Directory
    wanted: tuple[str, ...] | None

    @classmethod
    def of(cls, directory: Directory, wanted: tuple[str, ...] | None) -> "Selection":
        """Select providers by key; raises BadInput for an unknown one."""
        unknown = [key for key in wanted or () if key not in directory.providers]
        if unknown:
            raise BadInput(f"filter.providerKeys: there is no provider {unknown[0]!r}.")
        return cls(directory, wanted)

    def __contains__(self, provider_key: str) -> bool:
        """Whether the provider is selected."""
        return self.wanted is None or provider_key in self.wanted

    def reports(
        self,
        answers: Mapping[ListingKey, Listing | GatewayError],
        *,
        statuses: Collection[AudienceStatus],
        now: datetime,
    ) -> tuple[SourceReport, ...]:
        """One line for each provider, selected or not; what has a wanted status but is never listed is missing."""
        return tuple(self._report(key, answers, statuses, now) for key in self.directory.providers)

    def _report(
        self,
        provider_key: str,
        answers: Mapping[ListingKey, Listing | GatewayError],
        statuses: Collection[AudienceStatus],
        now: datetime,
    ) -> SourceReport:
        if provider_key not in self:
            return SourceReport(provider_key, SourceState.EXCLUDED)
        own = [answer for asked, answer in answers.items() if asked.provider_key == provider_key]
        failures = [answer for answer in own if isinstance(answer, GatewayError)]
        if failures:
            return SourceReport(provider_key, SourceState.UNAVAILABLE, problem=failures[0])
        problems = [problem for answer in own if isinstance(answer, Listing) for problem in answer.problems]
        problems += self._never_listed(provider_key, statuses)
        problem = problems[0] if problems else None
        if not own:
            return SourceReport(provider_key, SourceState.EXCLUDED, problem=problem)
        return SourceReport(provider_key, SourceState.FRESH, as_of=now, problem=problem)

    def _never_listed(self, provider_key: str, statuses: Collection[AudienceStatus]) -> list[GatewayError]:
        hidden = [
            status for status in statuses if status in self.directory.providers[provider_key].capabilities.unlisted
        ]
        return [
            UnsupportedOperation(f"{provider_key} does not list {status.value} audiences.", provider_key=provider_key)
            for status in hidden
        ]


def is_complete(reports: Sequence[SourceReport]) -> bool:
    """Whether every selected provider contributed everything it has."""
    return all(report.problem is None for report in reports)
