"""A space of designs: a design's text with choices in braces, each member one of its texts.

``conv k{3,5} p{1..3}`` stands for six layers. What is divided by commas inside braces are the *alternatives* of a
choice: any text, an empty one too, with choices of their own; commas inside round and square brackets belong to the
text. ``{1..6}`` counts from 1 to 6, ``{1..9..2}`` in steps of two. Members are numbered: the first choice turns
fastest, so that neighbours share the tail of their layers. Nothing is ever listed, so that a space may be of any size.
"""

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate
from math import prod
from random import Random

from ..errors import LimitError, TextError
from ..network.limits import MAX_TEXT

MAX_ALTERNATIVES = 10_000  # of one choice
MAX_NESTING = 12  # choices inside choices

_RANGE = re.compile(r"\s*(\d{1,9})\s*\.\.\s*(\d{1,9})\s*(?:\.\.\s*(\d{1,9})\s*)?")
_NOTHING_ADDED = re.compile(r"\+\s*(?=\+|$)")  # a remedy of which nothing was chosen


@dataclass(frozen=True)
class Choice:
    """One of several sequences of texts and choices."""

    alternatives: tuple["Sequence", ...]

    @cached_property
    def ends(self) -> tuple[int, ...]:
        """Up to which number, not included, each alternative and all before it go."""
        return tuple(accumulate(alternative.size for alternative in self.alternatives))

    @property
    def size(self) -> int:
        return self.ends[-1]

    def text(self, index: int) -> str:
        place = next(place for place, end in enumerate(self.ends) if index < end)
        return self.alternatives[place].text(index - (self.ends[place - 1] if place else 0))


@dataclass(frozen=True)
class Sequence:
    """Texts and choices, one after the other."""

    parts: tuple[str | Choice, ...]

    @cached_property
    def size(self) -> int:
        return prod(part.size for part in self.parts if isinstance(part, Choice))

    def text(self, index: int) -> str:
        """The text of a number below ``size``, whose last digit is that of the first choice."""
        texts = []
        for part in self.parts:
            if isinstance(part, str):
                texts.append(part)
            else:
                index, digit = divmod(index, part.size)
                texts.append(part.text(digit))
        return "".join(texts)


@dataclass(frozen=True)
class Space:
    """The space that ``text`` describes, in the form that names it."""

    text: str
    sequence: Sequence

    @property
    def size(self) -> int:
        """How many members there are, those that are impossible or the same as another among them."""
        return self.sequence.size

    def member(self, index: int) -> str:
        """The text of a member, as it is written out.

        >>> space = space_of("64; conv k{3,5} p{1..2}+{,kernel-padding}")
        >>> space.size, space.member(1), space.member(6)
        (8, '64; conv k5 p1', '64; conv k3 p2+kernel-padding')
        """
        return _NOTHING_ADDED.sub("", self.sequence.text(index)).strip()

    def sample(self, members: int, seed: int) -> tuple[int, ...]:
        """The numbers of so many different members, drawn by ``seed``, in order; of all, if there are not more.

        >>> space_of("9; conv k{1..9}").sample(3, seed=0)
        (0, 4, 6)
        """
        if members >= self.size:
            return tuple(range(self.size))
        draw, drawn = Random(seed), set[int]()
        while len(drawn) < min(members, self.size - members):  # of nearly all, those that are left out
            drawn.add(draw.randrange(self.size))
        if len(drawn) == members:
            return tuple(sorted(drawn))
        return tuple(index for index in range(self.size) if index not in drawn)

    def examples(self) -> tuple[int, ...]:
        """Numbers of few members in which, together, every alternative stands that a choice has."""
        return tuple(sorted(_examples(self.sequence)))


@lru_cache(maxsize=16)
def space_of(text: str) -> Space:
    """The space that ``text`` describes.

    Raises :class:`~.errors.TextError` for braces that say nothing, :class:`~.errors.LimitError` for too long a text;
    whether its members can be read is asked of them.

    >>> str(space_of("{ResNet-18,VGG-16}  @{64..96..32}").text)
    '{ResNet-18,VGG-16} @{64..96..32}'
    """
    if len(text) > MAX_TEXT:
        raise LimitError(f"the space has {len(text)} characters, more than {MAX_TEXT}; write a shorter one")
    whole = " ".join(text.split())
    if not whole:
        raise TextError("a space is missing; write a network with choices, as in 32x32; conv k{3,5} p{1,2} x{1..4}")
    reader = _Reader(whole)
    (sequence,) = reader.alternatives(depth=0)
    return Space(whole, sequence)


