"""What became of a provider's own long work on an audience, failures put as errors that callers know."""

from audience_gateway.domain.audience import Audience, ImportRun, JobState, Materialization, SyncSource
from audience_gateway.domain.errors import GatewayError, ProviderFault


def materialization_problem(audience: Audience, materialization: Materialization) -> GatewayError | None:
    """Why stored membership does not follow the definition; None when nothing is known to have failed.

    The provider's own text is left out: it may quote a person.
    """
    if materialization.state is not JobState.FAILED and materialization.problem is None:
        return None
    return ProviderFault(
        f"{audience.provider_key} could not bring the membership of audience {audience.native_id} up to date.",
        provider_key=audience.provider_key,
    )


def sync_problem(audience: Audience, source: SyncSource) -> GatewayError | None:
    """Why the audience does not follow its outside list; None unless the last synchronisation failed."""
    if source.state is not JobState.FAILED:
        return None
    return ProviderFault(
        f"{audience.provider_key} could not fetch audience {audience.native_id} from {source.vendor}.",
        provider_key=audience.provider_key,
    )


def import_problem(audience: Audience, run: ImportRun) -> GatewayError | None:
    """Why an import brought nobody; None unless it failed."""
    if run.state is not JobState.FAILED:
        return None
    return ProviderFault(
        f"{audience.provider_key} could not carry out import {run.native_id} into audience {audience.native_id}.",
        provider_key=audience.provider_key,
    )
