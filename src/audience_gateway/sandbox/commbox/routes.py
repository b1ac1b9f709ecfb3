"""CommBox's routes: read the request, ask the state, wrap the reply."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from audience_gateway.sandbox.commbox.envelopes import Envelopes
from audience_gateway.sandbox.commbox.state import Audience, State


class AudienceRoutes:
    """The operations on audiences; paths are in small letters because the gate lowers what was asked."""

    def __init__(self, state: State, envelopes: Envelopes) -> None:
        self._state = state
        self._envelopes = envelopes

    def routes(self) -> list[Route]:
        """Every path that CommBox answers, under its mount."""
        return [Route("/audiences", self.index, methods=["GET"])]

    async def index(self, _request: Request) -> JSONResponse:
        """All audiences at once: there is no paging, search or sorting."""
        items = [self._item(audience) for audience in self._state.sorted_audiences()]
        return self._envelopes.data("200", "Audiences retrieved", items)

    def _item(self, audience: Audience) -> dict[str, Any]:
        item: dict[str, Any] = {
            "id": audience.id,
            "name": audience.name,
            "created_time": self._envelopes.moment(audience.created_time),
        }
        if audience.user_count is not None:
            item["user_count"] = audience.user_count
        return item | {"type": audience.type.value}
