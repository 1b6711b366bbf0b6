"""Assertions about a design for a project's own tests: plain functions, for pytest, unittest or none.

Each takes a design's text, a ``torch.nn.Module`` or an opened design, and raises ``AssertionError`` with one line that
says what is wrong, with which numbers. What cannot be read or traced raises :class:`~.errors.UserError`. ``input`` is
the input's size, channels first, as in ``(3, 96, 96)``: a module needs it, a text may say it itself.

>>> assert_no_grid("64x64; conv k4 s2 p1")
>>> assert_sees("64x64; conv k3 p1 x4", 9)
>>> assert_tiles("64x64; conv k3 p1 x4", overlap=4)
>>> assert_budget("64x64; conv k3 p1 x4", corner_centre=0.1, multiply_adds=2e6)
>>> assert_no_findings("64x64; conv k4 s2 p1 circular")
>>> assert_sees("64x64; conv k3 p1 x4", 10)
Traceback (most recent call last):
AssertionError: 64x64; conv k3 p1 x4: a unit sees 9x9 pixels, an object of 10 would not fit
"""

from collections.abc import Collection
from typing import cast

from .checks import findings_of
from .checks.parity import LEAST_CONTRAST, contrast
from .checks.unread import unread_share
from .design.analysis import DesignAnalysis
from .design.design import Design
from .design.opening import design_of
from .design.text import parse
from .errors import UserError
from .formatting import format_percent, format_ratio
from .network.graph import size_text
from .network.limits import MAX_SIDE
from .program import loaded
from .review import parsed_budgets
from .review.budgets import missed
from .review.settings import LEVELS

Subject = object  # a text, a torch.nn.Module or an opened design
Size = tuple[int, ...]

__all__ = ["assert_budget", "assert_no_findings", "assert_no_grid", "assert_sees", "assert_tiles"]


def assert_no_grid(subject: Subject, input: Size | None = None) -> None:  # the word of every command
    """No stride leaves a grid of pixels that are read more than others, and no pixel is unread.

    As the check ``parity`` has it: a contrast below 1.1 is hard to tell from the fall towards the border.
    """
    __tracebackhide__ = True
    analysis = _analysis(subject, input)
    if share := unread_share(analysis):
        raise _failed(analysis, f"{format_percent(share)} of the pixels are never read")
    if not analysis.uneven:
        return
    ratio, name = contrast(analysis), analysis.graph.name(analysis.uneven[0])
    if ratio is None or ratio >= LEAST_CONTRAST:
        times = "" if ratio is None else f" {format_ratio(ratio)} times"
        raise _failed(analysis, f"neighbouring pixels are read unequally{times}, first by {name}")


def assert_sees(subject: Subject, pixels: int | Size, input: Size | None = None) -> None:
    """The unit in the middle of the output sees at least so many pixels along each axis, or along every one its own."""
    __tracebackhide__ = True
    analysis = _analysis(subject, input)
    seen = analysis.unit_field
    wanted = (pixels,) * len(seen) if isinstance(pixels, int) else tuple(pixels)
    if len(wanted) != len(seen) or not all(1 <= side <= MAX_SIDE for side in wanted):
        raise UserError(
            f"an object of {size_text(wanted)} pixels does not fit an input of {len(seen)} axes; "
            f"give 1 to {MAX_SIDE} for all of them, or for each"
        )
    if any(field < side for field, side in zip(seen, wanted, strict=True)):
        told = size_text(wanted[:1] if len(set(wanted)) == 1 else wanted)
        raise _failed(analysis, f"a unit sees {size_text(seen)} pixels, an object of {told} would not fit")


def assert_tiles(subject: Subject, overlap: int | None = None, input: Size | None = None) -> None:
    """Tiles that overlap by so many pixels on every side give what the whole image does; of None: some overlap does."""
    __tracebackhide__ = True
    analysis = _analysis(subject, input)
    halo = analysis.halo
    if halo.reasons:
        reason = halo.reasons[0]
        raise _failed(analysis, f"no overlap makes tiles exact: {halo.graph.name(reason.node)} {reason.text}")
    if halo.axes is None:
        raise _failed(analysis, "no overlap makes tiles exact: branches of several strides meet")
    before, after = (max(sides) for sides in zip(*((axis.before, axis.after) for axis in halo.axes), strict=True))
    if overlap is not None and max(before, after) > overlap:
        raise _failed(analysis, f"tiles must overlap by {before} pixels before and {after} after, not {overlap}")


def assert_budget(subject: Subject, input: Size | None = None, **limits: float) -> None:
    """The design keeps to its budgets, as ``check --budget`` has them: ``parity=1.5, corner_centre=0.2``."""
    __tracebackhide__ = True
    text = ",".join(f"{name}={limit!r}".replace("e+", "e") for name, limit in limits.items())
    analysis = _analysis(subject, input)
    if findings := missed(analysis, parsed_budgets(text)):
        raise _failed(analysis, "; ".join(finding.message for finding in findings))


def assert_no_findings(
    subject: Subject,
    level: str = LEVELS[-1],
    known: Collection[str] = (),
    input: Size | None = None,
) -> None:
    """The check finds nothing at ``level`` or above, ``error`` or ``warning``, but for the ``known`` codes."""
    __tracebackhide__ = True
    if level not in LEVELS:
        raise UserError(f"{level!r} is no level; give {' or '.join(LEVELS)}")
    analysis = _analysis(subject, input)
    failing = LEVELS[: LEVELS.index(level) + 1]
    found = [one for one in findings_of(analysis) if one.severity in failing and one.code not in known]
    if found:
        told = "; ".join(f"{one.severity} {one.code}: {one.message}" for one in found)
        raise _failed(analysis, told)


def _analysis(subject: Subject, size: Size | None) -> DesignAnalysis:
    if isinstance(subject, str):
        text = parse(subject)
        return DesignAnalysis(design_of(text if size is None else text.with_options(size_text(size), None)))
    if hasattr(subject, "stage_nodes"):
        design = cast(Design, subject)
        return DesignAnalysis(design if size is None else design.at_input(size))
    if size is None:
        raise UserError(f"a {type(subject).__name__} does not tell its input; give it, as in input=(3, 96, 96)")
    return DesignAnalysis(loaded(".design.traced", __package__).module_design(subject, tuple(size)))


def _failed(analysis: DesignAnalysis, what: str) -> AssertionError:
    return AssertionError(f"{analysis.design.name}: {what}")
