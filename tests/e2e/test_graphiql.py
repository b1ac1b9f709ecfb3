"""GraphiQL in a real browser runs the README's query."""

import os
import re
from pathlib import Path

import pytest

from tests.e2e.browser import open_page
from tests.e2e.gateways import Gateway
from tests.e2e.readme import README, queries


async def test_graphiql_runs_the_readmes_query_without_leaving_this_machine(gateway: Gateway) -> None:
    async with open_page(f"{gateway.address}/graphql") as visit:
        page = visit.page
        editor = page.locator(".graphiql-query-editor .monaco-editor").first
        await editor.click()
        await page.keyboard.press("Control+A")
        await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        query = queries(README.read_text(encoding="utf-8"))[0]
        await page.evaluate("text => navigator.clipboard.writeText(text)", query)
        await page.keyboard.press("Control+V")
        await editor.get_by_text("guests").first.wait_for()
        await page.locator("button.graphiql-execute-button").click()
        response = page.locator(".result-window")
        await response.get_by_text(re.compile("Spring.event.2025")).first.wait_for(timeout=20_000)

        assert '"errors"' not in (await response.inner_text())
        assert visit.errors == []
        assert visit.requests_elsewhere() == []
        picture = os.environ.get("SCREENSHOT")
        if picture:
            await page.screenshot(path=Path(picture))


@pytest.mark.parametrize("path", ["/", "/graphql"])
async def test_a_browser_that_opens_the_address_gets_graphiql(gateway: Gateway, path: str) -> None:
    response = gateway.client.get(gateway.address + path, headers={"accept": "text/html"}, follow_redirects=True)

    assert response.status_code == 200
    assert "GraphiQL" in response.text
    assert "default-src 'none'" in response.headers["content-security-policy"]
