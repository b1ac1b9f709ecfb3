"""A page of people, as it is asked of a provider or of the store."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MembersRequest:
    """One page of one audience's members.

    :param first: how many, 1 to the provider's page limit.
    :param after: a cursor this provider gave out for the same audience and search, else BadCursor; None for the start.
    :param search: what to look for in name, e-mail and phone, without case; None for everyone.
    :param with_audiences: whether to tell along which audiences each member is in; only some providers can.
    """

    native_id: str
    first: int
    after: str | None = None
    search: str | None = None
    with_audiences: bool = False
