"""Stepping through depth: the layers of a simple network, the layers counted of any other, the stages of a model."""

from dataclasses import replace
from functools import lru_cache

import streamlit as st

from core.design.design import Design
from core.design.text import DesignText
from core.network.network import Network
from pages.bar import player
from pages.bar.simple import simple
from pages.frame import settings


def control(text: DesignText, design: Design, plays: bool = True, slides: bool = True) -> list[str]:
    """The primary control of a page: a slider over the steps, a button for one less and one for one more.

    ``plays``, ``slides``: whether there are a button that plays, and the slider. Returns the text of every step, from
    the shallowest; who follows a class has no steps to take.
    """
    if settings.follows():
        return []
    steps = _steps(text, design)
    if len(steps) < 2:
        return [str(text)]
    texts = [step for step, _ in steps]
    now = texts.index(str(text)) + 1 if str(text) in texts else len(texts)
    if slides:
        _slider(now, texts, dict(enumerate((label for _, label in steps), start=1)))
    part = "layer" if text.network is not None else "stage"
    for key, sign, step, shortcut in (("_less", "−", now - 1, "PageUp"), ("_more", "+", now + 1, "PageDown")):
        outside = not 1 <= step <= len(texts)
        st.button(f"{sign} {part}", key=key, shortcut=shortcut, disabled=outside, on_click=move, args=(texts, step))
    if plays:
        player.button(now, texts, move)
    return texts


def _slider(now: int, texts: list[str], labels: dict[int, str]) -> None:
    st.session_state["_depth"] = now
    st.select_slider(
        "Depth" if labels[1] == "1" else "Up to",
        list(labels),
        key="_depth",
        format_func=lambda step: labels.get(step, str(step)),
        on_change=_slide,
        args=(texts,),
        width=150,
    )


def move(texts: list[str], step: int) -> None:
    """Makes a step the design; a callback. What was picked stays where it still is."""
    st.session_state["net"] = texts[min(max(step, 1), len(texts)) - 1]


def _slide(texts: list[str]) -> None:
    move(texts, st.session_state["_depth"])


def _steps(text: DesignText, design: Design) -> list[tuple[str, str]]:
    """Every step as a design's text and its label, from the shallowest."""
    network = text.network
    if network is None:
        return _stages(text, design)
    plain = replace(text, stage="")
    form = simple(network) if text.kind == "typed" else None
    if form is not None and not text.stage:
        bases = _repeats(replace(network, layers=network.layers[:1]), form.deepest())
        return [(str(replace(text, base=base)), str(depth)) for depth, base in enumerate(bases, start=1)]
    layers = len(network.layers)
    steps = [(str(replace(plain, stage=str(count))), str(count)) for count in range(1, layers)]
    return [*steps, (str(plain), str(layers))]


@lru_cache(maxsize=64)
def _repeats(network: Network, deepest: int) -> tuple[str, ...]:
    """The texts of a network of one layer with that layer repeated, from once to ``deepest`` times."""
    return tuple(str(replace(network, layers=network.layers * depth)) for depth in range(1, deepest + 1))


def _stages(text: DesignText, design: Design) -> list[tuple[str, str]]:
    """The outermost parts of a model, and its own output last."""
    names = [name for name in getattr(design, "stages", list)() if "." not in name]
    plain = replace(text, stage="")
    return [*((str(replace(plain, stage=name)), name) for name in names), (str(plain), "its output")]
