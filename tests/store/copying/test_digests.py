"""A checksum is the same for the same values however they are written, and another for any other value."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, select

from audience_gateway.store.address import parse_address
from audience_gateway.store.copying.contents import Batch, batches
from audience_gateway.store.copying.digests import Digest
from audience_gateway.store.snapshots import snapshot
from audience_gateway.store.tables import member, metadata, secret
from tests.store.copying.copies import changed, up_to_date

PERSON = dict.fromkeys(member.columns.keys())


def checksum(*batches: Batch) -> str:
    digest = Digest(secret)
    for batch in batches:
        digest.add(batch)
    return digest.checksum


def checksum_of(**values: object) -> str:
    digest = Digest(member)
    digest.add([tuple((PERSON | values).values())])
    return digest.checksum


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('{"a": 1, "b": 2}', '{"b":2,"a":1}'),
        ('{"a": 1, "a": 2}', '{"a": 2}'),
        ("[1e22, 1.50, -0.0, 100, 0.00]", "[10000000000000000000000, 1.5, 0, 1e2, 0]"),
        ("1.5e300", "15" + "0" * 299),
        ("1" + "0" * 5_000, "1e5000"),
        ('"\\u00e9\\ud83d\\ude00"', '"é\U0001f600"'),
    ],
)
def test_json_that_means_the_same_is_the_same(one: str, other: str) -> None:
    assert checksum_of(attributes=one) == checksum_of(attributes=other)


def test_values_that_differ_are_told_apart() -> None:
    documents = (None, "null", "0", "1", "1.5", "-1", "10", '"1"', "true", "false", "[]", "[1]", "{}", '""', '"null"')
    odd = [*documents, "100000000000000000000.1", "100000000000000000000.2", '"e\u0301"', '"é"']
    others = [checksum_of(native_id="1"), checksum_of(email="1"), checksum_of(total_orders=1), checksum_of(email="")]

    assert len({*others, *(checksum_of(attributes=document) for document in odd)}) == len(odd) + len(others)


@given(st.lists(st.tuples(st.text(), st.binary())), st.integers(0, 5))
def test_how_many_rows_come_at_a_time_makes_no_difference(rows: list[tuple[str, bytes]], cut: int) -> None:
    assert checksum(rows) == checksum(rows[:cut], rows[cut:])


def test_a_row_more_or_less_or_elsewhere_is_noticed() -> None:
    one, other = ("a", b""), ("b", b"")

    assert (
        len({checksum([]), checksum([one]), checksum([one, one]), checksum([one, other]), checksum([other, one])}) == 5
    )


def test_batches_of_any_size_hold_every_row_once_in_the_same_order_on_both(urls: dict[str, str]) -> None:
    names = ["b", "A", "a", "\u00e9", "e", "\U0001f600", "\uffff", "_", "-a", "B"]
    rows = [{"name": name, "value": b"1"} for name in names]
    keys = [{"provider_key": one, "native_id": other, "change": 1} for one in names for other in names]
    for url in urls.values():
        up_to_date(url)
        changed(url, lambda connection: connection.execute(insert(secret), rows))
        changed(url, lambda connection: connection.execute(insert(metadata.tables["audience_change"]), keys))
        with snapshot(parse_address(url)) as connection:
            for size in (1, 3, 10, 11):
                found = [row for batch in batches(connection, secret, side="source", rows=size) for row in batch]
                assert [name for name, _ in found] == sorted(names)
            pairs = batches(connection, metadata.tables["audience_change"], side="source", rows=7)
            found = [row for batch in pairs for row in batch]
            assert [pair for *pair, _ in found] == sorted([one, other] for one in names for other in names)
            assert connection.execute(select(secret.c.name)).all()
