"""The rules in an operation are measured before anything else looks into them.

Coercing arguments goes down each level by recursion and looks at everything; measuring does neither.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLObjectType,
    ListValueNode,
    NullValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    VariableNode,
    build_schema,
    get_named_type,
    get_nullable_type,
)
from graphql.language import Node
from strawberry.extensions import SchemaExtension

from audience_gateway.domain import rule_check
from audience_gateway.domain.errors import RuleTooComplex

_RULE = "RuleInput"
# Twice what one rule may be, so that whoever is a little over is told so at the field, along with all other problems.
_DEEPEST, _MOST_NODES, _MOST_VALUES = (
    2 * limit for limit in (rule_check.DEEPEST, rule_check.MOST_NODES, rule_check.MOST_VALUES_IN_ALL)
)
_REFUSAL = (
    f"The rules of an operation are at most {_DEEPEST} levels deep, with {_MOST_NODES} groups and conditions and "
    f"{_MOST_VALUES:,} values in all."
)
InputArguments = Mapping[tuple[str, str], GraphQLInputType]


def input_arguments(printed_schema: str) -> InputArguments:
    """The types of all arguments that hold input objects, by the names of field and argument."""
    return {
        (field_name, argument_name): argument.type
        for kind in build_schema(printed_schema).type_map.values()
        if isinstance(kind, GraphQLObjectType)
        for field_name, field in kind.fields.items()
        for argument_name, argument in field.args.items()
        if isinstance(get_named_type(argument.type), GraphQLInputObjectType)
    }


class RuleBounds(SchemaExtension):
    """Refuses an operation whose rules are far larger than any may be, before it is executed."""

    def __init__(self, arguments: InputArguments) -> None:
        super().__init__()
        self._arguments = arguments

    def on_execute(self) -> Iterator[None]:
        """Look at literals and variables; raises RuleTooComplex."""
        context = self.execution_context
        if context.graphql_document is not None:
            _Measure(context.graphql_document, context.variables or {}).check(self._arguments)
        yield


class _Measure:
    """Adds up the rules of one document; a variable counts wherever it is used."""

    def __init__(self, document: DocumentNode, variables: Mapping[str, object]) -> None:
        self._document = document
        self._variables = variables
        self._defaults = [
            (definition.variable.name.value, definition.default_value)
            for operation in document.definitions
            if isinstance(operation, OperationDefinitionNode)
            for definition in operation.variable_definitions or ()
        ]
        self._nodes = 0
        self._values = 0

    def check(self, arguments: InputArguments) -> None:
        for field in _fields(self._document):
            for argument in field.arguments or ():
                kind = arguments.get((field.name.value, argument.name.value))
                if kind is not None:
                    self._add(argument.value, kind)

    def _add(self, argument: object, argument_type: GraphQLInputType) -> None:
        waiting: list[tuple[object, GraphQLInputType, int]] = [(argument, argument_type, 0)]
        while waiting:
            value, declared, level = waiting.pop()
            kind = get_nullable_type(declared)
            if isinstance(value, VariableNode):
                waiting.extend((each, declared, level) for each in self._values_of(value.name.value))
            elif isinstance(kind, GraphQLList):
                waiting.extend((item, kind.of_type, level) for item in islice(_items(value), _MOST_NODES + 1))
            elif isinstance(kind, GraphQLInputObjectType):
                level += kind.name == _RULE
                self._nodes += kind.name == _RULE
                known = [(part, kind.fields[name]) for name, part in _parts(value) if name in kind.fields]
                waiting.extend((part, field.type, level) for part, field in known)
            elif level:
                self._values += len(_items(value))
            if level > _DEEPEST or self._nodes > _MOST_NODES or self._values > _MOST_VALUES:
                raise RuleTooComplex(_REFUSAL)

    def _values_of(self, variable: str) -> list[object]:
        """What was given, or else the default, of which each operation of the document may have its own."""
        if variable in self._variables:
            return [self._variables[variable]]
        return [default for name, default in self._defaults if name == variable]


def _fields(document: DocumentNode) -> Iterator[FieldNode]:
    """Every field of a document, each once."""
    waiting: list[Node] = [*document.definitions]
    while waiting:
        node = waiting.pop()
        if isinstance(node, FieldNode):
            yield node
        selected = getattr(node, "selection_set", None)
        waiting.extend(selected.selections if selected else ())


def _items(value: object) -> list[object] | tuple[object, ...]:
    """The items of a list, which a single value stands for, too."""
    if isinstance(value, ListValueNode):
        return tuple(value.values)
    if value is None or isinstance(value, NullValueNode):
        return ()
    return value if isinstance(value, list) else (value,)


def _parts(value: object) -> Iterable[tuple[str, object]]:
    if isinstance(value, ObjectValueNode):
        return [(field.name.value, field.value) for field in value.fields]
    return value.items() if isinstance(value, dict) else ()
