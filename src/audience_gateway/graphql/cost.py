"""What an operation may answer and what it cost.

Values, list sizes multiplied down the tree, are known before anything is executed; calls to providers afterwards.
"""

from collections.abc import Iterator, Mapping

from graphql import (
    ArgumentNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    IntValueNode,
    ListValueNode,
    ObjectTypeDefinitionNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
    parse,
    print_ast,
    value_from_ast_untyped,
)
from strawberry.extensions import SchemaExtension

from audience_gateway.domain.errors import BadInput, CostExceeded
from audience_gateway.domain.page import PAGE_DEFAULT, PAGE_LIMIT
from audience_gateway.upstream.metering import Tally, tallying

VALUES = 150_000
"""The most values one answer may hold: a hundred audiences with a hundred members of fourteen fields each.

Lists that cannot grow, such as the operations of ``can``, count as :data:`_UNPAGED` objects.
"""
_UNPAGED = 10
_ROWS = frozenset({"edges", "nodes", "sample"})
_PAGES = ("Connection", "RulePreview")
"""How the names of types end that hold the rows of a page."""


def paged_fields(printed_schema: str) -> frozenset[str]:
    """The names of all fields that take ``first``."""
    return frozenset(
        field.name.value
        for node in parse(printed_schema).definitions
        if isinstance(node, ObjectTypeDefinitionNode)
        for field in node.fields or ()
        if any(argument.name.value == "first" for argument in field.arguments or ())
    )


def bounded_lists(printed_schema: str) -> frozenset[str]:
    """The names of all fields that answer lists without ``first`` or ``ids``, apart from the rows of a page."""
    return frozenset(
        field.name.value
        for node in parse(printed_schema).definitions
        if isinstance(node, ObjectTypeDefinitionNode)
        for field in node.fields or ()
        if not (node.name.value.endswith(_PAGES) and field.name.value in _ROWS)
        if "[" in print_ast(field.type) and not any(argument.name.value == "ids" for argument in field.arguments or ())
    )


class Admission(SchemaExtension):
    """Refuses an operation that cannot be told from others, or that could answer too much; tells what others cost.

    :param paged: names of the fields that answer pages, whether or not ``first`` is given.
    :param bounded: names of the fields that answer lists which cannot grow.
    """

    def __init__(self, paged: frozenset[str], bounded: frozenset[str]) -> None:
        super().__init__()
        self._paged = paged
        self._bounded = bounded
        self._values = 0
        self._tells = False
        self._tally: Tally | None = None

    def on_execute(self) -> Iterator[None]:
        """Look at the document and the variables, then count calls; raises BadInput and CostExceeded."""
        context = self.execution_context
        document = context.graphql_document
        if document is not None:
            # Strawberry puts the first operation's name where none was given, which hides that there was a choice.
            operation = _operation(document, context._provided_operation_name)  # noqa: SLF001
            variables = _variables(operation, context.variables or {})
            measure = _Values(document, variables, self._paged, self._bounded)
            self._values = measure.of(operation.selection_set)
            self._tells = measure.has_data(operation.selection_set)
            if self._values > VALUES:
                raise CostExceeded(f"The answer could hold {self._values} values; the limit is {VALUES}.")
        with tallying() as self._tally:
            yield

    def get_results(self) -> dict[str, object]:
        """``cost`` of what was executed: requests sent by provider, and the values that were counted.

        Nothing for an operation that was refused, or that asks about the schema only.
        """
        if self._tally is None or not self._tells:
            return {}
        return {"cost": {"upstreamCalls": self._tally.calls, "values": self._values}}


def _operation(document: DocumentNode, name: str | None) -> OperationDefinitionNode:
    operations = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    chosen = [node for node in operations if name is None or (node.name and node.name.value == name)]
    if len(chosen) != 1:
        raise BadInput("operationName: must name one of the document's operations.")
    return chosen[0]


def _variables(operation: OperationDefinitionNode, given: Mapping[str, object]) -> Mapping[str, object]:
    """What was given, and for the rest the defaults."""
    defaults = {
        definition.variable.name.value: value_from_ast_untyped(definition.default_value)
        for definition in operation.variable_definitions or ()
        if definition.default_value is not None
    }
    return {**defaults, **given}


class _Values:
    """Values an answer could hold; each fragment is measured once."""

    def __init__(
        self,
        document: DocumentNode,
        variables: Mapping[str, object],
        paged: frozenset[str],
        bounded: frozenset[str],
    ) -> None:
        self._fragments: Mapping[str, FragmentDefinitionNode] = {
            node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)
        }
        self._variables = variables
        self._paged = paged
        self._bounded = bounded
        self._measured: dict[str, int] = {}

    def of(self, selection_set: SelectionSetNode | None) -> int:
        total = 0
        for node in selection_set.selections if selection_set else ():
            if isinstance(node, FragmentSpreadNode):
                total += self._fragment(node.name.value)
            elif isinstance(node, FieldNode):
                total += self._times(node) * (1 + self.of(node.selection_set))
            else:
                total += self.of(getattr(node, "selection_set", None))
        return total

    def has_data(self, selection_set: SelectionSetNode | None) -> bool:
        """Whether anything but the schema itself is asked for."""
        return any(self._is_data(node) for node in (selection_set.selections if selection_set else ()))

    def _is_data(self, node: SelectionNode) -> bool:
        if isinstance(node, FieldNode):
            return not node.name.value.startswith("__")
        fragment = self._fragments[node.name.value] if isinstance(node, FragmentSpreadNode) else node
        return self.has_data(getattr(fragment, "selection_set", None))

    def _fragment(self, name: str) -> int:
        if name not in self._measured:
            self._measured[name] = 0
            self._measured[name] = self.of(self._fragments[name].selection_set)
        return self._measured[name]

    def _times(self, node: FieldNode) -> int:
        """How many objects the field could answer."""
        arguments = {argument.name.value: argument for argument in node.arguments or ()}
        if "ids" in arguments:
            return self._length(arguments["ids"].value)
        if node.name.value not in self._paged:
            return _UNPAGED if node.name.value in self._bounded else 1
        sizes = [self._size(arguments[name]) for name in ("first", "last") if name in arguments]
        return max(sizes, default=PAGE_DEFAULT)

    def _size(self, argument: ArgumentNode) -> int:
        value = self._value(argument.value)
        if value is None:
            return PAGE_DEFAULT
        return min(max(value, 1), PAGE_LIMIT) if isinstance(value, int) else PAGE_LIMIT

    def _length(self, node: ValueNode) -> int:
        if isinstance(node, ListValueNode):
            return len(node.values)
        value = self._value(node)
        return len(value) if isinstance(value, list) else 1

    def _value(self, node: ValueNode) -> object:
        """A literal number, or a variable's value; None for the default."""
        if isinstance(node, VariableNode):
            return self._variables.get(node.name.value)
        return int(node.value) if isinstance(node, IntValueNode) else None
