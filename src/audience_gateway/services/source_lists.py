"""The sending lists that scope an audience, with the names that only the provider's list of them tells."""

from collections.abc import Sequence

from audience_gateway.domain.audience import SourceList
from audience_gateway.domain.errors import GatewayError


def is_known(source_list: SourceList) -> bool:
    """Whether the audience already said everything about the list."""
    return source_list.name is not None and source_list.contact_count is not None


def known_as(source_list: SourceList, listed: Sequence[SourceList | GatewayError]) -> SourceList:
    """The list as the provider lists it; as it stands when it is not listed, as a deleted one is not.

    Raises the error of a record that could not be read when no other is the list: it may be that one.
    """
    known = [each for each in listed if isinstance(each, SourceList)]
    found = next((each for each in known if each.native_id == source_list.native_id), None)
    problem = next((each for each in listed if isinstance(each, GatewayError)), None)
    if found is None and problem is not None:
        raise problem
    return found or source_list
