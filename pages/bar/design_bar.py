"""The bar on every page: what is looked at, as its text, and every way to change it. The text is the one truth."""

import re
from contextlib import nullcontext
from typing import Literal, NoReturn

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.elements.lib.mutable_popover_container import PopoverContainer

from core.design.analysis import DesignAnalysis
from core.design.repair import repairs
from core.design.text import DesignText, parse
from core.errors import UserError
from core.formatting import counted_noun, format_list
from core.network.graph import size_text
from core.network.limits import MAX_TEXT
from core.remedies import REMEDIES
from pages.bar import change, giving, player, sliders
from pages.frame import settings
from pages.frame.page import Page
from pages.parts import controls
from pages.work import cache

_FOLDED = 340  # pixels of the text where there is it alone: all that a telephone has
_COMPLAINT = "_endless"
_TAKEN = "_design_taken"  # the last design that was no endless text
_EXAMPLE = re.compile(r"open; give them, as in @([0-9x]+)$")  # how a file whose sides are open is refused
_STAGE_BEFORE = "; #"  # how a refusal names the last stage before a gap


def chosen(page: Page, bar: DeltaGenerator, folded: bool) -> tuple[DesignText, DesignAnalysis]:
    """The design of the visitor and what is known of it; one that cannot be had is explained, with ways out.

    ``bar``: a row to make the controls in; ``folded``: whether there is the text alone.
    """
    if settings.follows():
        return _followed(page)
    player.advance()
    _refuse_endless()
    giving.drop_zone()
    with bar:
        width: Literal["stretch"] | int = _FOLDED if folded else "stretch"
        typed = controls.text("net", "Design", help=change.GRAMMAR, icon=":material/account_tree:", width=width)
        if folded:
            text = parse(typed)  # one of few, all of which can be had
            return text, cache.analysis(str(text))
        menu = st.popover("Change", icon=":material/edit:", on_change="rerun", key="_change")
    try:
        text = parse(typed)
        with st.spinner("Opening the model", show_time=True) if text.network is None else nullcontext():
            analysis = cache.analysis(str(text))
    except UserError as error:
        _menu(menu, None, None)
        sliders.show(None)
        _explain(typed, str(error))
    _menu(menu, text, analysis)
    sliders.show(text)
    if analysis.gate_names or not page.tells_costs:
        _describe(analysis)
    if page.typed_only and analysis.design.network is None:
        _offer_typed(page.typed_only)
    if len(analysis.graph.input.size) > page.axes:
        _offer_typed(page.fewer_axes)
    gates = bool(analysis.gate_names) and bool(settings.value("gates"))
    return text, cache.analysis(str(text), gates) if gates else analysis


def _refuse_endless() -> None:
    """Puts the design back that was there before a text which no network needs, and which no address holds."""
    if complaint := st.session_state.pop(_COMPLAINT, None):
        st.error(complaint, icon=":material/error:")
    typed = str(settings.value("net"))
    if len(typed) <= MAX_TEXT:
        st.session_state[_TAKEN] = typed
        return
    kept = str(st.session_state.get(_TAKEN, settings.START))
    settings.put({"net": kept})
    st.session_state[_COMPLAINT] = (
        f"the text has {len(typed)} characters, more than {MAX_TEXT}; write a smaller design; this one stays"
    )
    if _TAKEN not in st.session_state:  # a link was opened: a text field that is made takes what the address says
        st.query_params["net"] = kept
    st.rerun()


def _followed(page: Page) -> tuple[DesignText, DesignAnalysis]:
    """The design of the class; who follows it sees its text and can change nothing."""
    typed = str(settings.value("net"))
    try:
        text = parse(typed)
        analysis = cache.analysis(str(text), bool(settings.value("gates")))
    except UserError as error:
        st.error(str(error), icon=":material/error:")
        st.stop()
    st.caption(f"`{text}`")
    for refused, reason in (
        (page.typed_only and analysis.design.network is None, page.typed_only),
        (len(analysis.graph.input.size) > page.axes, page.fewer_axes),
    ):
        if refused:
            st.info(reason, icon=":material/info:")
            st.stop()
    return text, analysis


