"""The GraphiQL page as the server sends it, and the policy a browser must apply to it."""

import json
from pathlib import Path
from typing import Final

DIST: Final = Path(__file__).parent / "dist"

ASSETS: Final = DIST / "assets"
"""Folder of static files, to be served at ``/graphiql``; missing until the assets are built."""

CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; worker-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'"
)
"""Value of the page's ``Content-Security-Policy`` header; the editor sets styles inline, nothing else is."""

_APOLOGY: Final = """<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>Audience Gateway · GraphiQL is not built</title>
    <link rel="icon" href="data:,">
  </head>
  <body>
    <h1>GraphiQL is not built</h1>
    <p>Sorry: the files of this page are built from npm packages, and that has not happened here yet.</p>
    <p>Run <code>make graphiql</code> where there is a network, then reload. In an installed package, run
    <code>python -m audience_gateway.web.graphiql.build</code>.</p>
    <p>The GraphQL API itself works: send a POST request to this address.</p>
  </body>
</html>
"""


def page(default_query: str, *, dist: Path = DIST) -> str:
    """The HTML of GraphiQL opening with ``default_query``; an apology when the assets are not built.

    Reads the disk at every call, so a build is noticed without a restart.
    """
    try:
        template = (dist / "index.html").read_text(encoding="utf-8")
    except FileNotFoundError:
        return _APOLOGY
    return template.replace("{{settings}}", _json_for_html({"defaultQuery": default_query}))


def _json_for_html(value: dict[str, str]) -> str:
    """JSON that cannot end the script element it stands in."""
    return json.dumps(value).replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
