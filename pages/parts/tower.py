"""The tower on a page: one drawing (``assets/tower``) that steps, picks and explains without the server.

It is sent the rows of every depth within reach, and reports the step and the picked units once they rest.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from html import escape
from math import ceil
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.errors import StreamlitAPIException

from core.design.analysis import Unit
from core.design.text import DesignText
from core.errors import UserError
from core.exact.along import along
from core.exact.tower import MAX_ROWS, Tower, refuse_outside
from core.figures.tower_rows import look, rows_text, scale_bottom, shared_frames, strips_text
from pages.frame import settings
from pages.frame.shell import Frame
from pages.work import apart, cache

_ASSETS = Path(__file__).parents[2] / "assets" / "tower"
_SCRIPT = "\n".join(path.read_text() for path in sorted(_ASSETS.glob("*.js")))
_LOOK = (_ASSETS / "look.css").read_text()
_ROOT = '<div class="rf-tower"></div>'
_AHEAD = 8  # steps beyond the present one that are sent at least, in whole blocks: most steps send the same again
_REMEDIED = 4  # steps on each side of a design with remedies
_CELLS = re.compile(r"(\d{1,6}:\d{1,6}(,\d{1,6}:\d{1,6})?)?")

_PAGE_LOOK = (
    "body{background:#fff;color:#1c1c1a;font-family:system-ui,sans-serif;margin:1.5rem}"
    "h1{font-size:1.5rem;font-weight:500}h2{font-size:1.1rem}h2:empty{display:none}"
)
_NOWHERE = -1

Cells = Sequence[tuple[int, int]]

_component = st.components.v2.component("tower", html=_ROOT, css=_LOOK, js=_SCRIPT, isolate_styles=False)


@dataclass(frozen=True, slots=True)
class Drawing:
    """A tower as it is sent; ``whole``: every unit is drawn, not a strip for each layer."""

    text: str
    whole: bool


def page(title: str, drawings: Mapping[str, Drawing]) -> str:
    """A page that needs nothing else: drawings by their headings, which answer there too, below what they show."""
    plain = escape(title.replace("**", ""))
    places, calls = [], []
    for index, (heading, drawn) in enumerate(drawings.items()):
        places.append(f'<section id="t{index}"><h2>{escape(heading)}</h2>{_ROOT}</section>')
        data = json.dumps(drawn.text).replace("</", "<\\/")
        place = f"parentElement: document.getElementById('t{index}')"
        calls.append(f"tower({{{place}, data: {data}, setTriggerValue() {{}}}});")
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{plain}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_PAGE_LOOK}{_LOOK}</style></head>'
        f"<body><h1>{plain}</h1>{''.join(places)}"
        f'<script type="module">{_SCRIPT}\n{"".join(calls)}</script></body></html>'
    )


def drawing(of: Frame, steps: Sequence[str], axis: int, unit: Unit, picked: Cells, each: bool, alt: str) -> Drawing:
    """The tower of a page's design along ``axis``, with the steps of depth around it.

    ``unit``: of the output; ``each``: colours run over each row, not over all. Raises
    :class:`~core.errors.UserError` for a picked unit that there is not.
    """
    graph = along(of.analysis.graph, axis)
    for cell in picked:
        refuse_outside(graph, cell)
    reach = _reach(of, steps, axis)
    goal = None if unit is None else unit[axis]
    aims = _aims(reach, goal, axis)
    texts = [text for text, _ in reach.steps]
    whole = len(graph.nodes) <= len(reach.rows.units)
    body = reach.rows.text if whole else strips_text(apart.tower_of(of.key, of.analysis, axis, goal), each)
    head = _head(str(of.text), picked, each, alt) | {
        "callouts": _callouts(reach, unit),
        "key": f"{reach.deepest}|{axis}|{of.analysis.gates}|{whole}|{'' if whole else (goal, each)}",
        "now": texts.index(str(of.text)),
        "steps": [
            {"text": text, "rows": end if whole and end and aim is not _NOWHERE else 0, "goal": aim}
            for (text, end), aim in zip(reach.steps, aims, strict=True)
        ],
    }
    return Drawing(f'{{"head": {json.dumps(head)}, "body": {body}}}', whole)


def panes(
    towers: Sequence[Tower], picked: Sequence[Cells], goals: Sequence[int | None], names: Sequence[str]
) -> list[Drawing]:
    """Towers side by side: one scale of colours, input positions alike, rows as high; each has one step."""
    frames, bottom = shared_frames([one.rows for one in towers]), scale_bottom(towers)
    result = []
    for one, cells, goal, name, within in zip(towers, picked, goals, names, frames, strict=True):
        body = rows_text(one.rows) if one.whole else strips_text(one, each=False)
        steps = [{"text": name, "rows": len(one.rows) if one.whole else 0, "goal": goal}]
        own = {"key": hash((body, goal)), "now": 0, "steps": steps, "frame": within, "bottom": bottom}
        head = _head(name, cells, False, name) | own
        result.append(Drawing(f'{{"head": {json.dumps(head)}, "body": {body}}}', one.whole))
    return result


def covered(drawn: Drawing) -> Drawing:
    """The same tower with all that it says covered: its cells and lines are there, alike and without numbers."""
    begins, _, rest = drawn.text.partition('{"head": {')
    assert not begins
    return replace(drawn, text=f'{{"head": {{"covered": true, {rest}')


def show(drawn: Drawing, key: str = "tower", steps: bool = True, picks: Callable[[str], None] | None = None) -> None:
    """Draws a tower, and makes what is picked in it and, of one that ``steps``, what it steps to the settings.

    ``picks``: what is called with the picked units instead, as in ``0:7``. Who follows a class can point and pick,
    which changes nothing beyond the drawing.
    """

    def take() -> None:
        if settings.follows():
            return
        change = st.session_state[key].get("change")
        if not isinstance(change, dict):
            return
        net, cell = change.get("net"), change.get("cell")
        if steps and isinstance(net, str) and net:
            st.session_state["net"] = net
        if isinstance(cell, str) and _CELLS.fullmatch(cell):
            if picks is None:
                st.session_state["cell"] = cell
                with suppress(StreamlitAPIException):  # the control that holds it writes the address
                    st.query_params["cell"] = cell
            else:
                picks(cell)

    _component(key=key, data=drawn.text.encode(), on_change_change=take)


def _callouts(reach: "_Reach", unit: Unit) -> str:
    """What the first pixel is called where it and the middle one are called out: a corner, if the axes are alike."""
    graph = cache.analysis(reach.deepest, reach.gates).graph
    square = len(graph.input.size) == 2 and graph.separable and graph.axes_alike
    return "corner" if square and (unit is None or len(set(unit)) == 1) else "end"


def _head(net: str, picked: Cells, each: bool, alt: str) -> dict[str, Any]:
    alt = alt.replace("**", "")
    return {"net": net, "picked": list(picked), "each": each, "bottom": None, "alt": alt, **look()}


@dataclass(frozen=True, slots=True)
class _Reach:
    """Steps of depth around the present one: each with how many of ``rows`` it has, None where these are not held."""

    steps: list[tuple[str, int | None]]
    rows: cache.SentRows
    deepest: str  # the design whose rows they are
    gates: bool


def _reach(of: Frame, steps: Sequence[str], axis: int) -> _Reach:
    """A typed network's steps are its first layers: one list of rows holds all of them. Others are asked for singly."""
    text, gates = str(of.text), of.analysis.gates
    now = steps.index(text) if text in steps else -1
    if now >= 0 and of.text.kind in ("typed", "preset"):
        with suppress(UserError):
            if (reach := _together(of.text, steps, now, axis)) is not None:
                return reach
    rows = cache.sent_rows(text, gates, axis)
    near = steps[max(now - 1, 0) : now + 2] if now >= 0 else [text]
    own = rows.ends[-1] if rows.ends[-1] <= len(rows.units) else None
    return _Reach([(step, own if step == text else None) for step in near], rows, text, gates)


