"""What a search has found: how much of the space, what is impossible there, and the answer."""

from collections.abc import Sequence
from dataclasses import dataclass

from .front import Best


@dataclass(frozen=True, slots=True)
class Impossible:
    """Members that are no design, for one ``reason``; the first of them is ``design``, and ``message`` is about it."""

    reason: str
    members: int
    design: str
    message: str

    def __add__(self, later: "Impossible") -> "Impossible":
        return Impossible(self.reason, self.members + later.members, self.design, self.message)


def merged(impossible: dict[str, Impossible], later: Sequence[Impossible]) -> None:
    """Adds what a later part found to what earlier ones did."""
    for one in later:
        impossible[one.reason] = impossible[one.reason] + one if one.reason in impossible else one


@dataclass(frozen=True, slots=True)
class Answer:
    """``met``: designs that meet the condition; ``absent``: by name, those without a number that was asked for."""

    met: int
    absent: dict[str, int]
    front: tuple[Best, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What is known after ``done`` of ``total`` members; ``repeated``: those that stand for a design counted before."""

    done: int
    total: int
    counted: int
    repeated: int
    impossible: tuple[Impossible, ...]
    answer: Answer
