"""The controls that pages share. The network's text is the one truth; every other control of it reads and writes it.

Keys that begin with ``_`` are views of a setting and are set from it before each run; the others are settings, bound
to the URL.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.design.repair import possible, repairs
from core.errors import UserError
from core.exact.work import refuse_absurd
from core.formatting import format_count, grouped_digits
from core.network import PRESETS, Network, graph_of, parse
from core.network.window import BORDERS
from pages.shared import layer_table, player, settings
from pages.shared.simple import PADDINGS, Simple, simple

_PRESET_NAMES = {str(preset): name for name, preset in PRESETS.items()}
_KEYS = ("axes", "side", "kernel", "stride", "padding", "border", "dilation")


def choice(name: str, label: str, **options: object) -> str:
    """A choice among the legal values of a setting, bound to the URL, which carries just what is shown."""
    setting = settings.SETTINGS[name]
    found = st.segmented_control(
        label, setting.legal, default=setting.default, required=True, key=name, bind="query-params", **options
    )
    return found or setting.default  # an empty value in the URL chooses nothing


def choose(name: str, label: str, **options: object) -> str:
    """As ``choice``, for more values than fit a row."""
    setting = settings.SETTINGS[name]
    index = setting.legal.index(setting.default)
    return st.selectbox(label, setting.legal, index=index, key=name, bind="query-params", **options) or setting.default


def switch(name: str, label: str, **options: object) -> bool:
    """A setting that is on or off, bound to the URL."""
    return st.toggle(label, value=settings.SETTINGS[name].default, key=name, bind="query-params", **options)


def number(name: str, label: str, **options: object) -> int:
    """A whole number within the legal values of a setting, bound to the URL."""
    setting = settings.SETTINGS[name]
    least, most = setting.legal.start, setting.legal.stop - 1
    # Streamlit would read any number here, also inf, and fail; what is no legal one has been told as rejected.
    text = st.query_params.get(name, "")
    bound = None if text and setting.complaint(text) else "query-params"
    found = st.number_input(label, least, most, value=setting.default, key=name, bind=bound, **options)
    if bound is None:
        del st.query_params[name]
    return setting.default if found is None else found


def text(name: str, label: str, **options: object) -> str:
    """A free text, bound to the URL; whoever reads it checks it."""
    setting = settings.SETTINGS[name]
    found = st.text_input(
        label, value=setting.default, max_chars=setting.longest, key=name, bind="query-params", **options
    )
    return (found or "").strip()


def long_text(name: str, label: str, **options: object) -> str:
    """A text of several lines, bound to the URL."""
    found = st.text_area(label, value=settings.SETTINGS[name].default, key=name, bind="query-params", **options)
    return (found or "").strip()


def one_of(name: str, label: str, options: Sequence[str], captions: Sequence[str]) -> str:
    """A choice among what this page found, the first unless the setting names another; bound to the URL."""
    if st.session_state.get(name) not in (None, *options):
        st.session_state[name] = options[0]
    found = st.radio(label, options, key=name, bind="query-params", captions=captions, horizontal=True)
    return found or options[0]


def current(name: str) -> Any:
    """The value of a setting, held to what is legal: a browser may send anything."""
    setting, found = settings.SETTINGS[name], settings.value(name)
    return setting.default if setting.complaint(str(found)) else found


def network(aside: bool = False) -> Network:
    """The network of the visitor, with its controls in the sidebar; an impossible one is explained, with ways out.

    ``aside``: the page is about something else; the text alone is kept, behind a fold.
    """
    player.advance(_move)
    if aside:
        with st.sidebar, st.expander("Typed network, for the other pages"):
            typed = text("net", "Network")
        st.sidebar.button("Reset everything", on_click=settings.reset, icon=":material/restart_alt:", type="tertiary")
        return possible(typed) or parse(settings.START)
    with st.sidebar:
        typed = text("net", "Network", help="Layers divided by ; as in 32x32; conv k3 p1 x4; maxpool k2")
        found = possible(typed)
        _presets(found)
        _simple_controls(found)
        layer_table.editor(found)
        st.button("Reset everything", on_click=settings.reset, icon=":material/restart_alt:", type="tertiary")
    if found is None:
        _explain(typed)
        st.stop()
    return found


def depth(current: Network, plays: bool = True) -> Network:
    """The primary control: how many layers count. It deepens a simple network, and steps through any other."""
    form = simple(current)
    layers = len(current.layers)
    most = form.deepest() if form else layers
    if most < 2:
        return current
    key = "_steps" if form else "step"
    held, asked = st.session_state.get(key), st.query_params.get("step", "")
    if not form and held is None and asked.isdecimal() and int(asked) > layers:
        st.warning(f"step={asked} was not used: the network has {layers} layers", icon=":material/link_off:")
    if form or (held is not None and not 1 <= held <= layers):
        st.session_state[key] = layers
    if form:
        shown = st.slider("Depth", 1, most, key=key, on_change=_move, width=136)
    else:
        shown = st.slider("Layers counted", 1, most, value=most, key=key, bind="query-params", width=136)
    for name, icon, to, shortcut in (
        ("_less", ":material/chevron_left:", shown - 1, "PageUp"),
        ("_more", ":material/chevron_right:", shown + 1, "PageDown"),
    ):
        outside = not 1 <= to <= most
        st.button("", icon=icon, key=name, shortcut=shortcut, disabled=outside, on_click=_move, args=(to,))
    if plays:
        player.button(shown, layers)
    return current.prefix(shown)


def _move(to: int | None = None) -> None:
    """Moves to a depth: a simple network becomes that deep, of any other so many layers are counted."""
    current = possible(str(settings.value("net")))
    form = simple(current) if current else None
    if form is None:
        st.session_state["step"] = to
    else:
        deeper = replace(form, depth=to or st.session_state["_steps"])
        st.session_state["net"] = str(parse(deeper.text()))


def position(typed: str, size: tuple[int, ...], what: str) -> tuple[int, ...] | None:
    """A position read from text such as ``3,4``; None for no or all; a user error if it is none of this map's."""
    if typed in ("", "all"):
        return None
    parts = [part.strip() for part in typed.split(",")]
    inside = len(parts) == len(size) and all(part.isascii() and part.isdigit() for part in parts)
    if not inside or not all(int(part) < side for part, side in zip(parts, size, strict=True)):
        wanted = ",".join(["row", "column"][-len(size) :])
        last = ",".join(str(side - 1) for side in size)
        raise UserError(f"there is no {what} {typed!r}; give {wanted} from {','.join('0' * len(size))} to {last}")
    return tuple(int(part) for part in parts)


