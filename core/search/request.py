"""Which members of a space a search is about, and in which parts they travel."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..errors import LimitError
from .members import part_size, refuse_unreadable
from .space import Space

FORMAT = 1  # of the columns; other results are counted anew
MAX_MEMBERS = 10**7  # that are counted in one search

Document = dict[str, Any]
Task = tuple[int, Sequence[int]]  # the number of a part, and its members


@dataclass(frozen=True, slots=True)
class Request:
    """Which members of a space are searched: all, or ``sample`` of them, drawn by ``seed``.

    Raises :class:`~.errors.LimitError` for more than ``MAX_MEMBERS``, and as :func:`.members.refuse_unreadable`.
    """

    space: Space
    sample: int | None = None
    seed: int = 0

    def __post_init__(self) -> None:
        if self.members > MAX_MEMBERS:
            raise LimitError(
                f"the space has {self.space.size:,} members, and {MAX_MEMBERS:,} are counted at most; "
                "draw some with --sample, or give fewer choices"
            )
        refuse_unreadable(self.space)

    @property
    def members(self) -> int:
        """How many are searched."""
        return self.space.size if self.sample is None else min(self.sample, self.space.size)

    @property
    def document(self) -> Document:
        """What the search is about, as its file says."""
        drawn = None if self.members == self.space.size else {"members": self.sample, "seed": self.seed}
        return {"format": FORMAT, "space": self.space.text, "size": self.space.size, "sample": drawn}

    @property
    def part_size(self) -> int:
        """How many members travel together."""
        return part_size(self.space)

    def tasks(self) -> list[Task]:
        """The parts, each with the numbers of its members."""
        size = self.part_size
        drawn: Sequence[int] = range(self.space.size)
        if self.sample is not None:
            drawn = self.space.sample(self.sample, self.seed)
        return [(number, drawn[begin : begin + size]) for number, begin in enumerate(range(0, len(drawn), size))]
