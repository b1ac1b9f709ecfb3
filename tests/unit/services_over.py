"""Services over accounts in memory."""

from collections.abc import Sequence
from datetime import timedelta

from audience_gateway.graphql.context import Services
from audience_gateway.ports import AudienceIndex, Clock
from audience_gateway.services.audiences import Audiences
from audience_gateway.services.background import Background
from audience_gateway.services.catalogue import Catalogue
from audience_gateway.services.cursors import Cursors
from audience_gateway.services.directory import Directory
from audience_gateway.services.groups import Groups
from audience_gateway.services.guard import Guarded
from audience_gateway.services.memberships import Memberships
from audience_gateway.services.refresher import Refresher
from audience_gateway.services.rules import PreviewRule, Rules
from audience_gateway.services.sizes import Sizes
from audience_gateway.services.sources import Sources
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
    """Everything as the gateway puts it together, over ``accounts``."""
    index, clock, background = index or MemoryIndex(), clock or SetClock(), background or Background()
    guarded = {account.key: Guarded(account, clock) for account in accounts}
    directory = Directory(guarded)
    sizes = Sizes(directory, index, clock, background)
    refresher = Refresher(guarded, index, clock, background, finished=sizes.fill)
    sources = Sources(guarded, index, refresher, clock, timedelta(seconds=freshness_seconds))
    cursors = Cursors(b"s" * 32)
    return Services(
        directory=directory,
        audiences=Audiences(directory, index, sources),
        catalogue=Catalogue(index, sources, cursors, clock),
        groups=Groups(index, sources, cursors),
        rules=Rules(directory, preview_rule, clock),
        memberships=Memberships(index, sources, cursors, clock),
        sizes=sizes,
        sources=sources,
        cursors=cursors,
        clock=clock,
        deadline_seconds=deadline_seconds,
    )
