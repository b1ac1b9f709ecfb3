"""The only file that knows every part: from settings to providers, services and the application."""

import importlib
import random
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import cast

from starlette.applications import Starlette

from audience_gateway.config import LOCAL_KEY, GatewaySettings, ProviderSettings, Settings
from audience_gateway.domain.errors import ConfigurationError
from audience_gateway.graphql.context import Services
from audience_gateway.ports import AudienceIndex, Clock, Connect, HttpTransport, Provider, ProviderResources
from audience_gateway.providers import REGISTRY
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
from audience_gateway.store import SqlStore, open_store
from audience_gateway.upstream.choice import open_transport
from audience_gateway.upstream.metering import MeteredTransport
from audience_gateway.web.app import create_app

_CURSOR_SECRET = "cursors"  # noqa: S105 (the name under which it is kept)


class SystemClock:
    """The machine's own time."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Parts:
    """What a gateway is made of, put together but not yet connected to anything."""

    settings: Settings
    clock: Clock
    store: SqlStore
    transport: HttpTransport
    providers: Mapping[str, Provider]


def assemble(settings: Settings, *, transport: HttpTransport | None = None, clock: Clock | None = None) -> Parts:
    """Build every part without touching network or disk.

    Raises ConfigurationError with all problems, those of the document and those that the dialects find.
    """
    clock = clock or SystemClock()
    problems = list(settings.problems)
    transport = transport or _transport(settings, problems)
    store = _store(settings, problems)
    providers: dict[str, Provider] = {}
    told = {problem.partition(":")[0] for problem in problems}
    for provider in (ProviderSettings(LOCAL_KEY, "local", {}), *settings.providers):
        resources = ProviderResources(
            key=provider.key,
            settings=provider.table,
            transport=MeteredTransport(transport, provider.key),
            store=store,
            clock=clock,
            randomness=random.Random(),  # noqa: S311 (spreads retries, protects nothing)
        )
        try:
            providers[provider.key] = _connect(provider)(resources)
        except ConfigurationError as error:
            problems.extend(problem for problem in error.problems if problem.partition(":")[0] not in told)
        except Exception as error:  # noqa: BLE001 (outside code; its words might hold a secret)
            problems.append(f"providers.{provider.key}: its dialect failed with {type(error).__name__}")
    if problems:
        raise ConfigurationError(problems)
    return Parts(settings, clock, store, transport, providers)


@asynccontextmanager
async def opened(parts: Parts) -> AsyncIterator[Services]:
    """The services over ``parts``, with the store brought up to date; closes everything at the end."""
    async with AsyncExitStack() as stack:
        stack.push_async_callback(parts.transport.close)
        stack.push_async_callback(parts.store.close)
        await parts.store.migrate()
        guarded = {key: Guarded(provider, parts.clock) for key, provider in parts.providers.items()}
        for provider in guarded.values():
            stack.push_async_callback(provider.close)
        await parts.store.index.adopt(_accounts(parts.settings))
        background = Background()
        stack.push_async_callback(background.close)
        yield compose(
            guarded,
            parts.settings.gateway,
            index=parts.store.index,
            preview_rule=parts.store.preview_rule,
            cursors=Cursors(await parts.store.secret(_CURSOR_SECRET)),
            clock=parts.clock,
            background=background,
        )


def compose(
    guarded: Mapping[str, Guarded],
    gateway: GatewaySettings,
    *,
    index: AudienceIndex,
    preview_rule: PreviewRule,
    cursors: Cursors,
    clock: Clock,
    background: Background,
) -> Services:
    """The services over parts that are open."""
    directory = Directory(guarded)
    sizes = Sizes(directory, index, clock, background)
    refresher = Refresher(guarded, index, clock, background, finished=sizes.fill if gateway.sizes_ahead else _nothing)
    sources = Sources(guarded, index, refresher, clock, timedelta(seconds=gateway.freshness_seconds))
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
        deadline_seconds=gateway.deadline_seconds,
    )


def _accounts(settings: Settings) -> Mapping[str, str]:
    """Whose audiences stand under each key: the dialect, and where the account is, without any secret."""
    return {
        provider.key: f"{provider.dialect} {provider.table.get('base_url', '')}".strip()
        for provider in settings.providers
    }


def _nothing(_: str) -> None:
    """Follow up on nothing."""


def application(parts: Parts) -> Starlette:
    """The ASGI application over ``parts``."""
    gateway = parts.settings.gateway
    return create_app(partial(opened, parts), allowed_hosts=gateway.allowed_hosts, graphiql=gateway.graphiql)


def _store(settings: Settings, problems: list[str]) -> SqlStore:
    """The store that is asked for; when there is none, another for the dialects to look at."""
    try:
        return open_store(settings.gateway.database_url)
    except ConfigurationError as error:
        problems.extend(error.problems)
        return open_store(GatewaySettings().database_url)


def _transport(settings: Settings, problems: list[str]) -> HttpTransport:
    """The transport that is asked for; when there is none, another for the dialects to look at."""
    try:
        return open_transport(settings.gateway.transport)
    except ConfigurationError as error:
        problems.extend(error.problems)
        return open_transport("httpx")


def _connect(provider: ProviderSettings) -> Connect:
    """The dialect's ``connect``, ours or an outside package's; raises ConfigurationError."""
    name = f"providers.{provider.key}.dialect"
    target = REGISTRY.get(provider.dialect, provider.dialect)
    module, _, attribute = target.partition(":")
    if not module or not attribute:
        known = ", ".join(dialect for dialect in REGISTRY if dialect != LOCAL_KEY)
        raise ConfigurationError([f'{name}: is none of {known}, nor "package.module:connect"'])
    try:
        connect = getattr(importlib.import_module(module), attribute)
    except Exception as error:  # outside code may fail in any way while it is imported
        reason = f": {error}" if isinstance(error, ImportError | AttributeError) else ""
        raise ConfigurationError([f"{name}: {target} cannot be loaded: {type(error).__name__}{reason}"]) from error
    if not callable(connect):
        raise ConfigurationError([f"{name}: {target} is not a function"])
    return cast("Connect", connect)
