"""The shape of the house: sizes, docstrings, folders and the printed schema stay as agreed."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    build_schema,
    is_introspection_type,
    is_specified_scalar_type,
)

from audience_gateway.graphql.schema import printed
from audience_gateway.providers import REGISTRY

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "audience_gateway"
PROVIDERS = SOURCE / "providers"
MODULES = sorted(path for folder in (SOURCE, ROOT / "tests") for path in folder.rglob("*.py"))
SOURCE_MODULES = [path for path in MODULES if path.is_relative_to(SOURCE)]
REMOTE_FILES = {"__init__.py", "README.md", "client.py", "config.py", "mapping.py", "provider.py"}
LOCAL_FILES = {"__init__.py", "README.md", "config.py", "provider.py"}
LONGEST_MODULE = 400
IGNORE_WITHOUT_CODE = re.compile(r"#\s*(type:\s*ignore(?!\[)|noqa(?!:\s*[A-Z]))")


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


Documented = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def public_definitions(parent: ast.Module | ast.ClassDef) -> Iterator[Documented]:
    """Classes, functions and methods that others may use; dunder methods mean what Python says."""
    for node in parent.body:
        if isinstance(node, Documented) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from public_definitions(node)


def test_no_module_has_more_than_400_lines() -> None:
    lengths = {name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}

    assert {module: length for module, length in lengths.items() if length > LONGEST_MODULE} == {}


def test_every_module_says_what_it_does_in_its_first_line() -> None:
    silent = [name(path) for path in SOURCE_MODULES if not (ast.get_docstring(tree(path)) or "").strip()]
    late = [name(path) for path in SOURCE_MODULES if not path.read_text(encoding="utf-8").startswith('"""')]

    assert silent == late == []


def test_everything_public_has_a_docstring() -> None:
    undocumented = [
        f"{name(path)}:{node.lineno} {node.name}"
        for path in SOURCE_MODULES
        for node in public_definitions(tree(path))
        if not ast.get_docstring(node)
    ]

    assert undocumented == []


def test_a_suppression_names_what_it_suppresses() -> None:
    found = [
        f"{name(path)}:{number}"
        for path in MODULES
        if path != Path(__file__)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if IGNORE_WITHOUT_CODE.search(line)
    ]

    assert found == []


def test_the_registry_equals_the_folders() -> None:
    folders = {path.name for path in PROVIDERS.iterdir() if path.is_dir() and (path / "__init__.py").exists()}

    assert set(REGISTRY) == folders
    assert dict(REGISTRY) == {dialect: f"audience_gateway.providers.{dialect}:connect" for dialect in folders}


@pytest.mark.parametrize("dialect", REGISTRY)
def test_every_provider_folder_has_the_same_core_files(dialect: str) -> None:
    files = {path.name for path in (PROVIDERS / dialect).iterdir()}

    assert files >= (LOCAL_FILES if dialect == "local" else REMOTE_FILES)


@pytest.mark.parametrize("dialect", REGISTRY)
def test_every_provider_has_tests_under_its_own_name(dialect: str) -> None:
    assert list((ROOT / "tests" / "providers" / dialect).glob("test_*.py"))


def test_the_schema_file_is_the_printed_schema() -> None:
    assert (ROOT / "schema.graphql").read_text(encoding="utf-8") == printed()


def described(schema: GraphQLSchema) -> Iterator[tuple[str, str | None]]:
    """Everything in the schema with its description: types, fields, arguments, inputs, enum values, directives."""
    for name, kind in schema.type_map.items():
        if is_introspection_type(kind) or is_specified_scalar_type(kind):
            continue
        yield name, kind.description
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            for field_name, field in kind.fields.items():
                yield f"{name}.{field_name}", field.description
                for argument_name, argument in field.args.items():
                    yield f"{name}.{field_name}({argument_name})", argument.description
        elif isinstance(kind, GraphQLInputObjectType):
            yield from ((f"{name}.{field}", given.description) for field, given in kind.fields.items())
        elif isinstance(kind, GraphQLEnumType):
            yield from ((f"{name}.{value}", given.description) for value, given in kind.values.items())


def test_everything_in_the_schema_has_a_description() -> None:
    things = dict(described(build_schema(printed())))

    assert len(things) > 100
    assert [thing for thing, description in things.items() if not (description or "").strip()] == []
    assert [thing for thing, description in things.items() if not (description or "").strip().endswith(".")] == []


def test_every_list_of_the_schema_that_pages_takes_first_and_after() -> None:
    schema = build_schema(printed())
    paged = [
        field
        for kind in schema.type_map.values()
        if isinstance(kind, GraphQLObjectType)
        for field in kind.fields.values()
        if str(field.type).rstrip("!").endswith("Connection")
    ]

    assert paged
    assert all({"first", "after"} <= set(field.args) for field in paged)
