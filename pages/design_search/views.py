"""What the page on searches draws: the figure, what is picked, the ways to other pages."""

from itertools import count

import numpy as np
import plotly.graph_objects as go
import pyarrow.compute as pc
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.figures.scatter import Points, scatter
from core.search.quantities import QUANTITIES
from core.search.questions import Question
from core.search.request import Request
from pages.design_search import request, words
from pages.design_search.request import Asked, Searched
from pages.frame import settings
from pages.frame.registry import PAGES, script
from pages.parts import controls, picks, share
from pages.work import jobs

CHART = "front"
_STOPPED = "_search_stopped"
_UPLOAD = "_search_upload"
_drawn = count()


def uploaded() -> Searched | None:
    """The designs of a file, where one is open."""
    if settings.follows():
        return None
    with st.expander("Open the results of the command"):
        file = st.file_uploader(
            "A file that search --out has written", ["parquet"], key=_UPLOAD, max_upload_size=request.MAX_MEGABYTES
        )
    if file is None:
        return None
    held = st.session_state.get("_search_file")
    if held is None or held[0] != file.file_id:
        held = st.session_state["_search_file"] = file.file_id, request.read(file.getvalue(), file.name, file.file_id)
    searched: Searched = held[1]
    return searched


def searched(wanted: Request, question: Question, figure: DeltaGenerator) -> Searched:
    """All that is known of a request, counted now unless it was stopped; partial fronts are drawn meanwhile."""
    key = request.key_of(wanted)
    finished: Searched | None = jobs.results().finished(key)
    if finished is not None:
        return finished
    begun = jobs.partial(key)
    button = st.empty()
    if st.session_state.get(_STOPPED) == key and begun is not None:
        button.button("Go on", on_click=_go_on, icon=":material/play_arrow:")
        stopped: Searched = begun
        return stopped
    if not settings.follows():
        button.button("Stop", on_click=_stop, args=(key,), icon=":material/stop:")

    def draw(part: Searched) -> None:
        picture = chart(part, request.asked(part, question), question)
        figure.plotly_chart(picture, key=f"_partial_{next(_drawn)}")

    found = jobs.run_job(
        lambda: request.steps(wanted, begun),
        key,
        draw,
        lambda done, total, part: f"{done:,} of {total:,} members, {part.table.num_rows:,} designs",
        "Counting designs",
    )
    button.empty()
    return found


def _stop(key: str) -> None:
    st.session_state[_STOPPED] = key


def _go_on() -> None:
    st.session_state.pop(_STOPPED, None)


def chart(of: Searched, found: Asked, question: Question) -> go.Figure:
    """The designs by the two numbers that are compared."""
    y, x = _axes(question)
    texts = of.table.column("design").to_pylist()
    points = Points(_floats(of, x), _floats(of, y), texts)
    places = {text: place for place, text in enumerate(texts)}
    front = np.array([places[best.design] for best in found.answer.front], dtype=int)
    met = np.array(found.met, dtype=bool)
    return scatter(points, met, front, (words.title(x), words.title(y)), str(settings.value("pick")))


def _axes(question: Question) -> tuple[str, str]:
    names = [one.name for one in question.objectives]
    return names[0], names[-1]


def _floats(of: Searched, name: str) -> np.ndarray:
    column = of.table.column(f"{name}_float" if QUANTITIES[name].fraction else name)
    return np.asarray(pc.cast(column, "float64").to_numpy(), dtype=np.float64)


def draw(of: Searched, found: Asked, question: Question, place: DeltaGenerator) -> go.Figure:
    """The finished figure, which can be clicked."""
    picture = chart(of, found, question)
    with place.container():
        share.chart(picture, CHART, "designs by two of their numbers", picks.named(CHART, "pick"))
        st.caption(words.CAPTION)
    return picture


def ways(found: Asked, question: Question) -> None:
    """The picked design, else the first of the front, with links to the pages that look at it; and a second beside."""
    front = [best.design for best in found.answer.front]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        typed = controls.text("pick", "Picked", placeholder="click a design", help="a design of the space")
        controls.clear("pick", typed)
    picked = typed or (front[0] if front else "")
    if not picked:
        return
    told = {best.design: words.numbers_told(best.values, question.objectives) for best in found.answer.front}
    st.markdown(f"**{'Picked' if typed else 'The first of the front'}**")
    st.code(picked, language=None, wrap_lines=True)
    if picked in told:
        st.caption(told[picked])
    with st.container(horizontal=True):
        for page, label in (("paths", "See its paths"), ("check", "Check it"), ("tiles", "Tile it")):
            st.page_link(script(PAGES[page]), label=label, icon=":material/open_in_new:", query_params={"net": picked})
    others = [text for text in front if text != picked]
    if others and not settings.follows():
        second = st.selectbox("Compare with another of the front", others, key="_search_second")
        st.page_link(
            script(PAGES["compare"]),
            label="Compare the two",
            icon=":material/compare:",
            query_params={"net": picked, "second": second, "view": "map"},
        )
