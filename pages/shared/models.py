"""The visitor's model: its controls, its design, what is known of it. Everything here loads PyTorch."""

import plotly.graph_objects as go
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.checks import Finding, Fix, check
from core.design.analysis import DesignAnalysis
from core.design.design import Design
from core.design.traced import TracedDesign
from core.design.typed import TypedDesign
from core.errors import UserError
from core.exact import AxisField, PathCounts, imbalance, path_counts
from core.exact.imbalance import Measures
from core.figures.maps import pathway_map, profile
from core.formatting import measure_number
from core.live.sources import zoo
from core.live.sources.model import parsed_size
from core.live.sources.sequential import sequential
from core.live.trace import OUTPUT
from core.network import parse
from core.network.graph import size_text
from pages.shared import controls, settings
from pages.shared.design_words import fix_sentence

_KEPT = 6  # traced models
_SETTINGS = ("source", "model", "pasted", "made", "stage", "padded")
_PASTED_INPUT = "3x64x64"

# Kernel padding (Kim et al., arXiv 2108.13576) for whoever has this file and nothing else.
_PADDING = """\
import torch

for part in model.modules():
    if isinstance(part, (torch.nn.Conv1d, torch.nn.Conv2d)):
        more = [-kernel % stride for kernel, stride in zip(part.kernel_size, part.stride)]
        room = [side for extra in reversed(more) for side in (0, extra)]  # zeros right and below
        part.weight = torch.nn.Parameter(torch.nn.functional.pad(part.weight.detach(), room))
        part.kernel_size = tuple(kernel + extra for kernel, extra in zip(part.kernel_size, more))
    elif isinstance(part, (torch.nn.MaxPool2d, torch.nn.AvgPool2d)) and isinstance(part.kernel_size, int):
        part.kernel_size += -part.kernel_size % part.stride
"""

Key = tuple[str, str, str, str, bool]  # source, its text, input, stage, kernels padded


def chosen(side: DeltaGenerator) -> tuple[TracedDesign, Key]:
    """The model that the controls describe, made in ``side``; one that cannot be had is explained, with ways out."""
    _restore()
    with side:
        source = controls.choice("source", "Model from")
        if source == "zoo":
            text = controls.text("model", "Name", help="timm:… or torchvision:…, as in torchvision:vgg16")
            with st.popover("Browse the zoo", on_change="rerun", key="_browse", width="stretch") as browse:
                if browse.open:
                    st.selectbox("All models", zoo.names(), index=None, key="_zoo", on_change=_take_model)
        else:
            text = controls.long_text("pasted", "nn.Sequential(...): read, never executed", height=220)
        made = controls.text("made", "Input", placeholder="its own", help="channels x height x width, as in 3x225x225")
        stages = st.empty()
        padded = controls.switch(
            "padded", "Pad kernels", help="every strided kernel grows to a multiple of its stride, by zeros"
        )
    try:
        design = model_design(source, text, made, padded)
    except UserError as error:
        _explain(str(error), source, text)
    stage = _stage(stages, design)
    _keep()
    if stage:
        design = staged(source, text, made, stage, padded)
    return design, (source, text, made, stage, padded)


def _stage(place: DeltaGenerator, design: TracedDesign) -> str:
    """Which feature map is the output: of those there are; nothing for the model's own."""
    names = ["", *design.stages()]
    held = settings.value("stage")
    if held not in names:
        st.warning(f"stage={held} was not used: the model has no such stage", icon=":material/link_off:")
        st.session_state["stage"] = ""
    own = "its output" if design.stage == OUTPUT else design.stage
    found = place.selectbox("Up to", names, format_func=lambda name: name or own, key="stage", bind="query-params")
    return found or ""


@st.cache_resource(max_entries=_KEPT, show_spinner="Tracing the model")
def model_design(source: str, text: str, made: str, padded: bool) -> TracedDesign:
    """A model, traced; up to its output."""
    size = parsed_size(made) if made else None
    if source == "zoo":
        model = zoo.zoo_model(text)
        model = model.at_input(size) if size else model
    else:
        model = sequential(text, size or parsed_size(_PASTED_INPUT))
    design = TracedDesign(model)
    if padded:
        design = design.remedied("kernel-padding")
    _ = design.traced
    return design


