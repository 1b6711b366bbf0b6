"""Members of a space, counted: a row of quantities for each, or the reason why there is no such design."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from ..design.analysis import DesignAnalysis
from ..design.opening import design_of
from ..design.text import kind_of
from ..design.text import parse as parse_design
from ..errors import TextError, UserError
from ..exact.tails import shared_tails
from ..expressions import Value
from ..program import ExtraError
from .found import Impossible, merged
from .quantities import Row, row_of
from .space import Space

_PLACE = re.compile(r"^(?:character \d+: |layer \d+ \([^)]*\): |stage \S+: )+")
_NUMBER = re.compile(r"\(\d+(?:, \d+)*,?\)|\d(?:[\d.,x:]*\d)?")
_CHAIN, _BRANCHED, _MODEL = 1000, 50, 4  # members of a part: about a second of counting


@dataclass(frozen=True, slots=True)
class Part:
    """Members that follow each other: the canonical text and the row of each design, and what is impossible."""

    rows: tuple[tuple[str, Row], ...]
    impossible: tuple[Impossible, ...]


def counted(space: Space, members: Sequence[int], runs_code: bool = True) -> Part:
    """The members of those numbers, counted in order; ``runs_code``: whether own code may be run for them.

    Raises :class:`~.program.ExtraError` where a package is missing that they need.

    >>> part = counted(space_of("9; conv k{3,11}"), (0, 1))
    >>> part.rows[0][0], part.rows[0][1]["field"], part.impossible[0].reason
    ('9; conv k3', 3, 'a window spanning … does not fit … samples padded by …')
    """
    rows: list[tuple[str, Row]] = []
    impossible: dict[str, Impossible] = {}
    with shared_tails():
        for index in members:
            text = space.member(index)
            try:
                rows.append(_row(text, runs_code))
            except ExtraError:
                raise
            except UserError as error:
                merged(impossible, [Impossible(reason_of(str(error)), 1, text, str(error))])
    return Part(tuple(rows), tuple(impossible.values()))


def _row(text: str, runs_code: bool) -> tuple[str, Row]:
    said = parse_design(text)
    if said.kind == "own" and not runs_code:
        raise UserError("own code is not run here; ask on your own machine")
    return str(said), row_of(DesignAnalysis(design_of(said)))


def reason_of(message: str) -> str:
    """What messages about different layers and numbers have in common.

    >>> reason_of("layer 3 (conv k7 s2): a window spanning 7 does not fit 3 samples padded by (0, 0); use more padding")
    'a window spanning … does not fit … samples padded by …'
    """
    said = _PLACE.sub("", message).partition("; ")[0]
    return _NUMBER.sub("…", said)


def part_size(space: Space) -> int:
    """How many members travel together."""
    if kind_of(space.member(0)) not in ("typed", "preset"):
        return _MODEL
    return _BRANCHED if "(" in space.text or kind_of(space.member(0)) == "preset" else _CHAIN


def refuse_unreadable(space: Space) -> None:
    """Raises :class:`~.errors.TextError` for an alternative that no design can be written with, naming its member.

    Each alternative is read once, in a member that is otherwise the first. What can be read may still be impossible.
    """
    for index in space.examples():
        text = space.member(index)
        try:
            parse_design(text)
        except TextError as error:
            raise TextError(f"the member {text[:80]!r} cannot be read: {error}") from error
        except UserError:
            continue  # counted among the impossible


def nearest_float(value: Value | None) -> float | None:
    """A number as a float, None where it has none."""
    try:
        return None if value is None else float(value)
    except OverflowError:
        return None


def whole_of(digits: str) -> int:
    """A whole number from all its digits, however many: ``int`` alone refuses more than 4300.

    >>> whole_of("1" + "0" * 5000) == 10**5000
    True
    """
    if len(digits) <= 4000:
        return int(digits)
    return whole_of(digits[:-4000]) * 10**4000 + int(digits[-4000:])


def fraction_of(text: str) -> Fraction:
    """A fraction from the text that the results hold.

    >>> fraction_of("1225/6561"), fraction_of("2")
    (Fraction(1225, 6561), Fraction(2, 1))
    """
    above, _, below = text.partition("/")
    return Fraction(whole_of(above), whole_of(below or "1"))
