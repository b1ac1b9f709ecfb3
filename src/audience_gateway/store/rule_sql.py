"""Rules as SQL: one expression over ``member``, true for exactly the people whom ``rule_evaluation`` finds to match.

Fields choose columns from a closed table, and everything else is bound: values, keys of attributes, ``now``. Every
condition is true or false, never NULL, so that NOT is the opposite. Text is folded by ``lower``, which leaves all but
A to Z alone on SQLite (unless built with ICU) and under PostgreSQL's collation C, and sought by position, not LIKE.
"""

import operator
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any as AnyValue

from sqlalchemy import (
    BindParameter,
    Column,
    ColumnElement,
    and_,
    bindparam,
    false,
    func,
    literal_column,
    not_,
    or_,
    true,
)

from audience_gateway.domain.errors import InternalError
from audience_gateway.domain.rule import All, Any, Condition, Not, RuleNode, RuleOperator
from audience_gateway.domain.rule_fields import FIELDS, NEGATIONS, RELATIVE, FieldType, attribute_path
from audience_gateway.domain.rule_values import Comparable, comparable, value_type, window
from audience_gateway.store.rule_operands import attribute, attribute_exists, bound_type, folded
from audience_gateway.store.tables import member

COLUMNS: Mapping[str, Column[AnyValue]] = MappingProxyType(
    {
        "email": member.c.email,
        "phone": member.c.phone,
        "fullName": member.c.full_name,
        "externalId": member.c.external_id,
        "carrier": member.c.carrier,
        "timezone": member.c.timezone,
        "sendCount": member.c.send_count,
        "clickCount": member.c.click_count,
        "conversionCount": member.c.conversion_count,
        "totalOrders": member.c.total_orders,
        "totalOrderValue": member.c.total_order_value,
        "revenueTotal": member.c.revenue_total,
        "revenueAverage": member.c.revenue_average,
        "hasRevenue": member.c.has_revenue,
        "lastClickedAt": member.c.last_clicked_at,
        "lastSentAt": member.c.last_sent_at,
        "signedUpAt": member.c.signed_up_at,
        "lastRevenueAt": member.c.last_revenue_at,
        "lastOrderAt": member.c.last_order_at,
        "createdAt": member.c.created_at,
    }
)
"""Where each field is kept; attributes are in ``member.attributes``."""
_TIGHT = 100
"""Binds closer than anything, so that whatever stands before it is put into parentheses."""

_COMPARISONS: Mapping[RuleOperator, Callable[[AnyValue, AnyValue], ColumnElement[bool]]] = MappingProxyType(
    {
        RuleOperator.EQ: operator.eq,
        RuleOperator.GT: operator.gt,
        RuleOperator.AFTER: operator.gt,
        RuleOperator.GTE: operator.ge,
        RuleOperator.LT: operator.lt,
        RuleOperator.BEFORE: operator.lt,
        RuleOperator.LTE: operator.le,
    }
)


def compile_rule(root: RuleNode, now: datetime, dialect: str) -> ColumnElement[bool]:
    """Who matches a rule at ``now``, on ``sqlite`` or ``postgresql``.

    Raises InternalError for a rule with problems; one tied to a sending list has one here, where there are none.
    """
    match root:
        case All(()):
            return true()
        case Any(()):
            return false()
        case All(children):
            return and_(*(compile_rule(child, now, dialect) for child in children))
        case Any(children):
            return or_(*(compile_rule(child, now, dialect) for child in children))
        case Not(child):
            return not_(compile_rule(child, now, dialect))
        case Condition(source_list=None):
            return _condition(root, root.operator, now, dialect)
    raise InternalError("A rule that the local store cannot judge was to be compiled.")


def _condition(condition: Condition, word: RuleOperator, now: datetime, dialect: str) -> ColumnElement[bool]:
    if word in NEGATIONS:
        return not_(_condition(condition, NEGATIONS[word], now, dialect))
    return _closed(_holds(condition, word, now, dialect))


def _closed(holds: ColumnElement[bool]) -> ColumnElement[bool]:
    """The same, but false where it would be NULL."""
    return holds.bool_op("IS", precedence=_TIGHT)(literal_column("TRUE"))


