"""The page's second reading: every unit is the mean of what it reads, and its numbers are shares."""

from fractions import Fraction
from functools import partial

import numpy as np
import streamlit as st

from core.design.analysis import DesignAnalysis, Unit
from core.design.code import design_code
from core.exact.imbalance import imbalance
from core.exact.shares import Shares
from core.figures.cuts import profile
from core.formatting import all_digits, format_percent, share_cell, share_told
from core.network.axes import place_names
from pages.frame import screen
from pages.frame.shell import Frame
from pages.parts import controls, picks, share
from pages.parts.words import measure_rows, place, times
from pages.work import apart, cache

_PROFILE_HEIGHT = 380  # pixels, as of the counts
_ROWS = 400  # of the table

WHAT = (
    "Every unit is taken as the mean of all that it reads; a share is exact, and shares of a unit add up to 1. "
    "Counts weigh every path alike, shares every unit. Neither knows any weights: what is trained, chooses."
)
_CELLS = "Cells hold fractions, or per cent where these are too long. "


def draw(frame: Frame, unit: Unit, view: str) -> None:
    """The shares in all outputs, or in one ``unit``: the sentence, the figure, what is picked, the tables."""
    analysis = frame.analysis
    apart.share(analysis, unit)
    shares = analysis.path_shares(unit)
    said = insight(shares, unit)
    frame.headline.header(said, anchor=False)
    size = shares.numerators.size
    picture, row = st.container(key="main_picture"), st.container(horizontal=True, vertical_alignment="bottom")
    with row:
        controls.choice("reading", "Counting")
        pixels = controls.input_pixels(size)
    if len(size) == 1 or view == "profile":
        figure = profile(shares.numerators, True, pixels, _PROFILE_HEIGHT, shares.denominator)
        picture_key, picks_of = "profile", None
        shape: screen.Shape = ""
    else:
        with row:
            linear = controls.choice("scale", "Scale") == "linear"
            if len(size) == 3:
                controls.plane(pixels, size)
        figure = cache.share_map(str(frame.text), analysis.gates, unit, linear, pixels)
        picture_key, picks_of, shape = "share_map", picks.of_map("share_map", len(size)), "square"
    with picture:
        share.chart(figure, picture_key, said, picks_of, shape)
    if pixels:
        st.markdown("; ".join(f"pixel {place(pixel)}: **{_told(shares, pixel)}**" for pixel in pixels))
    cells = "" if picks_of is None else _CELLS
    st.caption(f"{cells}{WHAT}{' The tower draws paths.' if view == 'tower' else ''}")
    measures = partial(_measures, analysis, shares)
    controls.folded_table("How unequal is it?", "_measures", lambda: measure_rows(measures()))
    controls.folded_table("All shares", "_counts", partial(_rows, shares))
    with frame.corner:
        share.take_away(
            partial(design_code, frame.design), partial(share.to_html, figure, said), partial(_arrays, shares), "shares"
        )


def insight(shares: Shares, unit: Unit) -> str:
    """One sentence on the shares, with its numbers."""
    goal = "an output, on average" if unit is None else f"output unit {place(unit)}"
    parts = shares.numerators.array()
    least, most = (np.unravel_index(int(end(parts)), parts.shape) for end in (np.argmin, np.argmax))
    low, high = (shares.at(tuple(map(int, at))) for at in (least, most))
    if not high:
        return f"Nothing of {goal} comes from any pixel."
    if low == high:
        return f"**Every pixel makes the same share** of {goal}: {share_cell(high)}."
    goal += "," if unit is None else ""
    first = f"**{format_percent(high)}** of {goal} comes from pixel {place(tuple(map(int, most)))}"
    last = f"pixel {place(tuple(map(int, least)))}"
    if not low:
        return f"{first}, nothing from {last}."
    return f"{first}, {format_percent(low)} from {last}: **{times(high / low)} times less**."


def _told(shares: Shares, pixel: tuple[int, ...]) -> str:
    return share_told(shares.numerators.at(pixel), shares.denominator)


def _measures(analysis: DesignAnalysis, shares: Shares) -> dict[str, Fraction | None]:
    return imbalance(shares.numerators, analysis.grid)


def _rows(shares: Shares) -> list[dict[str, str]]:
    """The shares as a table, in lowest terms; of a large map its first positions in even steps."""
    parts = shares.numerators.array()
    step = -(-parts.size // _ROWS)
    names = place_names(parts.ndim)
    return [
        dict(zip(names, map(str, at), strict=True)) | {"share": _digits(one), "per cent": f"{float(100 * one):.4g}"}
        for at, one in ((at, shares.at(at)) for at in list(np.ndindex(parts.shape))[::step])
    ]


def _digits(share: Fraction) -> str:
    """A share in lowest terms, however long."""
    above, below = share.as_integer_ratio()
    return all_digits(above) if below == 1 else f"{all_digits(above)}/{all_digits(below)}"


def _arrays(shares: Shares) -> dict[str, np.ndarray]:
    """Shares for a file: fractions as text, beside their floats."""
    parts = shares.numerators.array()
    fractions = [shares.at(at) for at in np.ndindex(parts.shape)]
    texts = np.array([_digits(part) for part in fractions]).reshape(parts.shape)
    return {"shares": texts, "as_float": np.array([float(part) for part in fractions]).reshape(parts.shape)}
