"""Who may compute now: a few at once, the others in turn, and nobody's second before another's first.

Whoever asks has an owner: on the app's pages the visitor, elsewhere none. An owner who asks for much waits behind those
who ask for little, and is refused at some point, as is everybody once too many wait.
"""

import threading
from contextvars import ContextVar
from dataclasses import dataclass

from ..errors import BusyError

OWNER: ContextVar[str] = ContextVar("owner", default="")  # of what this thread asks for; "": nobody, without a limit

_OF_ONE = 4  # that one owner may have running and waiting
_OF_ALL = 60  # that may wait
_TICK = 0.2  # seconds


@dataclass(slots=True, eq=False)
class Place:
    """One that runs or waits."""

    owner: str
    round: int  # in which it is served: nobody has two places in one
    runs: bool = False


class FairQueue:
    """Room for ``places`` at once; safe for any number of threads."""

    def __init__(self, places: int) -> None:
        self._room = places
        self._changed = threading.Condition()
        self._places: list[Place] = []  # as they came

    def enter(self, owner: str | None = None) -> Place:
        """A place, of ``OWNER`` by default. Raises :class:`~.errors.BusyError` where there are too many."""
        owner = OWNER.get() if owner is None else owner
        with self._changed:
            own = [other.round for other in self._places if owner and other.owner == owner]
            if len(own) >= _OF_ONE:
                raise BusyError(
                    f"{len(own)} computations that you asked for are running or waiting already, and {_OF_ONE} is the "
                    "most; wait until one has ended, or close the tabs that asked for them, and try again"
                )
            if len(self._places) - self._room >= _OF_ALL:
                raise BusyError(
                    f"{_OF_ALL} computations are waiting for this server already; try again in some minutes, "
                    "or start the app on your own machine"
                )
            now = min((other.round for other in self._places), default=0)
            place = Place(owner, max(own) + 1 if own else now)
            self._places.append(place)
        return place

    def before(self, place: Place) -> int:
        """How many are before ``place``, at least one; 0 once it may run. Waits a moment for a change."""
        with self._changed:
            if self._turn(place) >= self._room:
                self._changed.wait(_TICK)
            turn = self._turn(place)
            place.runs = turn < self._room
        return 0 if place.runs else turn

    def leave(self, place: Place) -> None:
        """Gives the place to the next."""
        with self._changed:
            self._places.remove(place)
            self._changed.notify_all()

    def _turn(self, place: Place) -> int:
        """How many come before: those that run, then round by round, each as they came."""
        return sorted(self._places, key=lambda other: (not other.runs, other.round)).index(place)
