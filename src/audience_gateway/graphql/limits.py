"""How much one document may ask for, measured with every fragment unfolded and in time linear in its length.

Strawberry's own limiters walk a fragment again at each spread, so that a kilobyte of doubling fragments keeps them
busy for ever; here each fragment is measured once.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from graphql import (
    ASTValidationRule,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
)
from graphql.validation.validate import ValidationAbortedError
from strawberry.extensions import SchemaExtension


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The most a document may hold.

    :param characters: of its text.
    :param depth: levels of fields that have fields; introspection has limits of its own.
    :param aliases: fields under another name.
    :param width: selections side by side; comparing them takes quadratic time.
    :param selections: everything selected.
    """

    characters: int = 50_000
    depth: int = 16
    aliases: int = 30
    width: int = 100
    selections: int = 5_000


@dataclass(frozen=True, slots=True)
class _Size:
    depth: int = 0
    aliases: int = 0
    width: int = 0
    selections: int = 0


def limits_rule(limits: Limits) -> type[ASTValidationRule]:
    """A validation rule that refuses what is too much, before other rules spend time on it."""

    class LimitsRule(ASTValidationRule):
        def enter_document(self, document: DocumentNode, *_: object) -> None:
            measure = _Measure(document)
            for operation in document.definitions:
                if isinstance(operation, OperationDefinitionNode):
                    for problem in _problems(measure.of(operation.selection_set), limits):
                        raise ValidationAbortedError(problem, [operation])

    return LimitsRule


class DocumentLength(SchemaExtension):
    """Refuses a text that is too long before it is read."""

    def __init__(self, limits: Limits) -> None:
        super().__init__()
        self._characters = limits.characters

    def on_parse(self) -> Iterator[None]:
        """Look at the length only."""
        if len(self.execution_context.query or "") > self._characters:
            raise GraphQLError(f"The document is longer than {self._characters} characters.")
        yield


def _problems(size: _Size, limits: Limits) -> Iterator[str]:
    if size.depth > limits.depth:
        yield f"The operation is more than {limits.depth} levels deep."
    if size.aliases > limits.aliases:
        yield f"The operation has more than {limits.aliases} aliases."
    if size.width > limits.width:
        yield f"The operation selects more than {limits.width} fields side by side."
    if size.selections > limits.selections:
        yield f"The operation selects more than {limits.selections} fields in all."


class _Measure:
    """Sizes of selection sets; each fragment is measured once, a cycle counts once."""

    def __init__(self, document: DocumentNode) -> None:
        self._fragments: Mapping[str, FragmentDefinitionNode] = {
            node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)
        }
        self._measured: dict[str, _Size] = {}

    def of(self, selection_set: SelectionSetNode | None) -> _Size:
        if selection_set is None:
            return _Size()
        selections = selection_set.selections
        sizes = [self._selection(node) for node in selections]
        return _Size(
            depth=max((size.depth for size in sizes), default=0),
            aliases=sum(size.aliases for size in sizes),
            width=max(len(selections), *(size.width for size in sizes)) if sizes else 0,
            selections=len(selections) + sum(size.selections for size in sizes),
        )

    def _selection(self, node: SelectionNode) -> _Size:
        if isinstance(node, FragmentSpreadNode):
            return self._fragment(node.name.value)
        inner = self.of(getattr(node, "selection_set", None))
        if not isinstance(node, FieldNode):
            return inner
        depth = 0 if node.name.value.startswith("__") or node.selection_set is None else inner.depth + 1
        return _Size(depth, inner.aliases + (node.alias is not None), inner.width, inner.selections)

    def _fragment(self, name: str) -> _Size:
        if name not in self._measured:
            self._measured[name] = _Size()
            fragment = self._fragments.get(name)
            self._measured[name] = self.of(fragment.selection_set if fragment else None)
        return self._measured[name]
