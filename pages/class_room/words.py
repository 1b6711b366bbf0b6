"""The sentences of a class."""

import re
from collections.abc import Sequence

from core.formatting import counted_noun
from pages.class_room.codes import spoken
from pages.class_room.question import Question, shown_number

OVER = "The class has ended. What you see now is yours to explore."
NOT_YET = "Your answer can be changed until the teacher reveals the answers."
EMPTY = "type an answer first"
ANSWER_LABELS = {"number": "Your answer, a number", "pixel": "Your answer, or choose a pixel above"}
PLACEHOLDERS = {"number": "such as 70, 0.25 or 1/4", "pixel": "such as 0,8"}
WAITING = "You are in. What the teacher shows appears here by itself."
_MARKUP = re.compile(r"([\\`*_{}\[\]()#+\-.!|~<>$:])")


def plain(text: str) -> str:
    """A text that somebody typed, so that nothing in it is read as markup."""
    return _MARKUP.sub(r"\\\1", text)


def following(code: str) -> str:
    """What a student who follows reads."""
    return f"Class {spoken(code)}: your screen follows the teacher's"


def exploring(code: str) -> str:
    """What a student who has broken away reads."""
    return f"Class {spoken(code)}: you explore on your own"


def prediction(question: Question, value: str) -> str:
    """A prediction as it is shown."""
    return shown_number(value) if question.kind == "number" else value


def taken(question: Question, own: str) -> str:
    """What a student reads whose answer was taken."""
    return f"Your answer: **{plain(prediction(question, own))}**. It can be changed until the answers are revealed."


def crowd(code: str, here: int, answered: int | None) -> str:
    """The first words of the teacher's strip; ``answered``: None where no question is open."""
    told = f"Class **{spoken(code)}** · {here} here"
    return told if answered is None else f"{told} · {answered} answered"


def outcome(question: Question, values: Sequence[str], answer: str, own: str | None) -> str:
    """The sentence over a revealed question."""
    told = f"{counted_noun(len(values), 'answer')}." if values else "Nobody has answered."
    if answer:
        met = sum(question.is_right(value, answer) for value in values)
        share = f"{met} of {counted_noun(len(values), 'answer')} met it." if values else "Nobody has guessed."
        places = " or ".join(plain(prediction(question, each)) for each in _each(question, answer))
        told = f"The answer is **{places}**. {share}"
    if own is not None:
        is_right = question.is_right(own, answer)
        told += " Yours did, too." if is_right else f" Yours was **{plain(prediction(question, own))}**."
    return told


def _each(question: Question, answer: str) -> list[str]:
    return answer.split() if question.kind == "pixel" else [answer]


def kind(name: str) -> str:
    """What is predicted, in words."""
    return {"number": "a number", "choice": "a choice", "pixel": "a pixel"}[name]


ENDED = "The class has ended; its results can be fetched for an hour by whoever has the teacher's link."
WHAT_IT_IS = (
    "One screen leads, the others follow: what the teacher opens and sets appears on every student's screen. "
    "Questions are answered by all, then revealed together."
)
TEACH = "You get a code and a QR code for the students. Then use the app as ever: they see what you see."
STORED = "No names, no accounts: a seat is a number. A class and its answers are deleted some hours after it began."
NOTHING_SHOWN = "The class sees nothing yet: open any page of the app, and it appears on every screen."
BEFORE_END = "All screens are let go. Fetch the results first."
DEVICE = "Opens this class on another device of yours, as its teacher. Whoever has this link can drive the class."


def invitation(address: str) -> str:
    """The way in, for the last row."""
    short = address.split("?")[0].removeprefix("http://").removeprefix("https://")
    return f"# {plain(short)}\n### Scan the code, or open this address and type the letters under it."


def rules(hours: float) -> str:
    """What becomes of a class."""
    return f"The class ends by itself after {hours:g} hours. Nothing personal is stored: a student is a number."


def not_the_teacher(code: str) -> str:
    """What a browser reads that names a class to teach and has no secret."""
    return (
        f"This browser does not hold the key of class {spoken(code)}. Open the teacher's link "
        "(on the class page under Another device), or leave the class."
    )
