"""Services over accounts in memory."""

from collections.abc import Sequence

from audience_gateway.bootstrap import compose
from audience_gateway.config import GatewaySettings
from audience_gateway.graphql.context import Services
from audience_gateway.ports import AudienceIndex, Clock
from audience_gateway.services.background import Background
from audience_gateway.services.cursors import Cursors
from audience_gateway.services.guard import Guarded
from audience_gateway.services.rules import PreviewRule
from tests.unit.accounts import Account, SetClock
from tests.unit.memory_index import MemoryIndex
from tests.unit.memory_rules import nobody


def services_over(
    accounts: Sequence[Account],
    *,
    index: AudienceIndex | None = None,
    clock: Clock | None = None,
    background: Background | None = None,
    preview_rule: PreviewRule = nobody,
    freshness_seconds: float = 60,
    deadline_seconds: float = 10,
) -> Services:
    """Everything as the gateway puts it together, over ``accounts``; settings may be what no file could say."""
    clock = clock or SetClock()
    return compose(
        {account.key: Guarded(account, clock) for account in accounts},
        GatewaySettings.model_construct(freshness_seconds=freshness_seconds, deadline_seconds=deadline_seconds),
        index=index or MemoryIndex(),
        preview_rule=preview_rule,
        cursors=Cursors(b"s" * 32),
        clock=clock,
        background=background or Background(),
    )
