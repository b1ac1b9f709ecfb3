"""JSON objects as vendors send them, read field by field: what is missing is None, what is wrong names its path.

Every method raises UpstreamBadResponse, with a path such as ``audiences[3].id`` and never with the value itself.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import TypeVar

from audience_gateway.domain.errors import UpstreamBadResponse

T = TypeVar("T")

_DIGITS = 40
_LARGEST_COUNT = 2**31 - 1
_LONGEST_IDENTIFIER = 1_024


@dataclass(frozen=True, slots=True)
class Record:
    """One JSON object of a reply. ``path`` is where it stands in the document, empty for the document itself."""

    provider_key: str
    fields: Mapping[str, object]
    path: str = ""

    def identifier(self, name: str) -> str:
        """An identifier that must be there."""
        identifier = identifier_of(self.fields.get(name))
        if identifier is None:
            raise self.broken(name)
        return identifier

    def required_text(self, name: str) -> str:
        """Text that must be there; it may be empty."""
        value = self.text(name)
        if value is None:
            raise self.broken(name)
        return value

    def text(self, name: str) -> str | None:
        """Text, or None."""
        value = self.fields.get(name)
        if value is None or isinstance(value, str):
            return value
        raise self.broken(name)

    def count(self, name: str) -> int | None:
        """How many there are of something, 0 to 2 147 483 647, or None."""
        value = self.fields.get(name)
        count = count_of(value)
        if value is not None and count is None:
            raise self.broken(name)
        return count

    def amount(self, name: str) -> Decimal | None:
        """A number, or None; a number written as text is accepted."""
        value = self.fields.get(name)
        if value is None:
            return None
        number = decimal_of(value)
        if number is None:
            raise self.broken(name)
        return number

    def moment(self, name: str) -> datetime | None:
        """An ISO 8601 moment in UTC, or None; without a zone it is read as UTC."""
        value = self.text(name)
        if value is None:
            return None
        moment = moment_of(value)
        if moment is None:
            raise self.broken(name)
        return moment

    def mapping(self, name: str) -> Mapping[str, object] | None:
        """An object as it stands, or None."""
        value = self.fields.get(name)
        if value is None or isinstance(value, Mapping):
            return value
        raise self.broken(name)

    def record(self, name: str) -> "Record | None":
        """An object to be read further, or None."""
        value = self.mapping(name)
        return None if value is None else Record(self.provider_key, value, path_below(self, name))

    def array(self, name: str) -> list[object] | None:
        """An array as it stands, or None."""
        value = self.fields.get(name)
        if value is None or isinstance(value, list):
            return value
        raise self.broken(name)

    def broken(self, name: str) -> UpstreamBadResponse:
        """The error for a field that cannot be read."""
        return unreadable(self.provider_key, path_below(self, name))


def document_of(provider_key: str, document: object) -> Record:
    """A whole reply that must be an object."""
    return record_at(provider_key, document, "")


def record_at(provider_key: str, value: object, path: str) -> Record:
    """What stands at ``path`` and must be an object."""
    if not isinstance(value, Mapping):
        raise unreadable(provider_key, path)
    return Record(provider_key, value, path)


def path_below(record: Record, name: str) -> str:
    """Where the field ``name`` of a record stands in the document."""
    return f"{record.path}.{name}" if record.path else name


def array_at(record: Record, name: str) -> list[object]:
    """An array that must be there."""
    array = record.array(name)
    if array is None:
        raise record.broken(name)
    return array


def read_each(
    provider_key: str, array: list[object], path: str, read: Callable[[Record], T]
) -> tuple[T | UpstreamBadResponse, ...]:
    """What ``read`` makes of each record of the array at ``path``, in order; an error in the place of a bad one."""
    outcomes: list[T | UpstreamBadResponse] = []
    for index, value in enumerate(array):
        try:
            outcomes.append(read(record_at(provider_key, value, f"{path}[{index}]")))
        except UpstreamBadResponse as error:
            outcomes.append(error)
    return tuple(outcomes)


def read_all(provider_key: str, array: list[object], path: str, read: Callable[[Record], T]) -> tuple[T, ...]:
    """What ``read`` makes of each record of the array at ``path``, in order; raises for the first bad one."""
    return tuple(read(record_at(provider_key, value, f"{path}[{index}]")) for index, value in enumerate(array))


def identifier_of(value: object) -> str | None:
    """An identifier as text, from text or a whole number; None when ``value`` is none. Numbers are never rounded.

    More than 1024 bytes of UTF-8 are no identifier: they would not fit into identifiers and cursors of ours.
    """
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) and 0 < len(value.encode()) <= _LONGEST_IDENTIFIER else None


def whole_number_of(value: object) -> int | None:
    """A whole number, also when written as 2.0 or as text; None when ``value`` is none, or none of 32 bits."""
    number = decimal_of(value)
    if number is None or number != number.to_integral_value():
        return None
    return int(number) if -_LARGEST_COUNT <= number <= _LARGEST_COUNT else None


def count_of(value: object) -> int | None:
    """How many there are of something; None when ``value`` is none, or above 2 147 483 647, as far as answers reach."""
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 0 <= value <= _LARGEST_COUNT else None


def moment_of(text: str) -> datetime | None:
    """An ISO 8601 moment in UTC, zoneless ones read as UTC; None when ``text`` is none."""
    try:
        moment = datetime.fromisoformat(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def decimal_of(value: object) -> Decimal | None:
    """A number, also when written as text; None when ``value`` is none, or one too long to be meant (40 digits)."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = Decimal(str(value))
    except (InvalidOperation, ValueError):
        return None
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int) or abs(exponent) > _DIGITS or number.adjusted() > _DIGITS:
        return None
    return number


def unreadable(provider_key: str, path: str) -> UpstreamBadResponse:
    """The error for what stands at ``path``."""
    place = path or "the top"
    return UpstreamBadResponse(f"{provider_key} answered something unreadable at {place}.", provider_key=provider_key)
