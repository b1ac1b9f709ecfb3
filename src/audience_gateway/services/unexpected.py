"""How an unexpected error is written to the log: where it happened, never what it said."""

import traceback


def without_words(error: BaseException) -> str:
    """The error's type and the way to it. Its message is left out: it may quote a secret or a person."""
    frames = traceback.extract_tb(error.__traceback__)
    way = " < ".join(f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in reversed(frames))
    return f"{type(error).__name__} at {way}" if way else type(error).__name__
