"""The menu that changes the design: presets, the zoo, a pasted network, a file, an input, a stage, remedies."""

from dataclasses import replace
from importlib import import_module

import streamlit as st

from core.design.analysis import DesignAnalysis
from core.design.text import DesignText, parse
from core.errors import UserError
from core.network import PRESETS
from core.remedies import REMEDIES
from pages.bar import giving
from pages.frame import settings

USUAL_INPUT = "3x64x64"  # of a pasted network
GRAMMAR = (
    "A network as layers divided by ; (32x32; conv k3 p1 x4; maxpool k2), a preset's name, timm:NAME, "
    "torchvision:NAME, or nn.Sequential(...); then @input, #stage and +remedy as wanted. "
    "An ONNX file is dropped on the page"
)
_PASTE = (
    "nn.Sequential(\n    nn.Conv2d(3, 16, 3, stride=2, padding=1), nn.ReLU(),\n    nn.Conv2d(16, 32, 3, padding=1),\n)"
)
_SOURCES = ("Preset", "Model zoo", "Paste", "File")


def menu(text: DesignText | None, analysis: DesignAnalysis | None) -> None:
    """Where a design comes from; then what is done with it."""
    source = st.segmented_control("Take another", _SOURCES, default=_SOURCES[0], required=True, key="_source")
    if source == "Preset":
        st.selectbox("Preset", list(PRESETS), index=None, key="_preset", on_change=_take, args=("_preset",))
    elif source == "Model zoo":
        names = import_module("core.live.sources.zoo").names()  # loads PyTorch
        st.selectbox(
            f"One of {len(names):,} models", names, index=None, key="_zoo", on_change=_take, args=("_zoo",),
            placeholder="type to search",
        )  # fmt: skip
    elif source == "File":
        giving.choice()
    else:
        st.text_area("nn.Sequential(...): read, never executed", _PASTE, key="_paste", height=190)
        st.text_input("Its input, channels first", USUAL_INPUT, key="_paste_input", max_chars=24)
        st.button("Look at it", on_click=_paste)
    if complaint := st.session_state.pop("_change_complaint", None):
        st.error(complaint, icon=":material/error:")
    if text is None or analysis is None:
        return
    st.divider()
    size = analysis.graph.input.size
    st.session_state["_input"] = "x".join(map(str, size))
    st.text_input(
        "Input", key="_input", max_chars=24, on_change=_resize, args=(text,),
        help="a side, sides, or channels before them: 256, 256x192, 3x256x192",
    )  # fmt: skip
    if stages := getattr(analysis.design, "stages", None):
        names = ["", *stages()]
        index = names.index(text.stage) if text.stage in names else 0
        st.selectbox(
            "Up to", names, index=index, key="_stage", format_func=lambda name: name or "its output",
            on_change=_end, args=(text,),
        )  # fmt: skip
    st.session_state["_applied"] = list(text.remedies)
    options = list(dict.fromkeys([*REMEDIES, *text.remedies]))
    st.multiselect("Remedies applied", options, key="_applied", on_change=_remedy, args=(text,))


def nearest(base: str) -> list[tuple[str, str]]:
    """Models of the zoo whose names are like a name that it has not."""
    if not base.startswith(("timm:", "torchvision:")):
        return []
    zoo = import_module("core.live.sources.zoo")
    return [] if base in zoo.names() else [(f"Take {name}", name) for name in zoo.nearest(base)]


def _take(key: str) -> None:
    if name := st.session_state[key]:
        settings.put_design(name)


def _paste() -> None:
    size = str(st.session_state["_paste_input"]).strip()
    _put(f"{st.session_state['_paste'].strip()}@{size}" if size else st.session_state["_paste"])


def _resize(text: DesignText) -> None:
    _put(f"{replace(text, input=(), stage='', remedies=())}@{st.session_state['_input']}{_ending(text)}")


def _ending(text: DesignText) -> str:
    stage = f"#{text.stage}" if text.stage else ""
    return stage + "".join(f"+{remedy}" for remedy in text.remedies)


def _end(text: DesignText) -> None:
    _put(str(replace(text, stage=st.session_state["_stage"])))


def _remedy(text: DesignText) -> None:
    _put(str(replace(text, remedies=tuple(st.session_state["_applied"]))))


def _put(typed: str) -> None:
    """Makes a text the design; one that cannot be read is told in the menu, and nothing is lost."""
    try:
        settings.put_design(str(parse(typed)))
    except UserError as error:
        st.session_state["_change_complaint"] = str(error)