@st.cache_resource(max_entries=_KEPT, show_spinner=False)
def staged(source: str, text: str, made: str, stage: str, padded: bool) -> TracedDesign:
    """A model up to a stage."""
    return model_design(source, text, made, padded).up_to(stage)


@st.cache_resource(max_entries=_KEPT, show_spinner="Checking the design")
def findings(net: str, key: Key | None, object_size: int) -> tuple[DesignAnalysis, list[Finding]]:
    """What is wrong with the typed network, or with the model of ``key``."""
    design: Design = TypedDesign(parse(net)) if key is None else _design(key)
    return DesignAnalysis(design, object_size or None), check(design, object_size or None)


def whole_map(analysis: DesignAnalysis) -> go.Figure:
    """The map of a design in which nothing was found."""
    if len(analysis.counts.size) == 1:
        return profile(analysis.counts, linear=True)
    return pathway_map(analysis.counts)


@st.cache_resource(max_entries=_KEPT, show_spinner=False)
def fixed(net: str, key: Key | None, object_size: int, code: str, words: str) -> DesignAnalysis:
    """The design after the fix of a finding."""
    _, found = findings(net, key, object_size)
    (finding,) = [each for each in found if each.code == code]
    fixes = [fix for fix in (finding.fix, *finding.others) if fix and fix.words == words]
    return DesignAnalysis(fixes[0].design)


@st.cache_resource(max_entries=_KEPT, show_spinner="Counting paths")
def counts(key: Key, unit: tuple[int, ...] | None) -> PathCounts:
    """Paths from each pixel to a model's outputs, or to one unit."""
    return path_counts(_design(key).graph, unit)


@st.cache_resource(max_entries=_KEPT, show_spinner=False)
def measures(key: Key, unit: tuple[int, ...] | None) -> Measures:
    """How unequal they are."""
    return imbalance(counts(key, unit), DesignAnalysis(_design(key)).period)


def refuse_gaps(design: TracedDesign) -> None:
    """Says what no rule covers, where the output depends on it, and offers the last stage before; ends the run."""
    try:
        _ = design.graph
    except UserError as error:
        st.error(str(error), icon=":material/error:")
        st.caption("Numbers that depend on it are absent: an exact count has no guesses in it.")
        for name in design.stages()[-1:]:
            words = f"Look at {name}, the last stage before it"
            st.button(words, on_click=_put, args=({"stage": name},), icon=":material/build:")
        st.stop()


@st.cache_resource(max_entries=_KEPT, show_spinner="Working out the fields")
def stage_fields(key: Key) -> tuple[list[str], list[AxisField], int]:
    """The input and each stage: its name, its field along the last axis; and the middle unit of the last."""
    analysis = DesignAnalysis(_design(key))
    places = {**_design(key).places(), "output": len(analysis.graph.nodes) - 1}
    named = {at: name for name, at in reversed(places.items())}
    rows = sorted(named)
    names = ["input", *(named[at] for at in rows)]
    return names, [analysis.fields[at][-1] for at in (0, *rows)], analysis.unit[-1]


def stage_rows(key: Key) -> list[dict[str, str]]:
    """The table of stages."""
    graph = _design(key).graph
    analysis = DesignAnalysis(_design(key))
    return [
        {
            "stage": name,
            "map": size_text(graph.nodes[at].size),
            "channels": str(graph.nodes[at].channels),
            "field": size_text(tuple(along.size for along in analysis.fields[at])),
            "stride": " x ".join(dict.fromkeys(f"{float(along.stride):g}" for along in analysis.fields[at])),
        }
        for name, at in _design(key).places().items()
    ]