def unit(typed: str, size: tuple[int, ...]) -> tuple[int, ...]:
    """An output unit read from text; ``centre`` and nothing mean the one at side // 2."""
    return position("" if typed == "centre" else typed, size, "output unit") or tuple(side // 2 for side in size)


def cell(typed: str) -> tuple[int, int] | None:
    """A unit of the tower read from text such as ``2:5``: row, position."""
    if not typed:
        return None
    parts = typed.split(":")
    if len(parts) != 2 or not all(part.strip().isascii() and part.strip().isdigit() for part in parts):
        raise UserError(f"there is no unit {typed!r}; give row:position, the input being row 0, as in 0:7")
    return int(parts[0]), int(parts[1])


def digits(where: DeltaGenerator, count: int) -> None:
    """All digits of a count that is told rounded, one click away."""
    if format_count(count).startswith("about"):
        menu = where.popover("All digits", on_change="rerun", key="_digits")
        if menu.open:
            menu.code(grouped_digits(count), language=None, wrap_lines=True)


def folded_table(title: str, key: str, rows: Callable[[], list[dict[str, str]]]) -> None:
    """A table behind a fold, made only when it is opened."""
    fold = st.expander(title, on_change="rerun", key=key)
    if fold.open:
        fold.dataframe(rows(), hide_index=True, alt=title)


def _presets(current: Network | None) -> None:
    st.session_state["_preset"] = _PRESET_NAMES.get(str(current)) if current else None
    st.selectbox("Preset", list(PRESETS), key="_preset", placeholder="your own network", on_change=_take_preset)


def _take_preset() -> None:
    if name := st.session_state["_preset"]:
        put(str(PRESETS[name]))


def put(net: str) -> None:
    """Makes ``net`` the network and forgets what was picked in the old one; a callback."""
    st.session_state["net"] = net
    player.stop()
    settings.let_go()


def _simple_controls(current: Network | None) -> None:
    form = simple(current) if current else None
    if form is None:
        if current is not None:
            st.caption("This network is more than one repeated convolution: edit its text or its table.")
        st.button("Start from a simple network", on_click=put, args=(settings.START,), type="tertiary")
        return
    for name in _KEYS:
        st.session_state[f"_{name}"] = getattr(form, name)
    change = {"on_change": _apply_simple}
    paddings = PADDINGS if form.padding in PADDINGS else (*PADDINGS, form.padding)
    st.segmented_control("Input", (1, 2), format_func="{}-D".format, key="_axes", required=True, **change)
    st.number_input("Side", 1, 512 if form.side <= 512 else form.side, key="_side", **change)
    st.slider("Kernel", 1, max(11, form.kernel), key="_kernel", **change)
    st.selectbox("Padding", paddings, key="_padding", **change)
    st.selectbox("Border", BORDERS, key="_border", disabled=form.padding == "valid", **change)
    st.slider("Stride", 1, max(4, form.stride), key="_stride", **change)
    st.slider("Dilation", 1, max(8, form.dilation), key="_dilation", **change)


def _apply_simple() -> None:
    form = simple(parse(str(settings.value("net"))))
    changed = replace(form or Simple(), **{name: st.session_state[f"_{name}"] for name in _KEYS})
    try:
        put(str(parse(changed.text())))
    except UserError:
        put(changed.text())  # explained on the page, with ways out


def _explain(typed: str) -> None:
    """Says why a network is impossible and offers what is near it; ends the run."""
    try:
        refuse_absurd(graph_of(parse(typed)))
    except UserError as error:
        st.error(str(error), icon=":material/error:")
    for repair in repairs(typed):
        words = repair.words[0].upper() + repair.words[1:]
        st.button(words, on_click=put, args=(str(repair.network),), icon=":material/build:")
    st.button("Reset everything", key="_reset", on_click=settings.reset, icon=":material/restart_alt:")