def _together(text: DesignText, steps: Sequence[str], now: int, axis: int) -> _Reach | None:
    """Steps of a typed network that are the first layers of the deepest one within reach; None if they are others."""
    first, last = 0, min(len(steps), max(now + 1, min(_AHEAD * ceil((now + 1 + _AHEAD) / _AHEAD), MAX_ROWS)))
    layers = tuple(range(1, last + 1))
    if text.remedies:  # which must be applied to every step
        first, last = max(0, now - _REMEDIED), min(last, now + 1 + _REMEDIED)
        layers = cache.first_layers(tuple(steps[first:last]), now - first)
    if not any(layers):
        return None
    deepest = first + layers.index(max(layers))
    rows = cache.sent_rows(steps[deepest], False, axis)
    ends = {steps[first + place]: rows.ends[count - 1] for place, count in enumerate(layers) if count}
    held = {step: end for step, end in ends.items() if end <= len(rows.units)}
    near = steps[max(first - 1, 0) : deepest + 2]
    return _Reach([(step, held.get(step)) for step in near], rows, steps[deepest], False)


def _aims(reach: _Reach, goal: int | None, axis: int) -> list[int | None]:
    """The output unit of each step that paths lead to, None for all; ``_NOWHERE`` where a step has none such."""
    if goal is None:
        return [None] * len(reach.steps)
    if str(settings.value("unit")) != "centre":
        return [goal if end and goal < reach.rows.units[end - 1] else _NOWHERE for _, end in reach.steps]
    central = cache.central_units(reach.deepest, reach.gates, axis)
    return [central[end - 1] if end else _NOWHERE for _, end in reach.steps]
