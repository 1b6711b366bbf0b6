"""A question to a class: a number, a choice or a pixel is predicted. What a student may answer is decided here."""

import json
import re
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import Literal

from core.errors import UserError
from pages.class_room import limits

Kind = Literal["number", "choice", "pixel"]
KINDS: tuple[Kind, ...] = ("number", "choice", "pixel")

_LARGE = 1_000  # from which on, as with fractions, a number is right that is near the answer, as in lessons
_NEAR = Fraction(1, 50)
POSITIONS = 16  # pixels that are right at once

_NUMBER = re.compile(r"([+-]?)(\d{0,60})(?:[.](\d{1,30}))?(?:e([+-]?\d{1,2}))?", re.ASCII | re.IGNORECASE)
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:[,\u2009\u202f ']\d{3})+(?:[.]\d+)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, the same for the whole class.

    ``options``: of a choice, at least two. ``size``: of the input whose pixel is asked for: (height, width), (width,).
    ``covers``: whether the page, which shows the answer, is covered until it is revealed.
    """

    kind: Kind
    prompt: str
    options: tuple[str, ...] = ()
    size: tuple[int, ...] = ()
    covers: bool = False

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise UserError(f"there is no question of kind {self.kind!r}; there are {', '.join(KINDS)}")
        if not self.prompt.strip() or len(self.prompt) > limits.PROMPT_CHARACTERS:
            raise UserError(f"a question has 1 to {limits.PROMPT_CHARACTERS} characters, this one {len(self.prompt)}")
        if self.kind == "choice" and (
            not 2 <= len(self.options) <= limits.OPTIONS or len(set(self.options)) < len(self.options)
        ):
            raise UserError(f"a choice has 2 to {limits.OPTIONS} different options; give one on each line")
        if any(not option.strip() or len(option) > limits.OPTION_CHARACTERS for option in self.options):
            raise UserError(f"an option has 1 to {limits.OPTION_CHARACTERS} characters; shorten it")
        if self.kind == "pixel" and not (
            len(self.size) in (1, 2) and all(1 <= side <= limits.PIXEL_SIDE for side in self.size)
        ):
            raise UserError(
                f"a pixel can be asked for where the input has 1 or 2 axes of at most {limits.PIXEL_SIDE} pixels, "
                f"not {self.size}"
            )

    def to_json(self) -> str:
        """What is stored."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "Question":
        """A stored question."""
        held = json.loads(text)
        return cls(held["kind"], held["prompt"], tuple(held["options"]), tuple(held["size"]), held["covers"])

    def read(self, typed: str) -> str:
        """A prediction in its canonical text; raises a user error that says what would be one."""
        typed = typed.strip()
        if len(typed) > limits.PREDICTION_CHARACTERS:
            raise UserError(f"an answer has at most {limits.PREDICTION_CHARACTERS} characters, this one {len(typed)}")
        if self.kind == "number":
            return str(read_number(typed))
        if self.kind == "pixel":
            return ",".join(map(str, self._pixel(typed)))
        if typed not in self.options:
            raise UserError(f"there is no option {typed!r}; choose {', '.join(self.options)}")
        return typed

    def read_answer(self, typed: str) -> str:
        """The computed answer in its canonical text; of a pixel there may be several, divided by spaces."""
        if self.kind != "pixel":
            return self.read(typed)
        places = re.sub(r"\s*,\s*", ",", typed.strip()).split()
        if len(places) > POSITIONS:
            raise UserError(f"an answer has at most {POSITIONS} pixels, this one {len(places)}")
        return " ".join(self.read(place) for place in places or [typed])

    def is_right(self, value: str, answer: str) -> bool:
        """Whether a prediction is the answer, or one of its pixels; a large number, or one with decimals, near it."""
        if self.kind == "pixel":
            return value in answer.split()
        if self.kind == "choice" or not answer:
            return value == answer
        known, guess = Fraction(answer), Fraction(value)
        if known.denominator == 1 and abs(known) < _LARGE:
            return guess == known
        return abs(guess - known) <= _NEAR * abs(known)

    def _pixel(self, typed: str) -> tuple[int, ...]:
        parts = [part.strip() for part in typed.split(",")]
        inside = len(parts) == len(self.size) and all(part.isascii() and part.isdigit() for part in parts)
        if not inside or not all(int(part) < side for part, side in zip(parts, self.size, strict=True)):
            wanted = ",".join(["row", "column"][-len(self.size) :])
            last = ",".join(str(side - 1) for side in self.size)
            raise UserError(
                f"there is no pixel {typed!r}; give {wanted} from {','.join('0' * len(self.size))} to {last}"
            )
        return tuple(int(part) for part in parts)


def read_number(typed: str) -> Fraction:
    """A number as people type it, exactly.

    >>> [str(read_number(text)) for text in ("1,225", "1/4", "25 %", "0,5", "3e2", ".125")]
    ['1225', '1/4', '1/4', '1/2', '300', '1/8']
    """
    text = typed.strip()
    percent = text.endswith("%")
    above, slash, below = text.removesuffix("%").strip().partition("/")
    value = _decimal(above.strip(), typed)
    if slash:
        divisor = _decimal(below.strip(), typed)
        if not divisor:
            raise UserError(f"{typed!r} divides by zero; give a number such as 70, 0.25 or 1/4")
        value /= divisor
    return value / 100 if percent else value


def _decimal(text: str, typed: str) -> Fraction:
    if _GROUPED.fullmatch(text):
        text = re.sub(r"[,\u2009\u202f ']", "", text)
    match = _NUMBER.fullmatch(text.replace(",", "."))
    if match is None or not (match[2] or match[3]):
        shown = typed if len(typed) <= 20 else typed[:20] + "…"
        raise UserError(f"{shown!r} is no number; give one such as 70, 0.25 or 1/4")
    sign, whole, decimals, exponent = match.groups()
    digits = int((whole or "") + (decimals or ""))
    value = Fraction(digits) * Fraction(10) ** (int(exponent or 0) - len(decimals or ""))
    return -value if sign == "-" else value


def shown_number(canonical: str) -> str:
    """A stored number as it is shown.

    >>> shown_number("1225"), shown_number("1/4"), shown_number("5649/100000")
    ('1,225', '0.25', '0.05649')
    """
    value = Fraction(canonical)
    if value.denominator == 1 and abs(value) < 10**15:
        return f"{int(value):,}"
    return f"{float(value):.4g}"
