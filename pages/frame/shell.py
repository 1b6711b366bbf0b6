"""What every page runs inside: the navigation, the design bar, the word on rejected settings, and the page's frame.

A ``pages/`` folder keeps Streamlit's old routing on until ``app.py`` has called ``st.navigation`` once: on a fresh
server a deep link runs the page's file alone. ``frame`` then runs ``app.py``, which comes back to the page.
"""

import functools
import runpy
from base64 import b64encode
from collections.abc import Sequence
from contextvars import ContextVar
from copy import copy
from dataclasses import dataclass
from typing import Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.navigation.page import StreamlitPage

from core.design.analysis import DesignAnalysis
from core.design.design import Design
from core.design.text import DesignText, parse
from core.errors import BusyError, UserError
from core.network import Network
from pages.bar import design_bar, player
from pages.class_room import attendance
from pages.frame import history, landing, screen, settings, version_1, warmup
from pages.frame.page import GROUPS
from pages.frame.registry import FOLDER, HOME, PAGES, script
from pages.work import cache, turns

_frame: ContextVar["Frame | None"] = ContextVar("frame", default=None)
# As an address that holds it: as a file it would be read and hashed in every run, twice.
LOGO = f"data:image/svg+xml;base64,{b64encode((FOLDER.parent / 'assets' / 'logo.svg').read_bytes()).decode()}"
APP = "Receptive-field imbalance explorer"
_OLD = {"erf": "effective", "design": "check", "model": "paths"}  # addresses of version 1


@dataclass(frozen=True, slots=True)
class Frame:
    """What every page is given: the design, what is known of it, and places for its answer and its settings.

    ``chosen`` is None on a page that has no design. ``controls`` is the row for those that a page needs first;
    ``folded``, on the first view of the app, says that it makes no others.
    """

    chosen: tuple[DesignText, DesignAnalysis] | None
    headline: DeltaGenerator
    corner: DeltaGenerator
    side: DeltaGenerator
    controls: DeltaGenerator
    folded: bool = False

    @property
    def text(self) -> DesignText:
        assert self.chosen is not None
        return self.chosen[0]

    @property
    def analysis(self) -> DesignAnalysis:
        assert self.chosen is not None
        return self.chosen[1]

    @property
    def design(self) -> Design:
        return self.analysis.design

    @property
    def network(self) -> Network:
        """The typed network, on a page that takes no other design."""
        assert self.design.network is not None
        return self.design.network

    @property
    def key(self) -> str:
        """What names the design, and whether its gates are read, in caches."""
        return f"{self.text}|gates" if self.analysis.gates else str(self.text)


def frame() -> Frame:
    """The frame of the page that runs, the first line of every page; it goes on only inside ``app.py``."""
    if (current := _frame.get()) is None:
        runpy.run_path(str(FOLDER.parent / "app.py"), run_name="__main__")
        st.stop()
    return current


def run() -> None:
    """Runs the page that the visitor looks at, when it is its turn."""
    with turns.page_turn():
        _run()


def _run() -> None:
    """Chooses the page, makes its frame and runs it; errors that a user can cause are told, others are not shown.

    The design bar is made here and not in the pages: Streamlit keeps in the URL, from page to page, just the settings
    of the script that holds the pages.
    """
    shown = {key: copy(_page(key)) for key in PAGES}
    old = [*(copy(_old_page(name)) for name in _OLD), copy(_named_home())]
    groups: dict[str, Sequence[StreamlitPage]] = {
        group: [shown[key] for key, page in PAGES.items() if page.group == group] for group in GROUPS
    }
    history.restore()
    attendance.begin()
    page = st.navigation({**groups, "": old}, position="hidden" if settings.follows() else "top")
    address = page.url_path
    if st.query_params.get("v") == "1" or address in _OLD:
        _open_version_1(address, shown)
    if address == HOME:  # which is written as none
        st.switch_page(shown[HOME], query_params=st.query_params.to_dict())
    key = address or HOME
    attendance.accompany(key, shown)
    landing.enter(key)
    st.set_page_config(
        f"{PAGES[key].name} · {APP}", LOGO, "wide", initial_sidebar_state=_sidebar(key), menu_items={"About": None}
    )
    _enter(key)
    for complaint in settings.rejected(st.query_params):
        st.warning(complaint, icon=":material/link_off:")
    screen.dress()
    row = st.container(
        horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", key="page_title"
    )
    if landing.is_shown():
        landing.introduce(row, APP)
        corner = row
    else:
        row.title(PAGES[key].question, anchor=False, width="content")
        beside = PAGES[key].presents  # two things stand in the corner then
        corner = row.container(horizontal=True, vertical_alignment="center", width="content") if beside else row
    if PAGES[key].presents and (screen.presents() or not landing.is_shown()):
        with corner:
            screen.button()
    attendance.strip(key)
    try:
        if PAGES[key].has_design:
            _run_with_design(key, page, corner)
        else:
            settings.keep()
            _run_framed(page, Frame(None, st.container(), corner, st.container(), st.container()))
    finally:
        warmup.spare_collection()


