"""How the panes stand on the page: their headings, their figures, the differences below, the way out of a refusal."""

from collections.abc import Callable
from contextlib import nullcontext
from html import escape
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.bar.design_bar import ways_out
from pages.design_comparison import views, words
from pages.design_comparison.request import Pane, Request, put, unit_of
from pages.frame import screen
from pages.parts import controls, picks, share, tower

_LONGEST = {1: 90, 2: 60, 3: 36}  # characters of a heading, by how many panes stand in a row


def columns(panes: int) -> int:
    """Panes in one row: four stand two by two, so that their numbers can be read."""
    return 2 if panes == 4 else panes


def pixel(of: Request) -> str:
    """The pixel as typed, with a button that lets go of it."""
    typed = controls.text("pixel", "Pixel", width=130, help="row,column, or click any map")
    controls.clear("pixel", typed)
    return controls.first_pixel(typed)


def axis(of: Request) -> int:
    """The axis along which two-dimensional designs are drawn."""
    return controls.drawn_axis(max(len(pane.analysis.graph.input.size) if pane.analysis else 1 for pane in of.panes))


def draw(of: Request, picture: views.Picture, in_a_row: int, keys: str = "pane", shape: screen.Shape = "") -> None:
    """Every pane with its heading, then the scale of colours; ``shape``: of figures that are maps."""
    headings = words.names(of.panes, _LONGEST[in_a_row])
    for place, pane in zip(_places(of, in_a_row), of.panes, strict=True):
        with place:
            _pane(pane, headings[pane.slot], picture, f"{keys}_{pane.slot}", shape if picture.bar is not None else "")
    default = "" if of.default is None else f"Nothing is typed: the second is the first with +{of.default}. "
    with nullcontext() if picture.bar is None else st.container(horizontal=True, vertical_alignment="center"):
        if picture.bar is not None:
            with st.container(width=420):
                share.chart(picture.bar, f"{keys}_scale", "what the colours mean")
        st.caption(default + picture.caption)


def progress(place: DeltaGenerator, of: Request, in_a_row: int) -> Callable[[views.Picture], None]:
    """What draws the picture so far, each time under new keys."""
    times = iter(range(10**6))

    def show(picture: views.Picture) -> None:
        with place.container():
            draw(of, picture, in_a_row, f"part_{next(times)}", "pane")

    return show


def differences(of: Request, picture: views.Picture, in_a_row: int) -> None:
    """Under each design its differences from the first; under the first what they are."""
    if not picture.differences:
        return
    headings = words.names(of.panes, _LONGEST[in_a_row])
    below, *places = _places(of, in_a_row)
    with below:
        st.markdown("**Differences**")
        st.caption(f"of shares, less those of {words.plain(headings[of.panes[0].slot])}; numbers: percentage points.")
        if picture.difference_bar is not None:
            share.chart(picture.difference_bar, "less_scale", "what the colours of the differences mean")
    for place, pane in zip(places, of.panes[1:], strict=True):
        if pane.slot in picture.complaints:
            continue
        with place:
            st.markdown(f"**{words.plain(headings[pane.slot])}**, less the first")
            if pane.slot in picture.differences:
                key = f"less_{pane.slot}"
                figure = picture.differences[pane.slot]
                share.chart(figure, key, f"{headings[pane.slot]}, less the first", picks.named(key, picture.picks))
            else:
                st.caption("No difference: the inputs have different sizes.")


def table(of: Request, view: str, unit: str, typed: str) -> list[words.Row]:
    """One row for each design whose numbers can be had."""
    usual = "centre" if view in ("field", "effective") else "all"
    place, standings, _ = views.count_standings(of, unit, typed)
    units, _ = of.ask(lambda _, analysis: unit_of(analysis, unit, usual))
    held = [pane for pane in of.panes if pane.slot in standings and pane.slot in units]
    analyses = {pane.slot: pane.analysis for pane in held if pane.analysis is not None}
    return words.rows(held, analyses, units, standings, place)


def handout(of: Request, picture: views.Picture, only_first: bool = False) -> str:
    """A page that needs nothing else: every figure with its heading, or the first, and the headline."""
    headings = words.names(of.panes)
    slots = list(picture.drawn)[: 1 if only_first else None]
    if picture.towers:
        return tower.page(picture.headline, {headings[slot]: picture.towers[slot] for slot in slots})
    parts: list[str] = []
    for slot in slots:
        drawn = picture.figures[slot].to_html(full_html=False, include_plotlyjs=not parts)
        parts.append(f"<h2>{escape(headings[slot])}</h2>{drawn}")
    title = escape(picture.headline.replace("**", ""))
    head = f'<meta charset="utf-8"><title>{title}</title>'
    return f"<!doctype html><html><head>{head}</head><body><h1>{title}</h1>{''.join(parts)}</body></html>"


def _places(of: Request, in_a_row: int) -> list[DeltaGenerator]:
    """A place for each design, in rows."""
    rows = range(0, len(of.panes), in_a_row)
    return [place for _ in rows for place in st.columns(in_a_row)][: len(of.panes)]


def _pane(pane: Pane, title: str, picture: views.Picture, key: str, shape: screen.Shape) -> None:
    st.markdown(f"**{words.plain(title)}**")
    if pane.slot in picture.complaints:
        _refused(pane, picture.complaints[pane.slot])
    elif pane.slot in picture.towers:
        tower.show(picture.towers[pane.slot], key, steps=False)
        st.caption(picture.captions.get(pane.slot, ""))
    elif pane.slot in picture.figures:
        caption = picture.captions.get(pane.slot, "")
        chosen = picks.named(key, picture.picks) if picture.picks else None
        share.chart(picture.figures[pane.slot], key, f"{title}: {caption}", chosen, shape)
        st.caption(caption)


def _refused(pane: Pane, complaint: str) -> None:
    """Why a design has no figure, and what can be put in its place."""
    st.error(complaint, icon=":material/error:")
    if pane.slot == "net":
        return
    near = [] if pane.is_remedied else ways_out(pane.typed, complaint)
    for index, (label, text) in enumerate([*near, ("Leave this design out", "")]):
        args: tuple[Any, ...] = (pane.slot, text)
        st.button(label, key=f"_way_{pane.slot}_{index}", on_click=put, args=args, icon=":material/build:")
