"""Where a database stands, told without touching it, and the way to another step."""

from pathlib import Path

import pytest

from audience_gateway.domain.errors import BadInput, ConfigurationError
from audience_gateway.store import open_store
from audience_gateway.store.address import parse_address
from audience_gateway.store.revisions import Standing, is_downwards, move, named, newest, revisions, standing
from audience_gateway.store.seed import seed
from tests.store.population import people


def test_the_steps_are_known_by_name_from_nothing_to_the_newest() -> None:
    assert revisions()[:3] == ("base", "0001", "0002")
    assert named("head") == newest() == revisions()[-1]
    assert [named(revision) for revision in revisions()] == list(revisions())
    with pytest.raises(BadInput, match="there are base, 0001, 0002"):
        named("0001 or so")


def test_a_file_that_is_not_there_stands_at_the_base_and_is_not_made(tmp_path: Path) -> None:
    address = parse_address(f"sqlite:///{tmp_path / 'store.db'}")

    assert standing(address) == Standing("base", filled=False)
    assert list(tmp_path.iterdir()) == []


def test_every_step_is_reached_from_every_other(database_url: str) -> None:
    address = parse_address(database_url)
    for before in revisions():
        for after in revisions():
            move(address, standing(address).revision, before)
            move(address, before, after)

            assert standing(address) == Standing(after, filled=False)


async def test_a_store_with_a_person_is_filled_and_a_step_back_loses_nobody_it_can_keep(database_url: str) -> None:
    address = parse_address(database_url)
    move(address, "base", newest())
    store = open_store(database_url)
    await seed(store, people(1), [])

    assert standing(address) == Standing(newest(), filled=True)
    move(address, newest(), "0001")
    assert standing(address) == Standing("0001", filled=True)
    move(address, "0001", newest())
    assert await store.get_member("p0") == people(1)[0]
    await store.close()


def test_a_step_of_another_version_leads_nowhere() -> None:
    assert is_downwards("0002", "0001")
    assert not is_downwards("0001", "0001")
    assert not is_downwards("base", "0001")
    with pytest.raises(ConfigurationError, match="another version"):
        is_downwards("9999", "0001")
