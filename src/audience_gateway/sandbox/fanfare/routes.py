"""Fanfare's operations on single audiences (Fanfare contract, Audience operations; Rules)."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from audience_gateway.sandbox.fanfare.errors import RefusalError
from audience_gateway.sandbox.fanfare.objects import Audience, Consumer
from audience_gateway.sandbox.fanfare.paging import DEFAULT_SIZE, page_of, rows_in, window
from audience_gateway.sandbox.fanfare.search import CONSUMER_ORDERS, matching
from audience_gateway.sandbox.fanfare.state import State

_AUDIENCE_ORDERS = ("createdAt", "updatedAt", "name")
_INCLUDED_ON_GET = "rules,imports"


class AudienceOperations:
    """Fanfare's operations on audiences over one state; each answers one route."""

    def __init__(self, state: State) -> None:
        self._state = state

    def routes(self) -> list[Route]:
        """Every operation at its path, to be placed after the routes with literal segments."""
        one = "/api/v1/audiences/{audience_id}"
        return [
            Route("/api/v1/audiences", self.list_audiences, methods=["GET"]),
            Route(one, self.get_audience, methods=["GET"]),
            Route(f"{one}/members", self.list_members, methods=["GET"]),
            Route(f"{one}/status", self.get_status, methods=["GET"]),
            Route(f"{one}/count", self.get_count, methods=["GET"]),
            Route(f"{one}/rules", self.list_rules, methods=["GET"]),
        ]

    async def list_audiences(self, request: Request) -> JSONResponse:
        """``GET /audiences``: everything in one page unless ``first`` says otherwise."""
        state, query = self._state, request.query_params
        wanted = window(query, state.audiences, _AUDIENCE_ORDERS, None)
        include = _included(query, default="")
        rows = rows_in(wanted, state.listed(), state.audiences)
        return JSONResponse(page_of(rows, lambda audience: state.with_relations(audience, include)))

    async def get_audience(self, request: Request) -> JSONResponse:
        """``GET /audiences/:audienceId``: archived audiences too."""
        audience = self._state.audiences.get(request.path_params["audience_id"])
        if audience is None:
            raise RefusalError(404, "Audience not found")
        include = _included(request.query_params, default=_INCLUDED_ON_GET)
        return JSONResponse(self._state.with_relations(audience, include))

    async def list_members(self, request: Request) -> JSONResponse:
        """``GET /audiences/:audienceId/members``."""
        state, query = self._state, request.query_params
        audience = self._live(request)
        wanted = window(query, state.consumers, CONSUMER_ORDERS, DEFAULT_SIZE)
        members = matching(state.members_of(audience["id"]), query.get("search", ""))
        rows = rows_in(wanted, members, state.consumers)
        show = self._with_audiences if "audiences" in _included(query, default="") else _plain
        return JSONResponse(page_of(rows, show))

    async def get_status(self, request: Request) -> JSONResponse:
        """``GET /audiences/:audienceId/status``."""
        return JSONResponse(self._state.status_of(self._live(request)["id"]))

    async def get_count(self, request: Request) -> JSONResponse:
        """``GET /audiences/:audienceId/count``: of the stored membership."""
        audience_id = self._live(request)["id"]
        return JSONResponse({"audienceId": audience_id, "count": len(self._state.memberships[audience_id])})

    async def list_rules(self, request: Request) -> JSONResponse:
        """``GET /audiences/:audienceId/rules``: a bare array."""
        return JSONResponse(self._state.rules[self._live(request)["id"]])

    def _live(self, request: Request) -> Audience:
        """The audience of the path; archived ones count as absent."""
        audience = self._state.audiences.get(request.path_params["audience_id"])
        if audience is None or audience["archived"]:
            raise RefusalError(404, "Audience not found")
        return audience

    def _with_audiences(self, consumer: Consumer) -> dict[str, Any]:
        inside = [
            {"id": audience["id"], "name": audience["name"]}
            for audience in self._state.listed()
            if consumer["id"] in self._state.memberships[audience["id"]]
        ]
        return {**consumer, "audiences": inside}


def _plain(consumer: Consumer) -> dict[str, Any]:
    return {**consumer}


def _included(query: Mapping[str, str], default: str) -> frozenset[str]:
    """The names in ``include``; unknown ones mean nothing to anybody."""
    return frozenset(name.strip() for name in query.get("include", default).split(","))