def _run_with_design(key: str, page: StreamlitPage, corner: DeltaGenerator) -> None:
    folded = landing.is_shown()
    above = st.container(key="headline") if folded else None  # on the first view it stands above all controls
    bar = st.container(horizontal=True, vertical_alignment="bottom", key="design_bar")
    chosen = design_bar.chosen(PAGES[key], bar, folded)
    attendance.publish(key)
    if attendance.covers():
        settings.keep()
        return
    if above is not None:
        _run_framed(page, Frame(chosen, above, corner, corner, bar, folded))
        return
    aside = st.empty() if settings.follows() else None
    side = st.sidebar if aside is None else aside.container()
    headline = st.container(key="headline")
    controls = st.container(horizontal=True, vertical_alignment="bottom", key="controls")
    _run_framed(page, Frame(chosen, headline, corner, side, controls))
    if aside is not None:
        aside.empty()  # a page puts controls there, of which a follower has none


def _run_framed(page: StreamlitPage, framed: Frame) -> None:
    token = _frame.set(framed)
    try:
        page.run()
    except BusyError as error:
        st.warning(str(error), icon=":material/hourglass_top:")
        st.button("Try again", icon=":material/refresh:")
    except UserError as error:
        st.error(str(error), icon=":material/error:")
        if not settings.follows():
            st.button("Take the centre and all outputs", on_click=settings.let_go, icon=":material/build:")
    finally:
        _frame.reset(token)


def _sidebar(key: str) -> Literal["collapsed", "auto"]:
    """Where it holds nothing, that of the page before would stay, empty; "auto" opens it again where it has room."""
    return "auto" if PAGES[key].has_design and not landing.is_shown() else "collapsed"


@functools.cache
def _page(key: str) -> StreamlitPage:
    """A page as Streamlit has it, whose file was looked for once; each run takes a copy, in which it is called."""
    page = PAGES[key]
    path = "" if key == HOME else key
    return st.Page(script(page), title=page.name, url_path=path, default=key == HOME)


@functools.cache
def _old_page(name: str) -> StreamlitPage:
    return st.Page(FOLDER / f"{name}.py", title=name, url_path=name, visibility="hidden")


@functools.cache
def _named_home() -> StreamlitPage:
    """The home page by its name, as an address that is typed; a file would make links to its script ambiguous."""
    return st.Page(lambda: None, title=PAGES[HOME].name, url_path=HOME, visibility="hidden")


def _enter(key: str) -> None:
    """Forgets, on another page than before, what has no meaning there."""
    if st.session_state.get("_page") == key:
        return
    player.stop()
    st.session_state["_page"] = key
    for name in ("view", "unit"):
        if name in st.session_state and settings.setting(name).complaint(str(st.session_state[name])):
            del st.session_state[name]


def _open_version_1(address: str, shown: dict[str, StreamlitPage]) -> None:
    """Opens what a link of version 1 opened; ends the run."""
    key, params = version_1.translated(address, st.query_params.to_dict())
    if params.get("unit") == "centre":
        params |= _middle_unit(params["net"])
    known = settings.table(key)
    kept = {name: text for name, text in params.items() if name in known and text != str(known[name].default)}
    st.switch_page(shown[key], query_params=kept)


def _middle_unit(text: str) -> dict[str, str]:
    """Version 1 called the unit at side // 2 the centre one; where that is another than today's, it is named."""
    try:
        analysis = cache.analysis(str(parse(text)))
        middle = tuple(side // 2 for side in analysis.graph.output.size)
    except UserError:
        return {}  # the page explains it
    return {} if middle == analysis.unit else {"unit": ",".join(map(str, middle))}