class _Reader:
    """One pass over the letters; ``at`` is the next one."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def alternatives(self, depth: int) -> tuple[Sequence, ...]:
        """Sequences divided by commas, up to the brace that closes them; outside of braces one, up to the end."""
        found: list[Sequence] = []
        parts: list[str | Choice] = []
        brackets, begin, opened = 0, self.at, self.at
        while True:
            letter = self.text[self.at : self.at + 1]
            divides = depth > 0 and (letter == "}" or (letter == "," and brackets <= 0))
            if not letter and depth:
                raise TextError(f"character {opened}: this brace is not closed")
            if letter == "}" and not depth:
                raise TextError(f"character {self.at + 1}: this brace closes none")
            if divides or not letter or letter == "{":
                if word := self.text[begin : self.at]:
                    parts.append(word)
                self.at += 1
                begin = self.at
            if letter == "{":
                parts.append(self.choice(depth + 1))
                begin = self.at
            elif divides or not letter:
                found.append(_stripped(parts) if depth else Sequence(tuple(parts)))
                parts, brackets = [], 0
                if letter != ",":
                    return tuple(found)
            else:
                brackets += (letter in "([") - (letter in ")]")
                self.at += 1

    def choice(self, depth: int) -> Choice:
        """What stands after an opening brace, up to the one that closes it."""
        if depth > MAX_NESTING:
            raise LimitError(f"choices are nested deeper than {MAX_NESTING}; use fewer levels")
        begin = self.at
        if (numbers := _numbers(self.text, begin)) is not None:
            found, self.at = numbers
        else:
            found = self.alternatives(depth)
        shown = "{" + self.text[begin : self.at][:40]
        if len(found) > MAX_ALTERNATIVES:
            raise LimitError(f"the choice {shown} has {len(found):,} alternatives, more than {MAX_ALTERNATIVES:,}")
        if len(found) == 1 and not found[0].parts:
            raise TextError(f"character {begin}: a choice is empty; list what there is, as in {{3,5}} or {{1..4}}")
        if len(set(found)) < len(found):
            raise TextError(f"character {begin}: the choice {shown} lists the same twice; list each once")
        return Choice(found)


def _numbers(text: str, begin: int) -> tuple[tuple[Sequence, ...], int] | None:
    """The numbers of a range and where its brace ends; None where the brace holds no range."""
    match = _RANGE.match(text, begin)
    if match is None or text[match.end() : match.end() + 1] != "}":
        return None
    first, last, step = int(match[1]), int(match[2]), int(match[3] or 1)
    if last < first or not step:
        raise TextError(f"character {begin}: {{{match[0]}}} counts nothing; write the least first, as in {{1..6}}")
    if (last - first) // step >= MAX_ALTERNATIVES:
        raise LimitError(f"{{{match[0]}}} has more than {MAX_ALTERNATIVES:,} numbers; use larger steps")
    return tuple(Sequence((str(number),)) for number in range(first, last + 1, step)), match.end() + 1


def _stripped(parts: list[str | Choice]) -> Sequence:
    """An alternative without the blanks at its ends, which say nothing."""
    if parts and isinstance(first := parts[0], str):
        parts[0] = first.lstrip()
    if parts and isinstance(last := parts[-1], str):
        parts[-1] = last.rstrip()
    return Sequence(tuple(part for part in parts if part != ""))


def _examples(sequence: Sequence) -> set[int]:
    """The first member, and for each alternative of each choice one that is otherwise the first."""
    found, weight = {0}, 1
    for part in sequence.parts:
        if isinstance(part, Choice):
            for alternative, end in zip(part.alternatives, part.ends, strict=True):
                found |= {weight * (end - alternative.size + inner) for inner in _examples(alternative)}
            weight *= part.size
    return found
