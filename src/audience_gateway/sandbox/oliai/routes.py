"""OliAI's operations on audiences and contacts (OliAI contract, Operations)."""

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from audience_gateway.sandbox.oliai.errors import RefusalError
from audience_gateway.sandbox.oliai.objects import Audience
from audience_gateway.sandbox.oliai.paging import matching, page_of, page_request
from audience_gateway.sandbox.oliai.state import State


class Operations:
    """OliAI's operations over one state; each answers one route for the organisation of the request's key."""

    def __init__(self, state: State) -> None:
        self._state = state

    def routes(self) -> list[Route]:
        """Every operation at its path."""
        return [
            Route("/v1/audiences", self.list_audiences, methods=["GET"]),
            Route("/v1/audiences/{audience_id}", self.get_audience, methods=["GET"]),
            Route("/v1/audiences/{audience_id}/contacts", self.list_members, methods=["GET"]),
            Route("/v1/audiences/{audience_id}/available-contacts", self.list_candidates, methods=["GET"]),
            Route("/v1/contacts", self.list_contacts, methods=["GET"]),
            Route("/v1/contacts/{contact_id}", self.get_contact, methods=["GET"]),
        ]

    async def list_audiences(self, request: Request) -> JSONResponse:
        """``GET /audiences``."""
        wanted = page_request(request.query_params)
        return JSONResponse(page_of(self._state.audiences_of(_organization(request)), wanted))

    async def get_audience(self, request: Request) -> JSONResponse:
        """``GET /audiences/:id``."""
        return JSONResponse(self._audience(request))

    async def list_members(self, request: Request) -> JSONResponse:
        """``GET /audiences/:id/contacts``."""
        wanted = page_request(request.query_params)
        members = self._state.members_of(self._audience(request)["id"])
        return JSONResponse(page_of(matching(members, _search(request)), wanted))

    async def list_candidates(self, request: Request) -> JSONResponse:
        """``GET /audiences/:id/available-contacts``."""
        wanted = page_request(request.query_params)
        candidates = self._state.candidates_for(self._audience(request)["id"])
        return JSONResponse(page_of(matching(candidates, _search(request)), wanted))

    async def list_contacts(self, request: Request) -> JSONResponse:
        """``GET /contacts``."""
        wanted = page_request(request.query_params)
        contacts = self._state.contacts_of(_organization(request))
        return JSONResponse(page_of(matching(contacts, _search(request)), wanted))

    async def get_contact(self, request: Request) -> JSONResponse:
        """``GET /contacts/:id``."""
        found = self._state.contact(_organization(request), request.path_params["contact_id"])
        if found is None:
            raise RefusalError(404, "Contact not found")
        return JSONResponse(found)

    def _audience(self, request: Request) -> Audience:
        found = self._state.audience(_organization(request), request.path_params["audience_id"])
        if found is None:
            raise RefusalError(404, "Audience not found")
        return found


def _organization(request: Request) -> str:
    """The organisation the key belongs to, noted by the door."""
    return str(request.state.organization)


def _search(request: Request) -> str:
    return request.query_params.get("search", "")
