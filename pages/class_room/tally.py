"""What a class predicted, counted: bins of numbers, options, pixels. Which of them holds the answer, and one's own."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import floor, log10

from pages.class_room.question import Question, shown_number

_SINGLE = 12  # different values up to which each has a bar of its own
_BINS = 10
_WIDE = 50  # from this ratio of the largest to the smallest on, bins grow by a factor


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars from left to right: their labels, how many predictions each holds, and the index of two that are marked."""

    labels: tuple[str, ...]
    counts: tuple[int, ...]
    answer: int | None
    own: int | None


@dataclass(frozen=True, slots=True)
class Clicks:
    """Pixels with the number of students who chose each; positions are (row, column), row 0 for one axis."""

    size: tuple[int, int]
    counts: dict[tuple[int, int], int]
    answers: tuple[tuple[int, int], ...]
    own: tuple[int, int] | None


def tally(question: Question, values: Sequence[str], answer: str = "", own: str | None = None) -> Bars | Clicks:
    """Predictions in their canonical texts, counted."""
    if question.kind == "pixel":
        counts = Counter(_pixel(value) for value in values)
        tall, wide = (1, *question.size)[-2:]
        answers = tuple(_pixel(place) for place in answer.split())
        return Clicks((tall, wide), dict(counts), answers, _pixel(own) if own else None)
    if question.kind == "choice":
        given = Counter(values)
        options = list(question.options)
        return Bars(
            tuple(options),
            tuple(given[option] for option in options),
            options.index(answer) if answer else None,
            options.index(own) if own else None,
        )
    return _numbers([Fraction(value) for value in values], answer, own)


def _pixel(text: str) -> tuple[int, int]:
    row, column = (0, *map(int, text.split(",")))[-2:]
    return row, column


def _numbers(values: Sequence[Fraction], answer: str, own: str | None) -> Bars:
    marked = [Fraction(text) if text else None for text in (answer, own)]
    different = sorted({*values, *(value for value in marked if value is not None)})
    if len(different) <= _SINGLE:
        given = Counter(values)
        return Bars(
            tuple(shown_number(str(value)) for value in different),
            tuple(given[value] for value in different),
            *(None if value is None else different.index(value) for value in marked),
        )
    edges = _edges(different)
    places = Counter(_bin(edges, value) for value in values)
    labels = [f"{_short(low)} to {_short(high)}" for low, high in pairwise(edges)]
    return Bars(
        tuple(labels),
        tuple(places[index] for index in range(len(labels))),
        *(None if value is None else _bin(edges, value) for value in marked),
    )


def _edges(different: Sequence[Fraction]) -> list[Fraction]:
    """Round edges over sorted values; the outermost bins take what lies beyond, so that nonsense hides nothing."""
    spare = len(different) // 20
    low, high = different[spare], different[-1 - spare]
    if low > 0 and high / low >= _WIDE:
        first, last = floor(_log10(low)), floor(_log10(high)) + 1
        step = max(1, -(-(last - first) // _BINS))
        parts = (1, 2, 5) if step == 1 and last - first <= _BINS // 3 else (1,)
        edges = [part * Fraction(10) ** power for power in range(first, last, step) for part in parts]
        edges.append(Fraction(10) ** last)
    else:
        width = _round_up((high - low) / _BINS)
        first = floor(low / width)
        edges = [width * (first + index) for index in range(floor(high / width) - first + 2)]
    return edges


def _log10(value: Fraction) -> float:
    return log10(value.numerator) - log10(value.denominator)


def _round_up(width: Fraction) -> Fraction:
    """The next width of one digit that is 1, 2 or 5."""
    power = Fraction(10) ** floor(_log10(width))
    return next(part * power for part in (1, 2, 5, 10) if part * power >= width)


def _bin(edges: Sequence[Fraction], value: Fraction) -> int:
    return min(max(bisect_right(edges, value) - 1, 0), len(edges) - 2)


def _short(value: Fraction) -> str:
    return shown_number(str(value)) if abs(value) < 10**6 else f"{float(value):.1e}"
