import sys

import pytest

from audience_gateway.domain.errors import ConfigurationError
from audience_gateway.store import open_store


@pytest.mark.parametrize(
    "url",
    [
        "",
        "audience-gateway.db",
        "mysql://root@127.0.0.1/test",
        "sqlite+pysqlite:///store.db",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:///file:store?mode=memory&uri=true",
        "postgresql://ana:canary@word@127.0.0.1:canary/test",
        "canary://",
    ],
)
def test_an_address_that_cannot_be_used_is_refused_at_once_without_being_repeated(url: str) -> None:
    with pytest.raises(ConfigurationError, match=r"^gateway\.database_url: ") as caught:
        open_store(url)

    assert "canary" not in str(caught.value)


def test_postgresql_without_its_driver_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)

    with pytest.raises(ConfigurationError, match=r"audience-gateway\[postgres\]"):
        open_store("postgresql://127.0.0.1/test")
