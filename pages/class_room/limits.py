"""How much a class may take of a server: rooms, seats, questions, lengths, and how often anything is asked."""

import threading
from collections.abc import Callable
from time import monotonic

ROOMS = 200  # on a server
SEATS = 300  # in a room
QUESTIONS = 200  # in a room
HOURS = 6  # until a room ends by itself
KEPT_HOURS = 1  # for which the results of an ended room can still be fetched by its teacher
IDLE_HOURS = 0.5  # after which a room may give way where all rooms are taken
PRESENT_SECONDS = 30  # since a student was last seen
VIEW_CHARACTERS = 20_000
PROMPT_CHARACTERS = 300
OPTION_CHARACTERS = 80
OPTIONS = 8
PREDICTION_CHARACTERS = 80
PIXEL_SIDE = 512


class Bucket:
    """Permits that refill at an even pace: ``burst`` at once, then ``per_second``. Shared by threads."""

    def __init__(self, burst: float, per_second: float, clock: Callable[[], float] = monotonic) -> None:
        self._burst, self._pace, self._clock = burst, per_second, clock
        self._left, self._since = burst, clock()
        self._guard = threading.Lock()

    def take(self) -> bool:
        """Takes a permit; False where none is left."""
        with self._guard:
            now = self._clock()
            self._left = min(self._burst, self._left + (now - self._since) * self._pace)
            self._since = now
            if self._left < 1:
                return False
            self._left -= 1
            return True

    def has_one(self) -> bool:
        """Whether a permit is left."""
        with self._guard:
            return self._left + (self._clock() - self._since) * self._pace >= 1

    def is_full(self) -> bool:
        """Whether nobody has taken a permit for so long that forgetting the bucket changes nothing."""
        with self._guard:
            return self._left + (self._clock() - self._since) * self._pace >= self._burst


class Buckets:
    """One bucket for each name, of a bounded number of names."""

    def __init__(
        self, burst: float, per_second: float, names: int = 4096, clock: Callable[[], float] = monotonic
    ) -> None:
        self._burst, self._pace, self._clock, self._most = burst, per_second, clock, names
        self._buckets: dict[str, Bucket] = {}
        self._guard = threading.Lock()

    def take(self, name: str) -> bool:
        """Takes a permit of that name; also False where too many names are in use."""
        bucket = self._bucket(name)
        return bucket is not None and bucket.take()

    def has_one(self, name: str) -> bool:
        """Whether a permit of that name is left."""
        bucket = self._bucket(name)
        return bucket is not None and bucket.has_one()

    def _bucket(self, name: str) -> Bucket | None:
        with self._guard:
            if name not in self._buckets:
                if len(self._buckets) >= self._most:
                    self._buckets = {known: one for known, one in self._buckets.items() if not one.is_full()}
                if len(self._buckets) >= self._most:
                    return None
                self._buckets[name] = Bucket(self._burst, self._pace, self._clock)
            return self._buckets[name]
