"""A cursor opens only as it was sealed, for the question it was sealed for."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audience_gateway.domain.errors import BadCursor, UpstreamBadResponse
from audience_gateway.services.cursors import Cursors

CURSORS = Cursors(b"s" * 32)
QUESTION = ["audiences", [], ["ACTIVE"], [], None]
TEXT = st.text(st.characters(exclude_categories=["Cs"]))
SCALARS = st.none() | st.booleans() | st.integers() | TEXT
QUESTIONS = st.lists(SCALARS | st.lists(SCALARS))


def opens(cursor: str, question: object = QUESTION, cursors: Cursors = CURSORS) -> bool:
    try:
        cursors.open(cursor, question=question)
    except BadCursor as error:
        assert error.code.value == "BAD_CURSOR"  # noqa: PT017 (it is raised or it is not)
        return False
    return True


@given(position=TEXT, question=QUESTIONS)
def test_what_was_sealed_is_opened(position: str, question: list[object]) -> None:
    cursor = CURSORS.seal(position, question=question)

    assert CURSORS.open(cursor, question=question) == position
    assert cursor.replace("-", "").replace("_", "").isalnum() or cursor == ""


def test_a_cursor_of_any_length_is_opened_or_not_given_out() -> None:
    for length in (3_000, 24_000, 24_563):
        assert CURSORS.open(CURSORS.seal("p" * length, question=QUESTION), question=QUESTION) == "p" * length
    for length in (24_564, 100_000):
        with pytest.raises(UpstreamBadResponse):
            CURSORS.seal("p" * length, question=QUESTION)


def test_a_cursor_changed_in_any_one_character_is_refused() -> None:
    for position in ("", "1", "12", "123"):
        cursor = CURSORS.seal(position, question=QUESTION)
        for place in range(len(cursor)):
            for other in "AQgw0_-=+/ \né":
                changed = cursor[:place] + other + cursor[place + 1 :]
                assert changed == cursor or not opens(changed)


def test_a_cursor_cut_anywhere_or_extended_is_refused() -> None:
    cursor = CURSORS.seal("some position", question=QUESTION)

    assert not any(opens(cursor[:length]) for length in range(len(cursor)))
    assert not any(opens(cursor[start:]) for start in range(1, len(cursor)))
    assert not any(opens(changed) for changed in (cursor + "A", cursor + "=", cursor + "\n", " " + cursor, cursor * 2))


@given(QUESTIONS, QUESTIONS)
def test_a_cursor_of_another_question_is_refused(one: list[object], other: list[object]) -> None:
    cursor = CURSORS.seal("1", question=one)

    same = repr(one) == repr(other)
    assert opens(cursor, other) is same


@pytest.mark.parametrize(
    "other",
    [
        ["audiences", [], ["ARCHIVED"], [], None],
        ["audiences", [[]], ["ACTIVE"], [], None],
        ["audiences", [], ["ACTIVE"], [], ""],
        ["members", [], ["ACTIVE"], [], None],
    ],
)
def test_near_questions_are_other_questions(other: list[object]) -> None:
    assert not opens(CURSORS.seal("1", question=QUESTION), other)


def test_a_cursor_of_another_secret_is_refused() -> None:
    assert not opens(Cursors(b"t" * 32).seal("1", question=QUESTION))


def test_a_cursor_of_another_version_is_refused_whoever_signed_it() -> None:
    for version in (b"\0", b"\2", b"\xff"):
        body = version + b"1"
        sealed = CURSORS._mac(body, QUESTION) + body
        assert not opens(base64.urlsafe_b64encode(sealed).rstrip(b"=").decode())


@given(st.text())
def test_whatever_is_made_up_is_refused(text: str) -> None:
    assert not opens(text)


@pytest.mark.parametrize("text", ["", "A", "====", "A" * 32_769, "A" * 10_000_000, "\udcff", "é" * 10])
def test_rubbish_of_any_size_is_refused(text: str) -> None:
    assert not opens(text)


def test_two_processes_with_one_secret_understand_each_other() -> None:
    assert opens(Cursors(b"s" * 32).seal("1", question=QUESTION))
