"""All four vendors on one host, each below a path of its own."""

from dataclasses import dataclass

from starlette.applications import Starlette
from starlette.routing import Mount

from audience_gateway.sandbox import commbox, fanfare, oliai, trackly
from audience_gateway.sandbox.clock import Clock, RunningClock
from audience_gateway.sandbox.commbox.state import State as CommBoxState
from audience_gateway.sandbox.fanfare.state import State as FanfareState
from audience_gateway.sandbox.oliai.state import State as OliAIState
from audience_gateway.sandbox.people import EPOCH, population
from audience_gateway.sandbox.trackly.state import State as TracklyState


@dataclass(frozen=True, slots=True)
class Sandbox:
    """The four vendors: what each holds, and the application that serves them.

    Mounted at ``/trackly/api``, ``/commbox``, ``/oliai`` and ``/fanfare``; the vendors' own paths follow unchanged.
    """

    trackly: TracklyState
    commbox: CommBoxState
    oliai: OliAIState
    fanfare: FanfareState
    app: Starlette


def create_sandbox(clock: Clock | None = None, *, limits: bool = True) -> Sandbox:
    """Fill and serve the four vendors.

    :param clock: by default one that starts at the epoch of the seeded data and runs.
    :param limits: whether the vendors that limit requests do so.
    """
    clock = clock or RunningClock(EPOCH)
    people = population()
    states = (
        trackly.seeded(clock, people),
        commbox.seeded(clock, people),
        oliai.seeded(clock, people),
        fanfare.seeded(clock, people),
    )
    mounts = [
        Mount("/trackly/api", trackly.create_app(states[0], clock=clock, limits=limits)),
        Mount("/commbox", commbox.create_app(states[1], clock=clock, limits=limits)),
        Mount("/oliai", oliai.create_app(states[2], clock=clock, limits=limits)),
        Mount("/fanfare", fanfare.create_app(states[3], clock=clock, limits=limits)),
    ]
    app = Starlette(routes=mounts)
    app.router.redirect_slashes = False
    return Sandbox(*states, app)
