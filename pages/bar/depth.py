"""Stepping through depth: the layers of a simple network, the layers counted of any other, the stages of a model."""

from dataclasses import replace

import streamlit as st

from core.design.design import Design
from core.design.text import DesignText, parse
from core.errors import UserError
from core.network.text import parse as parse_network
from pages.bar import player
from pages.bar.simple import simple


def control(text: DesignText, design: Design, plays: bool = True) -> None:
    """The primary control of a page: a slider over the steps, a button for one less and one for one more."""
    steps = _steps(text, design)
    if len(steps) < 2:
        return
    texts = [step for step, _ in steps]
    labels = dict(enumerate((label for _, label in steps), start=1))
    now = texts.index(str(text)) + 1 if str(text) in texts else len(texts)
    st.session_state["_depth"] = now
    name = "Depth" if labels[1] == "1" else "Up to"
    st.select_slider(
        name,
        list(labels),
        key="_depth",
        format_func=lambda step: labels.get(step, str(step)),
        on_change=_slide,
        args=(texts,),
        width=150,
    )
    for key, icon, step, shortcut in (
        ("_less", ":material/chevron_left:", now - 1, "PageUp"),
        ("_more", ":material/chevron_right:", now + 1, "PageDown"),
    ):
        outside = not 1 <= step <= len(texts)
        st.button("", icon=icon, key=key, shortcut=shortcut, disabled=outside, on_click=move, args=(texts, step))
    if plays:
        player.button(now, texts, move)


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
        depths = range(1, form.deepest() + 1)
        deep = [replace(text, base=str(parse_network(replace(form, depth=depth).text()))) for depth in depths]
        return [(str(step), str(depth)) for step, depth in zip(deep, depths, strict=True)]
    layers = len(network.layers)
    steps = [(str(replace(plain, stage=str(count))), str(count)) for count in range(1, layers)]
    return [*steps, (str(plain), str(layers))]


def _stages(text: DesignText, design: Design) -> list[tuple[str, str]]:
    """The outermost parts of a model, and its own output last."""
    names = [name for name in getattr(design, "stages", list)() if "." not in name]
    plain = replace(text, stage="")
    return [*((str(replace(plain, stage=name)), name) for name in names), (str(plain), "its output")]


def deepest(text: str) -> int | None:
    """How many steps a typed design's text has; None for what cannot be read."""
    try:
        network = parse(text).network
    except UserError:
        return None
    return None if network is None else len(network.layers)
