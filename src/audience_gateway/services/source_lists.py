"""The sending lists that scope an audience, with the names that only the provider's list of them tells."""

from collections.abc import Sequence

from audience_gateway.domain.audience import SourceList


def is_known(source_list: SourceList) -> bool:
    """Whether the audience already said everything about the list."""
    return source_list.name is not None and source_list.contact_count is not None


def known_as(source_list: SourceList, listed: Sequence[SourceList]) -> SourceList:
    """The list as the provider lists it; as it stands when it is not listed, as a deleted one is not."""
    return next((known for known in listed if known.native_id == source_list.native_id), source_list)
