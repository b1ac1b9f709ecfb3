"""Fanfare's operations on audience groups (Fanfare contract, Audience groups)."""

from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from audience_gateway.sandbox.fanfare.errors import RefusalError, validation_failed
from audience_gateway.sandbox.fanfare.objects import Audience, Consumer
from audience_gateway.sandbox.fanfare.paging import DEFAULT_SIZE, page_of, rows_in, window
from audience_gateway.sandbox.fanfare.search import CONSUMER_ORDERS, matching
from audience_gateway.sandbox.fanfare.state import State

_LITERALS = ("groups", "loyalty-tiers", "import")


class GroupOperations:
    """Fanfare's operations on audience groups over one state; each answers one route."""

    def __init__(self, state: State) -> None:
        self._state = state

    def routes(self) -> list[Route]:
        """Every operation at its path, and the literal segments that are no audience's id."""
        group = "/api/v1/audiences/groups/{group_id}"
        return [
            Route(group, self.list_audiences, methods=["GET"]),
            Route(f"{group}/members", self.list_members, methods=["GET"]),
            *(Route(f"/api/v1/audiences/{literal}", _nothing_here, methods=["GET"]) for literal in _LITERALS),
        ]

    async def list_audiences(self, request: Request) -> JSONResponse:
        """``GET /audiences/groups/:groupId``: a bare array of audiences with rules and imports."""
        include = ("rules", "imports")
        return JSONResponse([self._state.with_relations(audience, include) for audience in self._group(request)])

    async def list_members(self, request: Request) -> JSONResponse:
        """``GET /audiences/groups/:groupId/members``: each consumer once, with the group's audiences they are in."""
        state, query = self._state, request.query_params
        group = self._group(request)
        wanted = window(query, state.consumers, CONSUMER_ORDERS, DEFAULT_SIZE)
        members = matching(state.members_of_any(_chosen(group, query.get("audienceId"))), query.get("search", ""))
        rows = rows_in(wanted, members, state.consumers)
        return JSONResponse(page_of(rows, lambda consumer: self._with_audience_ids(consumer, group)))

    def _group(self, request: Request) -> list[Audience]:
        group = self._state.groups.get(request.path_params["group_id"])
        if group is None:
            raise RefusalError(404, "Group not found")
        return group

    def _with_audience_ids(self, consumer: Consumer, group: list[Audience]) -> dict[str, Any]:
        inside = [audience["id"] for audience in group if consumer["id"] in self._state.memberships[audience["id"]]]
        return {**consumer, "audienceIds": inside}


def _chosen(group: list[Audience], audience_id: str | None) -> list[Audience]:
    """The audience of the group that is asked for, or all of them."""
    if audience_id is None:
        return group
    chosen = [audience for audience in group if audience["id"] == audience_id]
    if not chosen:
        raise validation_failed(("audienceId", "Audience is not in this group"))
    return chosen


async def _nothing_here(_request: Request) -> JSONResponse:
    raise HTTPException(404)