def _holds(condition: Condition, word: RuleOperator, now: datetime, dialect: str) -> ColumnElement[bool]:
    """Whether a positive operator holds; may be NULL instead of false."""
    if word is RuleOperator.EXISTS:
        path = attribute_path(condition.field)
        return COLUMNS[condition.field].is_not(None) if path is None else attribute_exists(path, dialect)
    if word in RELATIVE:
        return _in_time(condition, word, now)
    values = condition.value if isinstance(condition.value, tuple) else (condition.value,)
    if word is RuleOperator.IN and values:
        return _among(condition.field, values, dialect)
    kind, wanted = _typed(condition.field, values)
    operand = _operand(condition.field, kind, dialect)
    return _compares(word, operand, [_bound(kind, value) for value in wanted], dialect)


def _compares(
    word: RuleOperator, operand: ColumnElement[AnyValue], values: Sequence[BindParameter[AnyValue]], dialect: str
) -> ColumnElement[bool]:
    match word, values:
        case RuleOperator.BETWEEN, [low, high]:
            return operand.between(low, high)
        case RuleOperator.CONTAINS, [part]:
            return _position(operand, part, dialect) > 0
        case RuleOperator.STARTS_WITH, [part]:
            return _position(operand, part, dialect) == 1
        case _, [value]:
            return _COMPARISONS[word](operand, value)
    raise InternalError("A rule with too many values was to be compiled.")


def _in_time(condition: Condition, word: RuleOperator, now: datetime) -> ColumnElement[bool]:
    length = window(condition.value, condition.unit) if condition.unit else None
    if length is None:
        raise InternalError("A rule with an unreadable relative time was to be compiled.")
    column, edge = COLUMNS[condition.field], _bound(FieldType.DATETIME, now - length)
    if word is RuleOperator.WITHIN_LAST:
        return column.between(edge, _bound(FieldType.DATETIME, now))
    return column < edge if word is RuleOperator.OLDER_THAN else column > edge


def _among(field: str, values: Sequence[object], dialect: str) -> ColumnElement[bool]:
    """Whether a field is one of ``values``, those of each type sought among known values of that type."""
    kinds: dict[FieldType, list[object]] = {}
    for value in values:
        kinds.setdefault(value_type(FIELDS.get(field, FieldType.ANY), value), []).append(value)
    sought = [(_operand(field, kind, dialect), _typed(field, some)[1], kind) for kind, some in kinds.items()]
    return or_(*(operand.in_(_bound_list(kind, wanted)) for operand, wanted, kind in sought))


def _typed(field: str, values: Sequence[object]) -> tuple[FieldType, list[Comparable]]:
    """Values of one type, ready to be compared, and that type."""
    kind = FIELDS.get(field, FieldType.ANY)
    wanted = [value for value in (comparable(kind, value) for value in values) if value is not None]
    if not wanted or len(wanted) < len(values):
        raise InternalError("A rule with an unreadable value was to be compiled.")
    return value_type(kind, values[0]), wanted


def _operand(field: str, kind: FieldType, dialect: str) -> ColumnElement[AnyValue]:
    """A field as a value of type ``kind``; NULL where it is unknown or of another type."""
    path = attribute_path(field)
    if path is not None:
        return attribute(path, kind, dialect)
    return folded(COLUMNS[field], dialect) if kind is FieldType.STRING else COLUMNS[field]


def _bound(kind: FieldType, value: Comparable) -> BindParameter[AnyValue]:
    return bindparam(None, value, type_=bound_type(kind, (value,)), unique=True)


def _bound_list(kind: FieldType, values: Sequence[Comparable]) -> BindParameter[AnyValue]:
    return bindparam(None, values, type_=bound_type(kind, values), unique=True, expanding=True)


def _position(text: ColumnElement[str], part: BindParameter[str], dialect: str) -> ColumnElement[int]:
    """Where ``part`` first stands in ``text``, counted from 1; 0 for nowhere."""
    return func.instr(text, part) if dialect == "sqlite" else func.strpos(text, part)
