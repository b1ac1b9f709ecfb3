"""As long as there is no access control, the viewer has no key and may read everything; saying so asks nobody."""

from tests.unit.accounts import Account
from tests.unit.web.gateway import Gateway


async def test_the_viewer_has_no_key_all_reading_scopes_and_all_providers() -> None:
    gateway = Gateway(Account("two"), Account("one"))

    answer = await gateway.ask("{ viewer { keyId name scopes providers { key } expiresAt } }")

    assert answer["data"] == {
        "viewer": {
            "keyId": None,
            "name": None,
            "scopes": ["audience:read", "member:read", "member:pii", "raw:read"],
            "providers": [{"key": "two"}, {"key": "one"}],
            "expiresAt": None,
        }
    }
    assert gateway.calls == []


async def test_the_schema_says_that_there_is_no_access_control() -> None:
    answer = await Gateway().ask('{ __type(name: "Viewer") { description } }')

    assert "There is no access control yet" in str(answer["data"])
