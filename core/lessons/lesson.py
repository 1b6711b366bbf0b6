"""What a lesson is: steps, each a view of the app, some sentences, and perhaps a question with its answer.

Everything is text as its author writes it (:mod:`.lessons.document`). Addresses are read by :mod:`.lessons.views`,
expressions by :mod:`.expressions`; whether all of it is true is asked of :mod:`.lessons.checking`.
"""

from dataclasses import dataclass
from typing import Literal

from ..errors import UserError

Kind = Literal["number", "choice", "pixel"]


class LessonError(UserError):
    """A lesson that cannot be read, or that says what is not so; the message names the line or the step."""


@dataclass(frozen=True, slots=True)
class Option:
    """One of the answers to choose from; it is the right one where its condition holds."""

    text: str
    condition: str

    def __post_init__(self) -> None:
        refuse_unless_line("an option", self.text)
        refuse_unless_line("the condition of an option", self.condition)


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be predicted.

    ``answer``: of a number, the expression that is asked for, perhaps with a format, as in ``unread:%``; of a pixel,
    the condition that the pixel meets; of a choice nothing, as each of its ``options`` has its own condition.
    """

    kind: Kind
    prompt: str
    options: tuple[Option, ...] = ()
    answer: str = ""

    def __post_init__(self) -> None:
        refuse_unless_line("a question", self.prompt)
        if self.kind == "choice":
            if not 2 <= len(self.options) <= 8 or self.answer:
                raise LessonError(f"a choice has two to eight options, this has {len(self.options)}: {self.prompt!r}")
        else:
            refuse_unless_line("the answer to a question", self.answer)
            if self.options:
                raise LessonError(f"a question has options or an answer, not both: {self.prompt!r}")


@dataclass(frozen=True, slots=True)
class Step:
    """One view and one thought.

    ``view``: the address of a state of the app. ``then``: that of the one which answers the question; where there is
    none, ``view`` is covered until the answer is revealed. ``claims`` must be true.
    """

    title: str
    view: str
    text: str = ""
    then: str = ""
    question: Question | None = None
    reveal: str = ""
    claims: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        refuse_unless_line("the title of a step", self.title)
        refuse_unless_line("the view of a step", self.view)
        for name, line in (("the second view", self.then), ("the reveal", self.reveal)):
            if line:
                refuse_unless_line(name, line)
        for claim in self.claims:
            refuse_unless_line("a claim", claim)
        _refuse_unless_paragraphs(self.text)
        if self.question is None and (self.reveal or self.then):
            raise LessonError(f"step {self.title!r} reveals something, but asks nothing; add a question")


@dataclass(frozen=True, slots=True)
class Lesson:
    """A title, what the lesson is about, and its steps."""

    title: str
    summary: str
    steps: tuple[Step, ...]

    def __post_init__(self) -> None:
        refuse_unless_line("the title of a lesson", self.title)
        _refuse_unless_paragraphs(self.summary)
        if not self.steps:
            raise LessonError("a lesson has at least one step; begin one with a line such as '## The corner'")


def refuse_unless_line(what: str, text: str) -> None:
    """Raises unless a text is one line that is not blank, as a field of the file must be."""
    if not text:
        raise LessonError(f"{what} is missing")
    if text != text.strip() or not text.isprintable():
        raise LessonError(f"{what} is one line without blanks at its ends, this is {text[:60]!r}")


def _refuse_unless_paragraphs(text: str) -> None:
    """Raises unless a text is lines of which neither the first nor the last is blank."""
    lines = text.split("\n")
    if any(line != line.rstrip() or not line.isprintable() for line in lines) or text != text.strip():
        raise LessonError(f"a text is lines without blanks at their ends, this begins {text[:60]!r}")
