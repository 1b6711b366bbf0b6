"""Which designs are compared: the one of the bar first, then up to three others, or the first with remedies."""

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from typing import TypeVar

import streamlit as st

from core.design.analysis import DesignAnalysis, Unit
from core.design.text import DesignText, parse
from core.errors import UserError
from core.network.axes import refuse_more_axes
from core.remedies import REMEDIES
from pages.design_comparison import SLOTS
from pages.frame import settings
from pages.frame.shell import Frame
from pages.parts import controls
from pages.work import cache

_FOR_STRIDES = ("kernel-padding", "even-input")
_FOR_BORDERS = ("border-circular", "padding-same", "padding-full", *_FOR_STRIDES)
_HELP = "A design as in the bar, or + and a remedy for the first design with it, as in +border-circular"

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True, eq=False)
class Pane:
    """One of the designs; without ``analysis`` where ``complaint`` says why it cannot be had."""

    slot: str  # the setting that holds it
    typed: str
    text: DesignText | None = None
    analysis: DesignAnalysis | None = None
    complaint: str = ""

    @property
    def is_remedied(self) -> bool:
        """Whether it is written as the first design with remedies."""
        return self.typed.startswith("+")


@dataclass(frozen=True, slots=True, eq=False)
class Request:
    """The designs, the first of all first; ``default``: the remedy that stands for a second where none is typed."""

    panes: tuple[Pane, ...]
    default: str | None

    def ask(self, question: Callable[[Pane, DesignAnalysis], Result]) -> tuple[dict[str, Result], dict[str, str]]:
        """What each design answers, by its slot; and of those that cannot, why."""
        answers: dict[str, Result] = {}
        complaints: dict[str, str] = {}
        for pane in self.panes:
            try:
                if pane.analysis is None:
                    complaints[pane.slot] = pane.complaint
                else:
                    answers[pane.slot] = question(pane, pane.analysis)
            except UserError as error:
                complaints[pane.slot] = str(error)
        return answers, complaints


def request(frame: Frame) -> Request:
    """What the controls say, which are made here."""
    default = _default(frame)
    typed = _controls(default)
    panes = [Pane("net", str(frame.text), frame.text, frame.analysis)]
    written = {slot: text for slot, text in typed.items() if text}
    if not written and default is not None:
        written = {SLOTS[0]: f"+{default}"}
    panes += [_pane(frame, slot, text) for slot, text in written.items()]
    return Request(tuple(panes), None if any(typed.values()) else default)


def unit_of(analysis: DesignAnalysis, typed: str, usual: str) -> Unit:
    """The output unit that is named, in one design; None for all."""
    name = typed or usual
    return analysis.unit if name == "centre" else controls.position(name, analysis.graph.output.size, "output unit")


def put(slot: str, text: str) -> None:
    """Makes a text one of the designs; a callback."""
    st.session_state[slot] = text


def _default(frame: Frame) -> str | None:
    """The remedy that is shown where nothing is typed: against the grid of uneven strides, else for the border."""
    order = (*_FOR_STRIDES, *_FOR_BORDERS) if frame.analysis.uneven else _FOR_BORDERS
    return cache.first_applicable(str(frame.text), frame.analysis.gates, tuple(dict.fromkeys(order)))


def _controls(default: str | None) -> dict[str, str]:
    """The texts of the designs, as many as are typed and one more, and a menu of remedies."""
    held = {slot: str(settings.value(slot)).strip() for slot in SLOTS}
    last = max((index for index, slot in enumerate(SLOTS) if held[slot]), default=-1)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        typed = {}
        for slot in SLOTS[: last + 2]:
            placeholder = f"+{default}" if slot == SLOTS[0] and default else "a design, or + and a remedy"
            typed[slot] = controls.text(slot, f"{slot.capitalize()} design", placeholder=placeholder, help=_HELP)
        st.selectbox(
            "Add a remedy", list(REMEDIES), index=None, key="_add", on_change=_add, args=(default,), width=230,
            placeholder="to the first design", disabled=all(held.values()),
        )  # fmt: skip
    return typed


def _add(default: str | None) -> None:
    """Puts the chosen remedy into the first free place, behind the one that stands where nothing is typed."""
    name, st.session_state["_add"] = st.session_state["_add"], None
    if name is None:
        return
    texts = [text for slot in SLOTS if (text := str(settings.value(slot)).strip())]
    if not texts and default is not None and name != default:
        texts.append(f"+{default}")
    for slot, text in zip(SLOTS, [*texts, f"+{name}", "", ""], strict=False):
        put(slot, text)


def _pane(frame: Frame, slot: str, typed: str) -> Pane:
    try:
        text = parse(f"{frame.text}{typed}" if typed.startswith("+") else typed)
        with st.spinner("Opening the model", show_time=True) if text.network is None else nullcontext():
            analysis = cache.analysis(str(text), frame.analysis.gates)
        refuse_more_axes(analysis.graph.input.size, 2, "designs side by side have")
        return Pane(slot, typed, text, analysis)
    except UserError as error:
        return Pane(slot, typed, complaint=str(error))
