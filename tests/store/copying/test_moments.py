"""What others see while a store is copied, and what is left of a copy that did not come to its end."""

import os
import signal
import subprocess
import sys
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from audience_gateway.domain.errors import ConfigurationError
from audience_gateway.store.address import parse_address
from audience_gateway.store.revisions import BASE, standing
from audience_gateway.store.snapshots import snapshot
from audience_gateway.store.tables import member
from tests.store.copying.copies import add_person, copied, ran, tables_of, up_to_date
from tests.store.test_migrations import differences

Pair = tuple[str, str]
KILLED = """
import os, signal, sys
from audience_gateway.store.address import parse_address
from audience_gateway.store.copying import copy_store

def die(doing, done, total):
    if doing == "copying membership":
        os.kill(os.getpid(), signal.SIGKILL)

copy_store(*map(parse_address, sys.argv[1:]), progress=die)
"""
SHOUTING = {
    "sqlite": [
        """
    CREATE TRIGGER shout AFTER INSERT ON member BEGIN
      UPDATE member SET carrier = 'LOUD' WHERE id = new.id AND native_id = 'p7';
    END
    """
    ],
    "postgresql": [
        """
    CREATE FUNCTION shout() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      new.carrier := CASE new.native_id WHEN 'p7' THEN 'LOUD' END;
      RETURN new;
    END $$
    """,
        "CREATE TRIGGER shout BEFORE INSERT ON member FOR EACH ROW EXECUTE FUNCTION shout()",
    ],
}
LOSING = {
    "sqlite": ["CREATE TRIGGER lose AFTER INSERT ON secret BEGIN DELETE FROM secret; END"],
    "postgresql": [
        "CREATE FUNCTION lose() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$",
        "CREATE TRIGGER lose BEFORE INSERT ON secret FOR EACH ROW EXECUTE FUNCTION lose()",
    ],
}


def kind_of(url: str) -> str:
    return url.partition(":")[0]


def people_in(url: str) -> int:
    with snapshot(parse_address(url)) as connection:
        return int(connection.execute(select(func.count()).select_from(member)).scalar_one())


def test_the_source_can_be_written_meanwhile_and_the_copy_is_of_the_moment_it_began(pair: Pair) -> None:
    source, target = pair
    told: list[str] = []

    def interfere(doing: str, _done: int, _total: int) -> None:
        told.append(doing)
        add_person(source, f"new {len(told)}")

    tables = copied(source, target, interfere)

    assert all(table.same for table in tables)
    assert people_in(target) == 60
    assert people_in(source) == 60 + len(told)


def test_nobody_sees_anything_of_the_target_before_all_of_it_is_there(pair: Pair) -> None:
    source, target = pair
    seen: list[list[str]] = []

    copied(source, target, lambda _doing, _done, _total: seen.append(tables_of(target)))

    assert seen
    assert [names for names in seen if names] == []
    assert "member" in tables_of(target)


def test_a_gateway_that_starts_on_the_target_waits_and_finds_everything(pair: Pair) -> None:
    source, target = pair
    with ThreadPoolExecutor(1) as pool:
        starting: list[Future[None]] = []
        done: list[bool] = []

        def start(_doing: str, _done: int, _total: int) -> None:
            if not starting:
                starting.append(pool.submit(up_to_date, target))
            done.append(starting[0].done())

        tables = copied(source, target, start)
        starting[0].result(timeout=30)

    assert all(table.same for table in tables)
    assert not any(done)
    assert people_in(target) == 60


def test_the_tables_of_a_copy_are_as_declared(pair: Pair) -> None:
    copied(*pair)

    with snapshot(parse_address(pair[1])) as connection:
        assert differences(connection) == []


@pytest.mark.parametrize("prepared", [False, True])
def test_an_interrupted_copy_leaves_nothing_and_is_started_again(pair: Pair, *, prepared: bool) -> None:
    source, target = pair
    if prepared:
        up_to_date(target)

    def interrupt(doing: str, _done: int, _total: int) -> None:
        if doing == "comparing member":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        copied(source, target, interrupt)

    assert not standing(parse_address(target)).filled
    assert all(table.same for table in copied(source, target))
    assert people_in(target) == 60


def test_a_copy_whose_process_is_killed_leaves_nothing_and_is_started_again(pair: Pair) -> None:
    killed = subprocess.run([sys.executable, "-c", KILLED, *pair], timeout=50, check=False, env=os.environ)

    assert killed.returncode == -signal.SIGKILL
    assert tables_of(pair[1]) == []
    assert all(table.same for table in copied(*pair))


def test_a_target_that_changes_what_it_is_given_is_noticed_and_keeps_nothing(pair: Pair) -> None:
    source, target = pair
    up_to_date(target)
    ran(target, *SHOUTING[kind_of(target)])

    tables = copied(source, target)

    assert [table.name for table in tables if not table.same] == ["member"]
    assert not standing(parse_address(target)).filled


def test_a_target_that_loses_a_row_is_noticed_and_keeps_nothing(pair: Pair) -> None:
    source, target = pair
    up_to_date(target)
    ran(target, *LOSING[kind_of(target)])

    tables = copied(source, target)

    assert [table.name for table in tables if not table.same] == ["secret"]
    assert not standing(parse_address(target)).filled


def test_a_full_target_is_refused_as_it_is(pair: Pair) -> None:
    source, target = pair
    up_to_date(target)
    add_person(target, "here before")

    with pytest.raises(ConfigurationError, match=r"^target: holds data already, in member;"):
        copied(source, target)
    assert people_in(target) == 1


def test_a_store_is_not_copied_into_itself(pair: Pair) -> None:
    source, _ = pair

    with pytest.raises(ConfigurationError, match=r"^target: holds data already"):
        copied(source, source)
    assert people_in(source) == 60


def test_a_source_that_is_no_store_or_is_out_of_date_is_refused(pair: Pair) -> None:
    source, target = pair
    with pytest.raises(ConfigurationError, match=r"^source: "):
        copied(target, source)

    ran(source, "UPDATE alembic_version SET version_num = '0001'")
    with pytest.raises(ConfigurationError, match=r"^source: is at revision 0001, and 0002 is needed"):
        copied(source, target)
    assert standing(parse_address(target)).revision == BASE
