"""The sentences and tables on padding in paths, their lengths, and what strides fold."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from core.design.analysis import DesignAnalysis, Unit
from core.exact.aliasing import aliased_by_ones
from core.exact.padding_share import PaddingShare
from core.exact.path_lengths import PathLengths
from core.formatting import counted_noun, format_count, format_list, format_percent
from core.network.axes import axis_names
from core.network.kinds import MAXPOOL

if TYPE_CHECKING:  # both load PyTorch
    from core.design.live_measures import AlphaFit, Shifted

TOO_LONG = "Counting this network takes long; `python -m core paths` tells of padding, path lengths and strides too."
PADDING = (
    "A path passes through padding where a tap lies on it, in any layer; taps on zeros are counted as if they showed "
    "the nearest sample, so that every border mode has one share. A max pool never takes its padding. Counts are "
    "exact; colours are floats."
)
LENGTHS = (
    "Windows are convolutions, pools and dense layers, of however many taps; joins, norms and upsampling are none. "
    "Veit et al., [arXiv 1605.06431](https://arxiv.org/abs/1605.06431): most gradient comes from short paths."
)
STRIDES = (
    "Aliased is the share of what a window passes, |H|², at frequencies that its output cannot hold, for an input that "
    "is equally strong at all; along all axes together. A max pool is not linear."
)


def padding(known: PaddingShare) -> str:
    """How much of all paths is padding, and how far it reaches."""
    mean = known.mean
    if mean is None:
        return "No path leads to the output."
    if not mean:
        return "**No path passes through padding.**"
    corner = known.share((0,) * len(known.whole.size))
    where = "an end" if len(known.whole.size) == 1 else "a corner"
    at_corner = "" if corner is None else f", **{format_percent(corner)}** of those to the unit at {where}"
    text = f"**{format_percent(mean)}** of all paths pass through padding{at_corner}."
    if known.reach is None:
        return f"{text} It reaches **every output unit**."
    sides = [f"{before} before and {after} after" for before, after in known.reach]
    if len(set(sides)) > 1:
        sides = [f"{side} in {axis}" for side, axis in zip(sides, axis_names(len(sides)), strict=True)]
    else:
        sides = sides[:1]
    return f"{text} Of the units along each axis it reaches {format_list(sides)}."


def lengths(known: PathLengths, unit: Unit) -> str:
    """How many windows are on the paths."""
    spectrum = known.spectrum()
    goal = "the outputs" if unit is None else "the unit"
    if not spectrum:
        return f"No path leads to {goal}."
    if len(spectrum) == 1:
        (length,) = spectrum
        return f"All **{format_count(known.total)}** paths to {goal} have **{counted_noun(length, 'window')}** on them."
    least, most = min(spectrum), max(spectrum)
    usual = max(spectrum, key=spectrum.__getitem__)
    return (
        f"Paths to {goal} have **{least} to {most} windows** on them; the most, "
        f"{float(100 * spectrum[usual] / known.total):.3g} %, have {usual}."
    )


def weighed(percent: int) -> str:
    """What the second map shows."""
    return (
        f"Counts of paths, and the same weighed by {percent / 100:g} for each window on a path, each to its own largest"
    )


def alpha(fit: "AlphaFit") -> str:
    """What the fitted alpha brings, whichever way it comes out."""
    if fit.before is None or fit.after is None:
        return f"Alpha **{fit.alpha:.3g}** fits best; the maps are constant, so that no correlation tells how well."
    verb = "predicts" if fit.after > fit.before else "does **not** predict"
    return (
        f"Alpha **{fit.alpha:.3g}** fits best, and {verb} the effective field of other weights better than the plain "
        f"count: correlation **{fit.before:.4f}** before, **{fit.after:.4f}** after."
    )


def aliased(analysis: DesignAnalysis) -> list[dict[str, str]]:
    """One row for each window that strides."""
    return [
        {
            "Layer": analysis.graph.name(index),
            "Stride": " × ".join(str(stride) for stride in dict.fromkeys(window.stride for window in windows)),
            "Aliased, weights of one": "not linear" if node.op == MAXPOOL else _percent(aliased_by_ones(windows)),
        }
        for index, node, windows in analysis.strided()
    ]


def live_strides(analysis: DesignAnalysis, shares: Mapping[int, float | None], shifts: "Sequence[Shifted]") -> str:
    """What the live model's own weights alias, and what a shift changes, as a list."""
    own = [f"{analysis.graph.name(index)}: {_percent(share)} aliased by its own weights"
           for index, share in shares.items() if share is not None]  # fmt: skip
    moved = []
    for one in shifts:
        same = (
            "" if one.same is None else f"; the largest channel stays the largest in {100 * one.same:.3g} % of images"
        )
        moved.append(f"a shift by {one.shift} changes the mean output by **{100 * one.change:.3g} %**{same}")
    return "\n".join(f"- {line[0].upper()}{line[1:]}" for line in (*own, *moved))


def live_recipe(seed: int) -> str:
    """What was measured."""
    return (
        f"The model that seed {seed} draws. Effective fields are √E[g²] in closed form, alpha being fitted to one and "
        "judged by that of the next seed. Shifts: 8 noise images, wrapped, along all axes; a shift by the whole stride "
        "product moves the output by whole units, and what still changes is the border's doing."
    )


def _percent(share: float) -> str:
    return f"{100 * share:.3g} %"
