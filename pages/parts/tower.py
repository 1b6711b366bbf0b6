"""The tower on a page: one drawing (``assets/tower``) that steps, picks and explains without the server.

It is sent every depth within reach (:mod:`.tower_steps`), and reports the step and the picked units once they rest.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.errors import StreamlitAPIException

from core.design.analysis import Unit
from core.exact.tower import Tower, refuse_outside
from core.figures.tower_rows import look, rows_text, scale_bottom, shared_frames, strips_text
from pages.frame import settings
from pages.frame.shell import Frame
from pages.parts import tower_steps

_ASSETS = Path(__file__).parents[2] / "assets" / "tower"
_SCRIPT = "\n".join(path.read_text() for path in sorted(_ASSETS.glob("*.js")))
_LOOK = (_ASSETS / "look.css").read_text()
_ROOT = '<div class="rf-tower"></div>'
_CELLS = re.compile(r"(\d{1,6}:\d{1,6}(,\d{1,6}:\d{1,6})?)?")

_PAGE_LOOK = (
    "body{background:#fff;color:#1c1c1a;font-family:system-ui,sans-serif;margin:1.5rem}"
    "h1{font-size:1.5rem;font-weight:500}h2{font-size:1.1rem}h2:empty{display:none}"
)

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
    reach = tower_steps.reach(of, steps, axis, unit, each)
    for cell in picked:
        refuse_outside(reach.graph, cell)
    head = _head(str(of.text), picked, each, alt) | {
        "callouts": "corner" if reach.square and (unit is None or len(set(unit)) == 1) else "end",
        "key": hash((reach.rows, *(step.strips for step in reach.steps))),
        "now": reach.now,
        "steps": [{"text": step.text, "rows": step.rows, "goal": step.goal} for step in reach.steps],
    }
    return _drawing(head, reach.rows, [step.strips for step in reach.steps], reach.steps[reach.now].rows > 0)


def panes(
    towers: Sequence[Tower], picked: Sequence[Cells], goals: Sequence[int | None], names: Sequence[str]
) -> list[Drawing]:
    """Towers side by side: one scale of colours, input positions alike, rows as high; each has one step."""
    frames, bottom = shared_frames([one.rows for one in towers]), scale_bottom(towers)
    result = []
    for one, cells, goal, name, within in zip(towers, picked, goals, names, frames, strict=True):
        body = rows_text(one.rows if one.whole else ())
        strips = "null" if one.whole else strips_text(one, each=False)
        steps = [{"text": name, "rows": len(one.rows) if one.whole else 0, "goal": goal}]
        own = {"key": hash((body, strips, goal)), "now": 0, "steps": steps, "frame": within, "bottom": bottom}
        head = _head(name, cells, False, name) | own
        result.append(_drawing(head, body, [strips], one.whole))
    return result


def _drawing(head: dict[str, Any], rows: str, strips: Sequence[str], whole: bool) -> Drawing:
    """``rows``, and ``strips`` of each step, as text that JSON reads."""
    return Drawing(f'{{"head": {json.dumps(head)}, "body": {rows}, "strips": [{", ".join(strips)}]}}', whole)


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


def _head(net: str, picked: Cells, each: bool, alt: str) -> dict[str, Any]:
    alt = alt.replace("**", "")
    return {"net": net, "picked": list(picked), "each": each, "bottom": None, "alt": alt, **look()}
