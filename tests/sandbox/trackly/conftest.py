"""The seeded account, fresh for each test."""

from collections.abc import Iterator
from copy import deepcopy

import pytest
from starlette.testclient import TestClient

from audience_gateway.sandbox.clock import ManualClock
from audience_gateway.sandbox.people import EPOCH, Person, population
from audience_gateway.sandbox.trackly import create_app, seeded
from audience_gateway.sandbox.trackly.state import State
from tests.sandbox.trackly.account import client_of


@pytest.fixture(scope="session")
def people() -> tuple[Person, ...]:
    return population()


@pytest.fixture(scope="session")
def untouched(people: tuple[Person, ...]) -> State:
    """The seeded account that every test starts from; not to be changed."""
    return seeded(ManualClock(EPOCH), people)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(EPOCH)


@pytest.fixture
def state(untouched: State) -> State:
    return State(deepcopy(untouched.audiences), untouched.lists, untouched.contacts)


@pytest.fixture
def client(state: State, clock: ManualClock) -> Iterator[TestClient]:
    with client_of(create_app(state, clock=clock)) as client:
        yield client
