"""The figure of a view, drawn as its own page draws it, from the same caches; covered while it is to be guessed."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib import import_module

import plotly.graph_objects as go
import streamlit as st

from core.design.text import parse
from core.figures.covered import covered
from core.figures.cuts import profile
from core.figures.field import growth, nested
from core.figures.maps import pathway_map
from core.lessons import View, parse_view
from core.lessons.view_analysis import ViewAnalysis
from pages.design_comparison import SLOTS, layout
from pages.design_comparison import views as comparing
from pages.design_comparison.request import Pane, Request
from pages.frame import screen, settings
from pages.parts import controls, share, tower
from pages.path_counts import shares as share_words
from pages.path_counts import words as path_words
from pages.receptive_field import words as field_words
from pages.work import apart, cache

Pixel = tuple[int, ...] | None
HEIGHT = 520  # of a map, so that a step fits a laptop's screen
_PANES = {1: 480, 2: 330, 3: 214}  # of square panes, by how many stand beside each other next to the words


Picks = Callable[[str], None]  # takes a clicked pixel, as it is typed


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A figure, the sentence that it shows, whether its cells can be covered, and its shape."""

    figure: go.Figure
    insight: str
    is_coverable: bool = False
    shape: screen.Shape = ""


def draw(address: str, key: str, is_covered: bool = False, pixel: Pixel = None, picks: Picks | None = None) -> None:
    """Draws the figure of a view; ``picks`` is called with a pixel that is clicked."""
    view = parse_view(address)
    if view.page in ("compare", "remedies", "training"):
        _compare(_beside(view), key, is_covered)
    elif view.page == "effective":
        _effective(view, key, is_covered)
    elif view.page == "paths" and setting(view, "view") == "tower" and not _is_shared(view):
        _tower(ViewAnalysis(view, cache.analysis), key, is_covered, pixel, picks)
    else:
        _single(_picture(view, pixel), key, is_covered, picks)


def _single(picture: Picture, key: str, is_covered: bool, picks: Picks | None) -> None:
    def take() -> None:
        for point in st.session_state[key]["selection"]["points"]:
            if picks is not None and "x" in point and "y" in point:
                picks(f"{round(point['y'])},{round(point['x'])}")

    chosen = take if picks is not None else None
    if not is_covered:
        share.chart(picture.figure, key, picture.insight, chosen, picture.shape)
    elif picture.is_coverable:
        share.chart(covered(picture.figure), key, "the figure; its numbers are covered", chosen, picture.shape)
    else:
        _curtain()


def _tower(known: ViewAnalysis, key: str, is_covered: bool, pixel: Pixel, picks: Picks | None) -> None:
    """The tower of one design; a pixel that was guessed is marked while all is covered."""

    def take(cells: str) -> None:
        row, _, position = cells.rpartition(",")[2].partition(":")
        if picks is not None and row == "0":
            picks(position)

    goal = None if known.unit is None else known.unit[known.axis]
    rows = apart.tower_of(_key(known), known.analysis, known.axis, goal)
    marked = [(0, pixel[0])] if is_covered and pixel and len(pixel) == 1 else list(known.cells)
    alt = path_words.insight(known.analysis, known.unit).replace("**", "")
    (drawn,) = tower.panes([rows], [marked], [goal], ["the tower, covered" if is_covered else alt])
    tower.show(tower.covered(drawn) if is_covered else drawn, key, steps=False, picks=take)


def _curtain() -> None:
    """Stands where a figure will be."""
    with st.container(border=True, height=220, vertical_alignment="center", horizontal_alignment="center"):
        st.caption("The figure appears with the answer.", text_alignment="center")


def _picture(view: View, pixel: Pixel) -> Picture:
    """What a page that looks at one design shows."""
    known = ViewAnalysis(view, cache.analysis)
    shown = setting(view, "view")
    if view.page == "field":
        return _field(known, shown)
    size = known.analysis.graph.input.size
    pixels = (pixel,) if pixel else controls.pixels_of(view.setting("pixel"), size)
    if _is_shared(view):
        return _shares(known, shown, pixels)
    insight = path_words.insight(known.analysis, known.unit)
    linear = setting(view, "scale") == "linear" if view.page == "paths" else False
    if len(size) == 1 or shown == "profile":
        return Picture(profile(known.counts, linear, pixels), insight)
    return Picture(pathway_map(known.counts, linear, pixels, HEIGHT), insight, True, "square")


