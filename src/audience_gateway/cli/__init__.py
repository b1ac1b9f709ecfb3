"""The command line: ``serve``, ``demo``, ``sandbox``, ``providers``, ``migrate``, ``store copy``, ``schema``.

Exit codes: 0 done, 1 failed, 2 refused because of a bad configuration or bad arguments, 130 interrupted.
"""

import signal
import sys
from types import FrameType

from audience_gateway.cli.commands import app
from audience_gateway.domain.errors import ConfigurationError, GatewayError


def main() -> None:
    """Run one command; what is wrong outside this program ends in a line for each problem and no traceback."""
    # uvicorn drains, then raises the signal anew: it must end this program in order, not kill it.
    signal.signal(signal.SIGTERM, _leave)
    try:
        app()
    except ConfigurationError as error:
        for problem in error.problems:
            print(f"configuration: {problem}", file=sys.stderr)  # noqa: T201 (this is the command line)
        raise SystemExit(2) from None
    except GatewayError as error:
        print(error.message, file=sys.stderr)  # noqa: T201 (this is the command line)
        raise SystemExit(1) from None


def _leave(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)
