"""Trackly's routes: read the request, ask the state, shape the reply."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from audience_gateway.sandbox.clock import Clock
from audience_gateway.sandbox.trackly.errors import not_found
from audience_gateway.sandbox.trackly.paging import read_page
from audience_gateway.sandbox.trackly.state import Audience, SendingList, State, wire_time

_AUDIENCE_STATUSES = frozenset({"active", "archived"})
_LIST_STATUSES = frozenset({"active", "paused", "suspended", "deleted"})


def vendor_routes(state: State, clock: Clock) -> list[Route]:
    """Every path that Trackly answers, under its mount."""
    audiences, lists = AudienceRoutes(state, clock), ListRoutes(state)
    return [
        Route("/v2/audiences", audiences.index, methods=["GET"]),
        Route("/v2/audiences/{audience_id}", audiences.show, methods=["GET"]),
        Route("/v2/audiences/{audience_id}/size", audiences.size, methods=["GET"]),
        Route("/v2/lists", lists.index, methods=["GET"]),
        Route("/v2/lists/{list_id}", lists.show, methods=["GET"]),
    ]


class AudienceRoutes:
    """The operations on audiences."""

    def __init__(self, state: State, clock: Clock) -> None:
        self._state = state
        self._clock = clock

    async def index(self, request: Request) -> JSONResponse:
        """A page of the audiences of one status."""
        asked = request.query_params.get("status")
        found = self._state.audiences_with(asked if asked in _AUDIENCE_STATUSES else "active")
        page = read_page(request.query_params)
        items = [_list_item(audience) for audience in found[page.window]]
        return JSONResponse({"audiences": items, "pagination": page.summary(len(found))})

    async def show(self, request: Request) -> JSONResponse:
        """One audience, archived ones included."""
        return JSONResponse(self._asked(request))

    async def size(self, request: Request) -> JSONResponse:
        """The number of matching contacts now; also refills the cached size."""
        audience, now = self._asked(request), self._clock.now()
        size = self._state.measure(audience["id"], now)
        return JSONResponse({"audience_id": audience["id"], "size": size, "calculated_at": wire_time(now)})

    def _asked(self, request: Request) -> Audience:
        audience = self._state.audiences.get(request.path_params["audience_id"])
        if audience is None:
            raise not_found("Audience not found")
        return audience


class ListRoutes:
    """The operations on sending lists."""

    def __init__(self, state: State) -> None:
        self._state = state

    async def index(self, request: Request) -> JSONResponse:
        """All sending lists of one status, or all but the deleted ones."""
        asked = request.query_params.get("status")
        statuses = {asked} if asked in _LIST_STATUSES else _LIST_STATUSES - {"deleted"}
        return JSONResponse({"lists": self._state.lists_with(statuses)})

    async def show(self, request: Request) -> JSONResponse:
        """One sending list, deleted ones included."""
        return JSONResponse(self._asked(request))

    def _asked(self, request: Request) -> SendingList:
        asked = request.path_params["list_id"]
        for key, sending_list in self._state.lists.items():
            if str(key) == asked:
                return sending_list
        raise not_found("List not found")


def _list_item(audience: Audience) -> dict[str, Any]:
    """``audience`` as lists show it: the root of its filter leaves ``groups`` out when there is none."""
    root = {key: value for key, value in audience["filter"].items() if key != "groups" or value}
    return {**audience, "filter": root}
