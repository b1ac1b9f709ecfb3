"""The store as the gateway sees it: the port's methods, each done by the module of its name."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import URL

from audience_gateway.domain.audience import Audience, AudienceStatus
from audience_gateway.domain.identity import Identifier
from audience_gateway.domain.member import Member
from audience_gateway.domain.page import Page
from audience_gateway.domain.rule import RuleNode
from audience_gateway.domain.rule_preview import RulePreview
from audience_gateway.ports import MembersRequest, Store
from audience_gateway.store.address import parse_address
from audience_gateway.store.audiences import get_audiences, list_audiences
from audience_gateway.store.database import Database
from audience_gateway.store.engine import open_engines
from audience_gateway.store.index.sql_index import SqlAudienceIndex
from audience_gateway.store.members import Members
from audience_gateway.store.memberships import contains
from audience_gateway.store.migration import upgrade
from audience_gateway.store.rule_queries import RuleQueries
from audience_gateway.store.secrets import shared_secret


class SqlStore(Store):
    """The store in a SQL database. Not for use before :meth:`migrate` has once brought that up to date."""

    def __init__(self, address: URL, database: Database) -> None:
        self.database = database
        self._address = address
        self.index = SqlAudienceIndex(database)
        self._members = Members(database)
        self._rules = RuleQueries(address)

    async def migrate(self) -> None:
        """Bring the database to the tables of this version, making it when there is none; any number may at once.

        Runs in a thread. Raises ConfigurationError when this version cannot work with the database.
        """
        await asyncio.to_thread(upgrade, self._address)

    async def list_audiences(self, *, status: AudienceStatus, first: int, after: str | None) -> Page[Audience]:
        """Newest first, those without a time last; raises BadCursor for a cursor of another list."""
        return await list_audiences(self.database, status=status, first=first, after=after)

    async def get_audiences(self, native_ids: Sequence[str]) -> Mapping[str, Audience]:
        """By native id."""
        return await get_audiences(self.database, native_ids)

    async def list_members(self, requests: Sequence[MembersRequest]) -> Sequence[Page[Member] | None]:
        """The people stored last first; raises BadCursor and BadInput for the whole batch."""
        return await self._members.list_members(requests)

    async def list_candidates(self, request: MembersRequest) -> Page[Member] | None:
        """The people stored last first; ``total`` is exact."""
        return await self._members.list_candidates(request)

    async def contains(self, native_id: str, identifier: Identifier) -> bool | None:
        """In one statement."""
        return await contains(self.database, native_id, identifier)

    async def get_member(self, native_id: str) -> Member | None:
        """By native id."""
        return await self._members.get_member(native_id)

    async def preview_rule(self, rule: RuleNode, *, now: datetime, first: int) -> RulePreview:
        """The people stored last first; the work is done in a thread."""
        return await self._rules.preview(rule, now, first)

    async def secret(self, name: str) -> bytes:
        """As the port says."""
        return await shared_secret(self.database, name)

    async def close(self) -> None:
        """Close every connection."""
        await self._rules.close()
        await self.database.close()


def open_store(database_url: str) -> SqlStore:
    """A store over a database that is not touched yet; raises ConfigurationError for an address it cannot use."""
    address = parse_address(database_url)
    return SqlStore(address, Database(open_engines(address)))
