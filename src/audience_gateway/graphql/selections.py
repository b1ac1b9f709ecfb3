"""What an operation asks for below a field, for resolvers that can bring something along."""

from collections.abc import Iterable

from strawberry.types.nodes import FragmentSpread, InlineFragment, SelectedField, Selection

from audience_gateway.graphql.context import GatewayInfo


def selects(info: GatewayInfo, *path: str) -> bool:
    """Whether the field being resolved is asked for what stands at ``path`` below it, fragments unfolded."""
    return any(isinstance(field, SelectedField) and _holds(field.selections, path) for field in info.selected_fields)


def _holds(selections: Iterable[Selection], path: tuple[str, ...]) -> bool:
    name, *rest = path
    for selection in selections:
        if isinstance(selection, InlineFragment | FragmentSpread):
            if _holds(selection.selections, path):
                return True
        elif selection.name == name and (not rest or _holds(selection.selections, tuple(rest))):
            return True
    return False
