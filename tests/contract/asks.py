"""One plain question for every method of the port, so that refusals and faults can be tried on each of them."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from audience_gateway.domain.audience import AudienceStatus
from audience_gateway.domain.capability import Capabilities, Operation
from audience_gateway.domain.errors import GatewayError
from audience_gateway.domain.identity import Identifier, IdentifierKind
from audience_gateway.ports import MembersRequest, Provider
from tests.contract.truth import Truth


@dataclass(frozen=True, slots=True)
class Subjects:
    """What the questions are about."""

    audience_id: str
    member_id: str
    group_id: str

    @classmethod
    def of(cls, truth: Truth) -> "Subjects":
        """The fullest audience, one of its members and a group; anything where there is none."""
        audience = truth.open_audiences[-1]
        return cls(audience.native_id, min(audience.members or {"1"}), min(truth.groups, default="1"))


@dataclass(frozen=True, slots=True)
class Ask:
    """One question.

    :param operation: what must be claimed; with ``batch``, as a batch too.
    :param by: an identifier that must be claimed too.
    """

    method: str
    operation: Operation
    put: Callable[[Provider, Subjects], Awaitable[object]]
    batch: bool = False
    by: IdentifierKind | None = None

    def is_claimed(self, capabilities: Capabilities) -> bool:
        """Whether the provider says that it can answer."""
        claimed = capabilities.supports(self.operation) and (self.by is None or self.by in capabilities.identifiers)
        return claimed and (not self.batch or self.operation in capabilities.batches)

    async def error(self, provider: Provider, subjects: Subjects) -> GatewayError | None:
        """The error that comes instead of an answer, or in the place of every one of a batch; None for an answer."""
        try:
            answer = await self.put(provider, subjects)
        except GatewayError as error:
            return error
        if not self.batch:
            return None
        assert isinstance(answer, Sequence)
        errors = [part for part in answer if isinstance(part, GatewayError)]
        return errors[0] if len(errors) == len(answer) else None


def _request(subjects: Subjects, search: str | None = None) -> MembersRequest:
    return MembersRequest(subjects.audience_id, 5, None, search)


def _contains(identifier: Identifier) -> Ask:
    return Ask(
        "contains",
        Operation.LIST_MEMBERS,
        lambda provider, about: provider.contains(about.audience_id, identifier),
        by=identifier.kind,
    )


ASKS = (
    Ask(
        "list_audiences",
        Operation.LIST,
        lambda provider, _: provider.list_audiences(status=AudienceStatus.ACTIVE, first=5, after=None),
    ),
    Ask("get_audience", Operation.GET, lambda provider, about: provider.get_audience(about.audience_id)),
    Ask(
        "get_audiences",
        Operation.GET,
        lambda provider, about: provider.get_audiences([about.audience_id, about.audience_id]),
        batch=True,
    ),
    Ask("read_size", Operation.READ_SIZE, lambda provider, about: provider.read_size(about.audience_id)),
    Ask("list_members", Operation.LIST_MEMBERS, lambda provider, about: provider.list_members(_request(about))),
    Ask(
        "list_members_of_many",
        Operation.LIST_MEMBERS,
        lambda provider, about: provider.list_members_of_many([_request(about), _request(about)]),
        batch=True,
    ),
    Ask(
        "list_members",
        Operation.SEARCH_MEMBERS,
        lambda provider, about: provider.list_members(_request(about, search="a")),
    ),
    _contains(Identifier(IdentifierKind.EMAIL, "nobody@example.test")),
    _contains(Identifier(IdentifierKind.PHONE, "+12015550199")),
    _contains(Identifier(IdentifierKind.EXTERNAL_ID, "CRM-0")),
    Ask("get_member", Operation.GET_MEMBER, lambda provider, about: provider.get_member(about.member_id)),
    Ask(
        "list_candidates", Operation.LIST_CANDIDATES, lambda provider, about: provider.list_candidates(_request(about))
    ),
    Ask(
        "read_materialization",
        Operation.READ_MATERIALIZATION,
        lambda provider, about: provider.read_materialization(about.audience_id),
    ),
    Ask("get_group", Operation.READ_GROUPS, lambda provider, about: provider.get_group(about.group_id)),
    Ask(
        "list_group_members",
        Operation.READ_GROUPS,
        lambda provider, about: provider.list_group_members(MembersRequest(about.group_id, 5), audience_id=None),
    ),
    Ask("list_source_lists", Operation.LIST_SOURCE_LISTS, lambda provider, _: provider.list_source_lists()),
)
"""Every method of the port but ``close``."""


def claimed(provider: Provider) -> tuple[Ask, ...]:
    """The questions that the provider says it can answer."""
    return tuple(ask for ask in ASKS if ask.is_claimed(provider.capabilities))