def padding_sentence(key: Key) -> str:
    """What padding the kernels did to the exact map, measured again."""
    source, text, made, stage, _ = key
    before, after = measures((source, text, made, stage, False), None), measures(key, None)
    told = [
        f"{name} {measure_number(before[measure]) or 0:.4g} becomes {measure_number(after[measure]) or 0:.4g}"
        for name, measure in (("parity", "parity"), ("corner over centre", "corner_centre"), ("gini", "gini"))
        if before[measure] is not None and after[measure] is not None
    ]
    return f"Kernels are padded, and the map counted again: {'; '.join(told)}."


def code(key: Key) -> str:
    """Python that makes the model."""
    source, text, _, stage, padded = key
    size = ", ".join(map(str, _design(key).model.size))
    library, _, name = text.partition(":")
    if source == "paste":
        lines = ["from torch import nn", "", f"model = {text}"]
    elif library == "timm":
        lines = ["import timm", "", f"model = timm.create_model({name!r})"]
    else:
        lines = ["import torchvision", "", f"model = torchvision.models.get_model({name!r})"]
    if padded:
        lines += ["", *_PADDING.splitlines()]
    if stage:
        lines += ["", f"stage = model.get_submodule({stage!r})  # its result is the map that was looked at"]
    return "\n".join([*lines, "", f"size = ({size})  # channels, height, width", ""])


def _design(key: Key) -> TracedDesign:
    source, text, made, stage, padded = key
    return staged(source, text, made, stage, padded) if stage else model_design(source, text, made, padded)


def fix_of(finding: Finding) -> Fix | None:
    """The fix to look at, of those that the finding has, with what it does and a button that applies it."""
    fixes = [fix for fix in (finding.fix, *finding.others) if fix]
    if not fixes:
        st.markdown("No change that the check knows makes this better.")
        return None
    words = [fix.words for fix in fixes]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        at = words.index(st.selectbox("Fix", words, key="_fix", width=520))
        st.button("Apply", icon=":material/build:", on_click=apply, args=(fixes[at].design,), type="primary")
    st.markdown(f"{words[at][0].upper()}{words[at][1:]}. {fix_sentence(fixes[at])}.")
    return fixes[at]


def apply(design: Design) -> None:
    """Makes a fixed design the visitor's; a callback."""
    if design.network is not None:
        controls.put(str(design.network))
        return
    assert isinstance(design, TracedDesign)
    settings.let_go()
    st.session_state["padded"] = bool(design.model.changes)
    st.session_state["made"] = "x".join(map(str, design.model.size))


def _explain(message: str, source: str, text: str) -> None:
    """Says why there is no model, and offers ways out; ends the run."""
    st.error(message, icon=":material/error:")
    near = zoo.nearest(text) if source == "zoo" and text not in zoo.names() else ()
    for name in near:
        st.button(f"Take {name}", on_click=_put, args=({"model": name},), icon=":material/build:")
    if st.session_state.get("made"):
        st.button("Take the input that it is made for", on_click=_put, args=({"made": ""},), icon=":material/build:")
    if st.session_state.get("padded"):
        st.button("Leave the kernels as they are", on_click=_put, args=({"padded": False},), icon=":material/build:")
    if not near:
        fresh = {"source": "zoo", "model": settings.SETTINGS["model"].default, "made": "", "padded": False}
        st.button("Start from ResNet-18", on_click=_put, args=(fresh,), icon=":material/build:")
    _keep()
    st.stop()


def _put(values: dict[str, object]) -> None:
    settings.let_go()
    st.session_state["stage"] = ""
    for name, value in values.items():
        st.session_state[name] = value


def _take_model() -> None:
    if name := st.session_state["_zoo"]:
        _put({"model": name, "made": ""})


def _keep() -> None:
    """Remembers the model for pages that do not show it: Streamlit forgets settings without a widget."""
    st.session_state["_model_kept"] = {name: settings.value(name) for name in _SETTINGS}


def _restore() -> None:
    for name, value in st.session_state.get("_model_kept", {}).items():
        if name not in st.session_state and name not in st.query_params:
            st.session_state[name] = value