def _is_shared(view: View) -> bool:
    return view.page == "paths" and setting(view, "reading") == "shares"


def _shares(known: ViewAnalysis, shown: str, pixels: tuple[tuple[int, ...], ...]) -> Picture:
    shares = known.analysis.path_shares(known.unit)
    insight, whole = share_words.insight(shares, known.unit), shares.denominator
    if len(shares.numerators.size) == 1 or shown == "profile":
        return Picture(profile(shares.numerators, True, pixels, whole=whole), insight)
    linear = setting(known.view, "scale") == "linear"
    return Picture(pathway_map(shares.numerators, linear, pixels, HEIGHT, whole=whole), insight, True, "square")


def _field(known: ViewAnalysis, shown: str) -> Picture:
    analysis = known.analysis
    unit = known.unit or analysis.unit
    names, layers = field_words.drawn_layers(analysis, analysis.design)
    insight = field_words.insight(analysis, unit)
    if shown == "input" and len(unit) == 2:
        drawn = nested(names, [analysis.fields[index] for index in layers], (unit[0], unit[1]))
        return Picture(drawn, insight, shape="square")
    idle = set(analysis.unproductive)
    marked = {row for row, index in enumerate(layers) if index in idle}
    along = [analysis.fields[index][known.axis] for index in layers]
    return Picture(growth(names, along, unit[known.axis], marked), insight)


def _compare(view: View, key: str, is_covered: bool) -> None:
    """The panes of several designs; covered ones leave their headings standing."""
    panes = [_pane("net", view.design, view)]
    panes += [_pane(slot, view.setting(slot), view) for slot in SLOTS if view.setting(slot)]
    of = Request(tuple(panes), None)
    unit, pixel = view.setting("unit"), controls.first_pixel(view.setting("pixel"))
    linear = setting(view, "scale") == "linear"
    columns, axis = layout.columns(len(panes)), 0 if setting(view, "axis") == "height" else 1
    match setting(view, "view"):
        case "map":
            picture = comparing.maps(of, linear, unit, pixel, columns)
        case "profile":
            picture = comparing.profiles(of, linear, axis, unit, pixel)
        case "field":
            picture = comparing.fields(of, axis, unit)
        case _:
            picture = comparing.towers(of, axis, unit, ())
    if setting(view, "view") == "map":
        for figure in picture.figures.values():
            figure.update_layout(height=min(figure.layout.height, _PANES[columns]))
    picture = replace(picture, picks="", differences={})
    if is_covered and setting(view, "view") in ("tower", "map"):
        hidden = {slot: covered(figure) for slot, figure in picture.figures.items()}
        towers = {slot: tower.covered(drawn) for slot, drawn in picture.towers.items()}
        picture = replace(picture, figures=hidden, towers=towers, captions={}, caption="", bar=None)
    elif is_covered:
        _curtain()
        return
    layout.draw(of, picture, columns, key)


def _beside(view: View) -> View:
    """A view of several designs as the page that compares them writes it: remedies, and what is trained, beside one."""
    if view.page == "compare":
        return view
    if view.page == "training":
        against = setting(view, "against")
        others = [against if against[:1].isdigit() else f"+{against}"]
    else:
        others = [f"+{name.strip()}" for name in view.setting("remedies").split(",") if name.strip()][: len(SLOTS)]
    return View("compare", (("net", view.design), ("view", "map"), *zip(SLOTS, others, strict=False)))


def _pane(slot: str, typed: str, view: View) -> Pane:
    text = parse(f"{view.design}{typed}" if typed.startswith("+") else typed)
    return Pane(slot, typed, text, cache.analysis(str(text), view.gates))


def _effective(view: View, key: str, is_covered: bool) -> None:
    """Measured on a live model, with the recipe under it."""
    if is_covered:
        _curtain()
    else:
        import_module("pages.lesson_steps.measured").draw(view, key)  # loads PyTorch


def setting(view: View, name: str) -> str:
    """A setting of a view, or what its page begins with."""
    return view.setting(name) or str(settings.table(view.page)[name].default)


def _key(known: ViewAnalysis) -> str:
    text = str(known.analysis.design.text)
    return f"{text}|gates" if known.analysis.gates else text
