"""The sidebar: sliders of a simple network, the layer table of any typed one, and the way back to the beginning."""

from dataclasses import replace
from functools import partial

import streamlit as st

from core.design.text import DesignText
from core.errors import UserError
from core.network import parse
from core.network.window import BORDERS
from pages.bar import layer_table, player
from pages.bar.simple import PADDINGS, Simple, simple
from pages.frame import settings

_KEYS = ("axes", "side", "kernel", "stride", "padding", "border", "dilation")


def show(text: DesignText | None) -> None:
    """What the sidebar holds on every page, for the design that is looked at; None for one that cannot be had."""
    with st.sidebar:
        network = text.network if text is not None and text.kind == "typed" else None
        form = simple(network) if network is not None and text is not None and not text.stage else None
        if form is not None and text is not None:
            _sliders(form, text)
        else:
            st.caption(
                "Sliders are for one repeated convolution on equal sides: edit the text, or change it in the bar."
            )
            st.button("Start from a simple network", on_click=settings.put_design, args=(settings.START,))
        layer_table.editor(network)
        st.button("Reset everything", on_click=_reset, icon=":material/restart_alt:", type="tertiary")


def _reset() -> None:
    player.stop()
    settings.reset()


def _sliders(form: Simple, text: DesignText) -> None:
    for name in _KEYS:
        st.session_state[f"_{name}"] = getattr(form, name)
    paddings = PADDINGS if form.padding in PADDINGS else (*PADDINGS, form.padding)
    change = partial(_apply, form, text.remedies)
    st.segmented_control("Input", (1, 2), format_func="{}-D".format, key="_axes", required=True, on_change=change)
    st.number_input("Side", 1, 512 if form.side <= 512 else form.side, key="_side", on_change=change)
    st.slider("Kernel", 1, max(11, form.kernel), key="_kernel", on_change=change)
    st.selectbox("Padding", paddings, key="_padding", on_change=change)
    st.selectbox("Border", BORDERS, key="_border", disabled=form.padding == "valid", on_change=change)
    st.slider("Stride", 1, max(4, form.stride), key="_stride", on_change=change)
    st.slider("Dilation", 1, max(8, form.dilation), key="_dilation", on_change=change)


def _apply(form: Simple, remedies: tuple[str, ...]) -> None:
    changed = replace(form, **{name: st.session_state[f"_{name}"] for name in _KEYS})
    ending = "".join(f"+{remedy}" for remedy in remedies)
    try:
        settings.put_design(f"{parse(changed.text())}{ending}")
    except UserError:
        settings.put_design(changed.text() + ending)  # explained on the page, with ways out
