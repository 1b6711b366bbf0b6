"""The answer to a question, and how a guess compares with it: both follow from the view, never from the file."""

import re
from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from ..expressions import Value, truth
from ..formatting import counted_noun, format_count
from .lesson import LessonError, Question, Step
from .scopes import PixelScope, ViewScope, step_scope
from .views import Opener, open_design
from .wording import expression_and_format, format_number, number_and_text, with_numbers

Pixel = tuple[int, ...]
Answer = Value | str | Pixel  # of a number, of a choice the text of the option, of a pixel its place

MAX_PIXELS = 4_096  # of a map on which one is to be found
_NEAR = Fraction(1, 50)  # of a number that is not whole, or too large to be guessed to the last digit
_LARGE = 1_000
_GUESS = re.compile(r"(-?)(\d{1,30})(?:\.(\d{1,12}))?(?:/(\d{1,30}))?\s*(%?)")


def answer(step: Step, opened: Opener = open_design) -> Answer:
    """The answer to the step's question: a number, the text of an option, or a pixel that does.

    Raises :class:`~.lessons.lesson.LessonError` where there is none, or of a choice several.
    """
    question, scope = _asked(step), step_scope(step, opened)
    if question.kind == "number":
        return number_and_text(question.answer, scope)[0]
    if question.kind == "pixel":
        place = next(_pixels(question, scope), None)
        if place is None:
            raise LessonError(f"no pixel meets {question.answer!r}; ask for another")
        return place
    right = [option for option in question.options if truth(option.condition, scope)]
    if len(right) != 1:
        listed = "none" if not right else " and ".join(repr(option.text) for option in right)
        raise LessonError(f"of the options of {question.prompt!r} one must be right, and right: {listed}")
    return with_numbers(right[0].text, scope)


def options(step: Step, opened: Opener = open_design) -> tuple[str, ...]:
    """The texts to choose from."""
    scope = step_scope(step, opened)
    return tuple(with_numbers(option.text, scope) for option in _asked(step).options)


def right_pixels(step: Step, opened: Opener = open_design) -> tuple[Pixel, ...]:
    """Every pixel that answers the step's question."""
    return tuple(_pixels(_asked(step), step_scope(step, opened)))


def is_right(step: Step, guess: Answer, opened: Opener = open_design) -> bool:
    """Whether a guess is the answer; of numbers that are not whole, and of large ones, near enough."""
    question, scope = _asked(step), step_scope(step, opened)
    if question.kind == "pixel":
        return isinstance(guess, tuple) and _meets(question, scope, guess)
    known = answer(step, opened)
    if isinstance(known, (int, Fraction)):
        if not isinstance(guess, (int, Fraction)):
            return False
        exact = isinstance(known, int) and abs(known) < _LARGE
        return guess == known if exact else abs(Fraction(guess) - known) <= _NEAR * abs(Fraction(known))
    return guess == known


def verdict(step: Step, guess: Answer | None, opened: Opener = open_design) -> str:
    """One sentence that puts the answer beside the guess."""
    question, scope = _asked(step), step_scope(step, opened)
    if question.kind == "pixel":
        return _pixel_verdict(step, guess, scope, opened)
    known = answer(step, opened)
    if isinstance(known, (int, Fraction)):
        return _number_verdict(step, known, guess, opened)
    if guess is None:
        return f"The answer: **{known}**."
    if guess == known:
        return f"As you said: **{known}**."
    return f"You said: {guess}. The answer: **{known}**."


def read_guess(step: Step, text: str) -> Answer | None:
    """The number or pixel that somebody typed; None for what is none.

    A number may be a decimal, a fraction as 4/9, or per cent; where per cent are asked for, the sign may be left out.
    """
    question = _asked(step)
    if question.kind == "choice":
        return text or None
    if question.kind == "pixel":
        places = [part.strip() for part in text.split(",")]
        return tuple(map(int, places)) if all(re.fullmatch(r"\d{1,5}", part) for part in places) else None
    match = _GUESS.fullmatch(text.strip().replace(",", "").replace("\u202f", ""))
    if match is None or (match[4] and not int(match[4])):
        return None
    value = Fraction(f"{match[1]}{match[2]}.{match[3] or 0}") / Fraction(match[4] or "1")
    if match[5] or (expression_and_format(question.answer)[1].endswith("%") and not match[4]):
        value /= 100
    return value.numerator if value.denominator == 1 else value


def _asked(step: Step) -> Question:
    if step.question is None:
        raise LessonError(f"step {step.title!r} asks nothing")
    return step.question


def _meets(question: Question, scope: ViewScope, place: Pixel) -> bool:
    return truth(question.answer, PixelScope(scope, scope.view.position(place, _size(scope))))


def _size(scope: ViewScope) -> tuple[int, ...]:
    return scope.view.counts.size


def _pixels(question: Question, scope: ViewScope) -> Iterator[Pixel]:
    pixels = scope.view.analysis.graph.input.positions
    if pixels > MAX_PIXELS:
        raise LessonError(f"a pixel is to be found among {pixels:,}, more than {MAX_PIXELS:,}; use a smaller input")
    return (place for place in np.ndindex(_size(scope)) if truth(question.answer, PixelScope(scope, place)))


def _number_verdict(step: Step, known: Value, guess: Answer | None, opened: Opener) -> str:
    form = expression_and_format(_asked(step).answer)[1]
    shown = f"**{format_number(known, form)}**"
    if not isinstance(guess, (int, Fraction)):
        return f"The answer is {shown}."
    if is_right(step, guess, opened):
        return (
            f"You said {format_number(guess, form)}: right, it is {shown}." if guess != known else f"Exactly {shown}."
        )
    said, ratio = format_number(guess, form), Fraction(guess) / known if known else Fraction(0)
    if ratio >= Fraction(3, 2) or 0 < ratio <= Fraction(2, 3):
        factor, much = (ratio, "many") if ratio > 1 else (1 / ratio, "few")
        if not isinstance(known, int):
            much = "much" if ratio > 1 else "little"
        return (
            f"You said {said}, {format_number(factor, '' if factor >= 100 else '.1')} times too {much}: it is {shown}."
        )
    return f"You said {said}; it is {shown}."


def _pixel_verdict(step: Step, guess: Answer | None, scope: ViewScope, opened: Opener) -> str:
    places = right_pixels(step, opened)
    which = f"pixel {_place(places[0])}"
    if len(places) > 1:
        which = f"{len(places):,} pixels, {_place(places[0])} among them"
    if not isinstance(guess, tuple):
        return f"The answer: **{which}**."
    paths = f"{counted_noun(scope.view.counts.at(scope.view.position(guess, _size(scope))), 'path')}"
    if guess in places:
        others = f", and so are {format_count(len(places) - 1)} others" if len(places) > 1 else ""
        return f"You took pixel {_place(guess)}, with {paths}: **right**{others}."
    return f"You took pixel {_place(guess)}, with {paths}. The answer: **{which}**."


def _place(place: Pixel) -> str:
    return ",".join(map(str, place))
