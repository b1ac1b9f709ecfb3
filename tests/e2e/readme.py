"""The computed parts of the README: answers to its queries, and its tables. ``make docs`` writes them anew."""

import json
import re
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from pydantic import BaseModel

from audience_gateway.config import GatewaySettings
from audience_gateway.domain.capability import Operation, Support
from audience_gateway.upstream.settings import UpstreamSettings
from tests.e2e.gateways import Gateway, whole_gateway

README = Path(__file__).parents[2] / "README.md"
_PAIR = re.compile(r"(```graphql\n(?P<query>.*?)```.*?```json\n)(?P<answer>.*?)(```)", re.DOTALL)
_TABLE = re.compile(r"(<!-- begin (?P<name>\w+) -->\n)(?P<table>.*?)(<!-- end -->)", re.DOTALL)
_WIDTH = 116
_WORDS: Mapping[str, str] = {
    Support.NATIVE.value: "yes",
    Support.EMULATED.value: "emulated",
    Support.UNSUPPORTED.value: "no",
}


def queries(text: str) -> list[str]:
    """Every query of the README that has an answer below it, in order."""
    return [match["query"] for match in _PAIR.finditer(text)]


def computed(text: str, gateway: Gateway) -> str:
    """The README with every computed part as it must be now."""
    tables: Mapping[str, Callable[[], str]] = {
        "capabilities": lambda: _capabilities(gateway),
        "gateway": lambda: _settings(GatewaySettings),
        "provider": lambda: _settings(UpstreamSettings),
        "cost": lambda: _cost(gateway, queries(text)[0]),
    }

    def answered(match: re.Match[str]) -> str:
        answer = gateway.ask(match["query"])
        answer.pop("extensions", None)
        return f"{match[1]}{_laid_out(answer)}\n{match[4]}"

    def tabled(match: re.Match[str]) -> str:
        return f"{match[1]}{tables[match['name']]()}\n{match[4]}"

    return _TABLE.sub(tabled, _PAIR.sub(answered, text))


def _laid_out(value: object, indent: int = 0) -> str:
    """JSON on as few lines as fit the width of the page."""
    line = json.dumps(value, ensure_ascii=False)
    if indent + len(line) <= _WIDTH or not isinstance(value, dict | list):
        return line
    inner = " " * (indent + 2)
    if isinstance(value, list):
        parts, ends = [_laid_out(part, indent + 2) for part in value], "[]"
    else:
        parts, ends = [f"{json.dumps(name)}: {_laid_out(part, indent + 2)}" for name, part in value.items()], "{}"
    return ends[0] + "\n" + ",\n".join(inner + part for part in parts) + "\n" + " " * indent + ends[1]


def _cost(gateway: Gateway, query: str) -> str:
    return f"```json\n{_laid_out(gateway.ask(query)['extensions'])}\n```"


def _capabilities(gateway: Gateway) -> str:
    data = gateway.data("{ providers { key identifiers capabilities { operation support } } }")
    supports = {
        provider["key"]: {claim["operation"]: claim["support"] for claim in provider["capabilities"]}
        for provider in data["providers"]
    }
    head = ["operation", *supports]
    rows = [
        [f"`{operation.value}`", *(_WORDS[claims[operation.value]] for claims in supports.values())]
        for operation in Operation
    ]
    told_by = [", ".join(f"`{kind}`" for kind in provider["identifiers"]) or "no" for provider in data["providers"]]
    return _table(head, [*rows, ["`contains` by", *told_by]])


def _settings(model: type[BaseModel]) -> str:
    rows = []
    for name, field in model.model_fields.items():
        default = "required" if field.is_required() else f"`{json.dumps(field.default)}`"
        default = "none" if field.default is None else default
        rows.append([f"`{name}`", default, (field.description or "").replace("``", "`").replace("\n", " ")])
    return _table(["setting", "default", "meaning"], rows)


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def main() -> None:
    """Write the README anew."""
    with tempfile.TemporaryDirectory() as folder, whole_gateway(Path(folder)) as gateway:
        README.write_text(computed(README.read_text(encoding="utf-8"), gateway), encoding="utf-8")


if __name__ == "__main__":
    main()
