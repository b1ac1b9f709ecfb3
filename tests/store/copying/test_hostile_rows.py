"""Whatever stands in the tables arrives as it is, or is refused with the row and the column named."""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import JSON, BigInteger, Boolean, Column, Connection, Integer, LargeBinary, Table, insert

from audience_gateway.domain.errors import BadInput
from audience_gateway.store.address import parse_address
from audience_gateway.store.columns import Moment, Money
from audience_gateway.store.copying.contents import copied_tables
from audience_gateway.store.revisions import standing
from audience_gateway.store.tables import audience, catalogue, member, membership
from tests.databases import empty_postgresql
from tests.store.copying.copies import changed, copied, ran, up_to_date
from tests.store.rule_people import MOMENTS, ODD_JSON, TEXTS

_LARGEST = 2**63 - 1
Rows = Mapping[str, Sequence[Mapping[str, object]]]

_TEXT = st.sampled_from(TEXTS) | st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]))
_NUMBERS = st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.sampled_from(ODD_JSON)
_DOCUMENTS = st.recursive(
    st.none() | st.booleans() | _NUMBERS | _TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_TEXT, inner, max_size=4),
    max_leaves=8,
)
_MOMENTS = st.sampled_from(MOMENTS) | st.datetimes(timezones=st.just(UTC))
_BY_TYPE: Sequence[tuple[type, st.SearchStrategy[Any]]] = (
    (Moment, _MOMENTS),
    (Money, st.integers(-_LARGEST, _LARGEST).map(lambda cents: Decimal(cents).scaleb(-2))),
    (JSON, _DOCUMENTS),
    (Boolean, st.booleans()),
    (LargeBinary, st.binary(max_size=20)),
    (BigInteger, st.sampled_from((0, -1, 1, _LARGEST, -_LARGEST - 1)) | st.integers(-_LARGEST, _LARGEST)),
    (Integer, st.integers(-(2**31), 2**31 - 1)),
)


def _values(column: Column[Any]) -> st.SearchStrategy[Any]:
    if column.primary_key and isinstance(column.type, BigInteger | Integer):
        return st.integers(1, 2**40)
    found = next((values for kind, values in _BY_TYPE if isinstance(column.type, kind)), _TEXT)
    return found | st.none() if column.nullable else found


def _rows_of(table: Table) -> st.SearchStrategy[list[dict[str, Any]]]:
    row = st.fixed_dictionaries({column.name: _values(column) for column in table.columns})
    unique = (lambda row: row["id"], lambda row: row["native_id"]) if "id" in table.columns else None
    key = table.primary_key.columns.keys()
    return st.lists(row, max_size=4, unique_by=unique or (lambda row: tuple(row[name] for name in key)))


@st.composite
def _stores(draw: st.DrawFn) -> Rows:
    """Rows for every table; memberships between whoever is there."""
    rows = {table.name: draw(_rows_of(table)) for table in copied_tables() if table is not membership}
    pairs = [(one["id"], other["id"]) for one in rows[audience.name] for other in rows[member.name]]
    joined = draw(st.lists(st.sampled_from(pairs), unique=True)) if pairs else []
    names = membership.columns.keys()
    return rows | {membership.name: [dict(zip(names, (*pair, draw(_MOMENTS)), strict=True)) for pair in joined]}


@settings(max_examples=6, deadline=None)
@given(rows=_stores())
def test_any_rows_copied_to_postgresql_and_back_are_what_they_were(rows: Rows) -> None:
    with TemporaryDirectory() as folder, empty_postgresql() as postgresql:
        first, last = (f"sqlite:///{Path(folder) / name}" for name in ("first.db", "last.db"))
        up_to_date(first)
        changed(first, lambda connection: _write(connection, rows))

        there, back = copied(first, postgresql), copied(postgresql, last)

        assert all(table.same for table in (*there, *back))
        assert {table.name: table.rows for table in back} == {name: len(some) for name, some in rows.items()}
        assert _contents(last) == _contents(first)