def _menu(menu: PopoverContainer, text: DesignText | None, analysis: DesignAnalysis | None) -> None:
    """Every way to change the design, made when the menu is opened."""
    if menu.open:
        with menu:
            change.menu(text, analysis)


def _describe(analysis: DesignAnalysis) -> None:
    """One line under the bar: sizes and cost, and what is said of gates."""
    graph, cost = analysis.graph, analysis.cost
    sizes = f"{graph.input.channels}×{_sides(graph.input.size)} to {graph.output.channels}×{_sides(graph.output.size)}"
    line = f"{sizes} · {cost.parameters:,} weights · {cost.multiply_adds:,} multiply-adds"
    if not analysis.gate_names:
        st.caption(line)
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        gates = counted_noun(len(analysis.gate_names), "gate")
        state = "counted too" if settings.value("gates") else "left out unless switched on"
        st.caption(f"{line} · {gates} {state}", width="content")
        controls.switch(
            "gates",
            "Count gates too",
            help="A gate scales what passes: squeeze-and-excitation, statistics over positions. It carries no path.",
        )


def _sides(size: tuple[int, ...]) -> str:
    return size_text(size).replace("x", "×")


def _explain(typed: str, message: str) -> NoReturn:
    """Says why a design cannot be had and offers what is near it; ends the run."""
    st.error(message, icon=":material/error:")
    for words, near in ways_out(typed, message):
        st.button(words, on_click=settings.put_design, args=(near,), icon=":material/build:")
    st.button("Reset everything", key="_reset", on_click=settings.reset, icon=":material/restart_alt:")
    st.stop()


def ways_out(typed: str, message: str) -> list[tuple[str, str]]:
    """Designs near one that cannot be had, with what makes them others; ``message`` says why it cannot."""
    base = typed.partition("@")[0].partition("#")[0].partition("+")[0]
    return [
        *_with_remedies(typed),
        *_with_input(typed, message),
        *_stages(typed, message),
        *change.nearest(base),
        *_smaller(typed),
    ]


def _with_remedies(typed: str) -> list[tuple[str, str]]:
    """The text with its remedies, where they stand behind spaces: an address typed by hand turns a plus into one."""
    words = typed.split(" ")
    names = [word for word in words[1:] if word in REMEDIES]
    if not names:
        return []
    text = words[0] + "".join(f"+{word}" if word in REMEDIES else f" {word}" for word in words[1:])
    try:
        parse(text)
    except UserError:
        return []  # the word is meant otherwise
    return [(f"Put {format_list(names)} to it", text)]


def _with_input(typed: str, message: str) -> list[tuple[str, str]]:
    """A pasted network or a file that does not tell its input, with a usual one."""
    try:
        text = parse(typed)
    except UserError:
        return []
    if text.kind == "onnx" and (given := _EXAMPLE.search(message)):
        return [(f"Take an input of {given[1]}", f"{text.base}@{given[1]}")]
    if text.kind != "pasted" or text.input:
        return []
    return [(f"Take an input of {change.USUAL_INPUT}", f"{typed}@{change.USUAL_INPUT}")]


def _stages(typed: str, message: str) -> list[tuple[str, str]]:
    """The last stage before a gap, where the message names one."""
    if _STAGE_BEFORE not in message:
        return []
    stage = message.rpartition(_STAGE_BEFORE)[2].split()[0]
    head = typed.partition("#")[0].partition("+")[0]
    return [(f"Look at {stage}, the last stage before it", f"{head}#{stage}")]


def _smaller(typed: str) -> list[tuple[str, str]]:
    """Typed networks near this one, and the text without what was put to it."""
    near = [(_sentence(repair.words), str(repair.network)) for repair in repairs(typed)]
    plain = typed
    for mark, words in (("+", "Leave the remedies out"), ("#", "Look at the output"), ("@", "Take its own input")):
        if mark in plain and not typed.lstrip().startswith(("nn.", "torch.")):
            plain = plain.rpartition(mark)[0]
            near.append((words, plain))
    return near


def _sentence(words: str) -> str:
    return words[0].upper() + words[1:]


def _offer_typed(reason: str) -> NoReturn:
    """Says why the page takes no such design, and offers one that it takes; ends the run."""
    st.info(reason, icon=":material/info:")
    st.button("Take the simple network", on_click=settings.put_design, args=(settings.START,))
    st.stop()
