"""Finding consumers among members (Fanfare contract, Members)."""

from collections.abc import Sequence

from audience_gateway.sandbox.fanfare.objects import Consumer

CONSUMER_ORDERS = ("createdAt", "updatedAt", "totalOrders", "totalOrderValue")
"""What lists of consumers can be sorted by."""


def matching(consumers: Sequence[Consumer], search: str) -> Sequence[Consumer]:
    """The consumers with ``search`` in their e-mail, phone or name, without case; order kept."""
    if not search:
        return consumers
    wanted = search.casefold()
    return [consumer for consumer in consumers if _mentions(consumer, wanted)]


def _mentions(consumer: Consumer, wanted: str) -> bool:
    texts = (consumer["email"], consumer["phone"], consumer["fullName"])
    return any(wanted in text.casefold() for text in texts if text is not None)