def _write(connection: Connection, rows: Rows) -> None:
    for table in copied_tables():
        if rows[table.name]:
            connection.execute(insert(table), list(rows[table.name]))


def _contents(url: str) -> Mapping[str, list[dict[str, object]]]:
    """Every row as SQLite itself has it, JSON and leases apart, read without any of our code."""
    file = parse_address(url).database or ""
    with closing(sqlite3.connect(file)) as connection:
        connection.row_factory = sqlite3.Row
        tables = {table.name: connection.execute("SELECT * FROM " + table.name) for table in copied_tables()}  # noqa: S608 (our own names)
        found = {name: sorted((_plain(dict(row)) for row in rows), key=str) for name, rows in tables.items()}
    for row in found[catalogue.name]:
        row["reading_since"] = row["reading_until"] = None
    return found


def _plain(row: dict[str, Any]) -> dict[str, object]:
    for name in {"attributes", "rule"} & row.keys():
        if row[name] is not None:
            document = json.loads(row[name], parse_int=_exact, parse_float=_exact)
            row[name] = json.dumps(document, sort_keys=True)
    return row


def _exact(text: str) -> str:
    """A number by its value, told apart from text by a mark that the strategies do not know."""
    value = Decimal(text)
    return f"number {value.normalize() if value else 0} {value == value.to_integral_value()}"


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("full_name", "'canary' || char(0) || 'tail'"),
        ("attributes", """'{"plan": "canary\\u0000"}'"""),
        ("attributes", """'{"plan": "canary\\ud800"}'"""),
        ("total_orders", "3000000000"),
    ],
)
def test_a_value_that_postgresql_cannot_hold_is_named_by_its_place_and_not_shown(
    urls: dict[str, str], column: str, value: str
) -> None:
    up_to_date(urls["sqlite"])
    start = "INSERT INTO member (id, native_id, search_text, "
    ran(urls["sqlite"], "INSERT INTO member (id, native_id, search_text) VALUES (17, 'canary', '')")
    with closing(sqlite3.connect(parse_address(urls["sqlite"]).database or "")) as connection:
        connection.execute(start + column + ") VALUES (18, 'p', '', " + value + ")")
        connection.commit()

    with pytest.raises(BadInput, match=rf"^member: the row with id 18 holds a {column} ") as caught:
        copied(urls["sqlite"], urls["postgresql"])
    assert "canary" not in caught.value.message
    assert not standing(parse_address(urls["postgresql"])).filled


def test_a_membership_of_nobody_is_refused(urls: dict[str, str]) -> None:
    up_to_date(urls["sqlite"])
    with closing(sqlite3.connect(parse_address(urls["sqlite"]).database or "")) as connection:
        connection.execute("INSERT INTO membership VALUES (1, 2, 3)")
        connection.commit()

    for target in (urls["postgresql"], urls["sqlite"].replace("store.db", "other.db")):
        with pytest.raises(BadInput, match=r"^membership: a row refers to one that is not there"):
            copied(urls["sqlite"], target)
        assert not standing(parse_address(target)).filled


def test_a_moment_keeps_its_microsecond_and_an_amount_its_hundredth(urls: dict[str, str]) -> None:
    moment = datetime(9999, 12, 31, 23, 59, 59, 999_999, UTC)
    row = {"native_id": "p", "search_text": "", "created_at": moment, "revenue_total": Decimal("-90071992547409.93")}
    up_to_date(urls["postgresql"])
    changed(urls["postgresql"], lambda connection: connection.execute(insert(member), row))

    copied(urls["postgresql"], urls["sqlite"])

    with closing(sqlite3.connect(parse_address(urls["sqlite"]).database or "")) as connection:
        found = connection.execute("SELECT created_at, revenue_total FROM member").fetchone()
    assert found == (253_402_300_799_999_999, -9_007_199_254_740_993)
