"""What a link can carry: the settings that all pages share, and those that each page declares.

Settings live in the URL through Streamlit's own binding of widgets; a value that is not legal there would silently
become the default, so ``rejected`` names it before any widget is made. A setting of one name may have other legal
values on another page (``view``): the page that is shown decides.
"""

from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from urllib.parse import parse_qsl, urlencode

import streamlit as st
from streamlit.errors import StreamlitAPIException

from pages.frame.page import Setting
from pages.frame.registry import HOME, PAGES

VERSION = "2"
START = "15x15; conv k3 p1 x4"

SHARED: dict[str, Setting] = {
    "net": Setting(START, longest=None),  # the design
    "gates": Setting(False),  # whether what passes through gates is counted too
    "unit": Setting(
        "", picked=True
    ),  # of the output: centre, all, or one as in 3,4; nothing: what the page begins with
    "pixel": Setting("", longest=36, picked=True),  # the picked input pixel, or two, as in 0,0;7,7
    "axis": Setting("width", ("width", "height", "depth")),
    "seed": Setting(0, range(0, 10**6)),
    "picture": Setting("svg", ("svg", "png")),  # what the camera saves
}
# The version, how the page is shown, and those of a class
_OWN = {"v", "embed", "embed_options", "present", "room", "seat", "teach"}
_FOLLOWED = "_followed"  # the settings of the class, as text, while its screen is followed


@cache
def table(page: str) -> Mapping[str, Setting]:
    """The settings of a page, its own and the shared ones."""
    return {**SHARED, **PAGES[page].settings}


def shown_page() -> str:
    """The page that this run shows."""
    return str(st.session_state.get("_page", HOME))


def setting(name: str) -> Setting:
    """A setting as the shown page has it; of another page where only that one has it."""
    own = table(shown_page())
    if name in own:
        return own[name]
    return next(page.settings[name] for page in PAGES.values() if name in page.settings)


def is_known(name: str) -> bool:
    """Whether any page has such a setting."""
    return name in SHARED or any(name in page.settings for page in PAGES.values())


def rejected(params: Mapping[str, str]) -> list[str]:
    """One sentence for every parameter of the URL that is not a legal setting."""
    complaints = []
    for name, text in params.items():
        shown = text if len(text) <= 40 else text[:40] + "…"
        if is_known(name):
            if complaint := setting(name).complaint(text):
                default = setting(name).default
                complaints.append(f"{name}={shown} was not used: {complaint}; {default!r} stands instead")
        elif name not in _OWN:
            complaints.append(f"{name}={shown} was not used: there is no such setting")
        elif name == "v" and text not in ("1", VERSION):
            complaints.append(f"v={shown}: the link was made by another version; its settings may mean something else")
    return complaints


def value(name: str) -> str | int | bool:
    """The current value of a setting, whether or not its widget has been made in this run; always a legal one."""
    known, held = setting(name), st.session_state.get(name)
    if (followed := st.session_state.get(_FOLLOWED)) is not None:
        return known.read(followed[name]) if name in followed else known.default
    if held is None and (text := st.query_params.get(name)) and not known.complaint(text):
        return known.read(text)
    return known.default if held is None or known.complaint(str(held)) else held


def in_address(name: str) -> str | int | bool:
    """The value of a setting that no widget holds, so that the address alone has it."""
    known, text = setting(name), st.query_params.get(name, "")
    return known.read(text) if text and not known.complaint(text) else known.default


def link(base: str) -> str:
    """A link that restores this page: its version, and every setting that differs from that version's default."""
    return f"{base.split('?')[0]}?{urlencode({'v': VERSION, **changed()})}"


def changed() -> dict[str, str]:
    """Every setting of the shown page that differs from its default, as text."""
    values = {name: value(name) for name in table(shown_page())}
    return {name: str(held) for name, held in values.items() if held != setting(name).default}


def address() -> str:
    """The shown page and its settings, relative to the app: what a class follows."""
    return f"{shown_page()}?{urlencode(changed())}"


def of_address(text: str) -> tuple[str, dict[str, str]] | None:
    """The page and the legal settings of an address; None where there is no such page."""
    page, _, query = text.partition("#")[0].partition("?")
    if page not in PAGES:
        return None
    known = table(page)
    given = dict(parse_qsl(query, max_num_fields=100))
    return page, {name: held for name, held in given.items() if name in known and not known[name].complaint(held)}


def follows() -> bool:
    """Whether this screen shows what a class is shown: pages then make no controls, and values are the class's."""
    return st.session_state.get(_FOLLOWED) is not None


def follow(values: Mapping[str, str]) -> None:
    """Lets the shown page have these settings and no others, until ``go_alone``."""
    if (before := st.session_state.get(_FOLLOWED)) == values:
        return
    for name in _all_names():
        st.session_state.pop(name, None)
        if before is None:
            with suppress(KeyError, StreamlitAPIException):
                del st.query_params[name]
    st.session_state[_FOLLOWED] = dict(values)


def went_alone() -> bool:
    """Whether a follower has set something, as a button of a page does, or has called ``go_alone``."""
    if _FOLLOWED not in st.session_state:
        return False
    return not follows() or any(
        name in st.session_state and str(st.session_state[name]) != str(value(name)) for name in table(shown_page())
    )


def go_alone() -> None:
    """Ends following; what the class was shown, and what the visitor has set since, stays. Also a callback."""
    if (followed := st.session_state.get(_FOLLOWED)) is not None:
        own = {name: st.session_state[name] for name in table(shown_page()) if name in st.session_state}
        st.session_state[_FOLLOWED] = None
        for name, text in followed.items():
            st.query_params[name] = text  # where those lie that no control holds
        put({**{name: setting(name).read(text) for name, text in followed.items()}, **own})


def come_back() -> None:
    """Forgets that the visitor has gone alone; a callback."""
    st.session_state.pop(_FOLLOWED, None)


def keep() -> None:
    """Keeps the settings over a run that makes no controls for them: Streamlit forgets what no widget holds."""
    for name in table(shown_page()):
        if name in SHARED or name in st.session_state:
            with suppress(StreamlitAPIException):  # this run made its control
                st.session_state[name] = value(name)


@cache
def _all_names() -> frozenset[str]:
    return frozenset(SHARED).union(*(page.settings for page in PAGES.values()))


def put(values: Mapping[str, str | int | bool]) -> None:
    """Sets settings; a callback."""
    for name, held in values.items():
        st.session_state[name] = held


def lesson_view() -> str:
    """The shown state as a lesson writes it: the page, the design, and every other setting that is changed."""
    values = {"net": str(value("net")), **changed()}
    return f"{shown_page()}?{'&'.join(f'{name}={held}' for name, held in values.items())}"


def put_design(text: str) -> None:
    """Makes ``text`` the design and lets go of what was picked in the old one; a callback."""
    st.session_state["net"] = text
    let_go()


def reset() -> None:
    """Every setting back to its default, also those whose widgets are not on screen; a callback."""
    for page in PAGES:
        for name, known in table(page).items():
            st.session_state[name] = known.default
    for name, known in table(shown_page()).items():
        st.session_state[name] = known.default
    st.session_state["_resets"] = st.session_state.get("_resets", 0) + 1
    for name in list(st.query_params):
        with suppress(StreamlitAPIException):  # bound to a widget: that one drops it itself
            del st.query_params[name]


def let_go() -> None:
    """Forgets what was picked in the design, on every page; a callback."""
    for page in PAGES:
        for name, known in table(page).items():
            if known.picked:
                st.session_state[name] = known.default
