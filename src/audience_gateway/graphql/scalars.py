"""The scalars: moments as RFC 3339 in UTC, money as text, and JSON."""

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal

import strawberry
from graphql import GraphQLError
from strawberry.scalars import JSON
from strawberry.types.scalar import ScalarDefinition


def moment_text(moment: datetime) -> str:
    """RFC 3339 in UTC with ``Z``; fractions of a second only where there are any."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def read_moment(value: object) -> datetime:
    """A moment from its text; raises GraphQLError, which is told to callers, for anything else."""
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
        if moment is not None and moment.tzinfo is not None:
            return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise GraphQLError("A DateTime is RFC 3339 text with a zone, between the years 1 and 9999 in UTC.")


def plain_json(value: object) -> object:
    """The value with nothing in it that JSON does not have."""
    match value:
        case Mapping():
            return {str(key): plain_json(part) for key, part in value.items()}
        case list() | tuple():
            return [plain_json(part) for part in value]
        case Decimal():
            return str(value)
        case datetime():
            return moment_text(value)
        case float() if not math.isfinite(value):
            return None
    return value


SCALARS: Mapping[object, ScalarDefinition] = {
    datetime: strawberry.scalar(
        name="DateTime",
        description="A moment in UTC, written as RFC 3339 text such as `2026-01-02T10:15:00Z`.",
        specified_by_url="https://scalars.graphql.org/andimarek/date-time",
        serialize=moment_text,
        parse_value=read_moment,
    ),
    Decimal: strawberry.scalar(
        name="Decimal",
        description="A decimal number written as text, so that no digit is lost, such as `412.50`.",
        serialize=str,
        parse_value=Decimal,
    ),
    JSON: strawberry.scalar(
        name="JSON",
        description="Any JSON value, as it stands.",
        specified_by_url="https://ecma-international.org/publications-and-standards/standards/ecma-404/",
        serialize=plain_json,
    ),
}
