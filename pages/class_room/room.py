"""What a room holds, a seat in it and a line of its results: values, wherever they lie."""

from dataclasses import dataclass

from pages.class_room.question import Question


@dataclass(frozen=True, slots=True)
class Room:
    """What everyone in a class sees."""

    code: str
    version: int
    view: str = ""  # an address relative to the app, as in "paths?net=…&view=map"; empty before the first
    question: Question | None = None
    number: int = 0  # of the question, from 1
    answer: str = ""  # canonical, once revealed; empty: none was given
    revealed: bool = False
    is_over: bool = False

    @property
    def is_open(self) -> bool:
        """Whether predictions are taken."""
        return self.question is not None and not self.revealed and not self.is_over

    @property
    def covers(self) -> bool:
        """Whether the page would show what is just being asked."""
        return self.is_open and self.question is not None and self.question.covers


@dataclass(frozen=True, slots=True)
class Seat:
    """A student's place: ``token`` proves it, ``number`` names it in the results."""

    token: str
    number: int


@dataclass(frozen=True, slots=True)
class Prediction:
    """One line of the results."""

    number: int
    question: Question
    seat: int
    value: str
    answer: str
