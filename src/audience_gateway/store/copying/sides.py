"""Saying of what goes wrong whether it was the source or the target."""

from collections.abc import Iterator
from contextlib import contextmanager

from audience_gateway.domain.errors import ConfigurationError, InternalError, StoreBusy
from audience_gateway.store.errors import translated

SOURCE = "source"
TARGET = "target"


@contextmanager
def at(side: str) -> Iterator[None]:
    """Raise what a driver raises in our words, as a problem of ``side``; what names a side already keeps it."""
    try:
        with translated():
            yield
    except ConfigurationError as error:
        told = [problem.replace("gateway.database_url:", f"{side}:", 1) for problem in error.problems]
        raise ConfigurationError(told) from error
    except StoreBusy as error:
        raise StoreBusy(_named(error.message, side)) from error
    except InternalError as error:
        raise InternalError(_named(error.message, side)) from error


def _named(message: str, side: str) -> str:
    return message.replace("The store", f"The {side}", 1)
