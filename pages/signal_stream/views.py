"""The parts of the page of streams: its controls, its pictures, the proof, and the network made causal."""

from functools import partial
from typing import Any

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from core.design.design import Design
from core.design.stream_text import StreamText, sample_rate
from core.errors import LimitError, UserError
from core.exact.stream_time import MapMoment
from core.figures.streams import MapBar, contexts, moment_rows
from core.network.audio_presets import AUDIO_RATES, AUDIO_TEXTS
from core.program import PROGRAM, loaded
from pages.frame import settings
from pages.frame.shell import Frame
from pages.parts import controls
from pages.receptive_field.words import layer_name
from pages.signal_stream import words
from pages.work import jobs

_ROWS = 34  # maps that are drawn; of more every n-th
_PHASES = 512  # outputs of a period that are drawn
_LONGEST = 30_000_000_000  # multiply-adds of a proof: half a minute, as visitors wait in one queue


def asked(frame: Frame) -> StreamText:
    """The stream as the controls say. Raises :class:`~core.errors.UserError` where there is none."""
    axis = controls.drawn_axis(len(frame.analysis.graph.input.size))
    typed = controls.text("rate", "Samples a second", width=130, help="of the input: 16000, or 22050/256")
    _published(str(frame.text))
    return StreamText(frame.analysis.stream(axis), sample_rate(typed or str(settings.setting("rate").default)))


def _published(text: str) -> None:
    """A list of networks for sound, of which one is taken at its own rate."""
    if settings.follows():
        return
    st.session_state["_published"] = text if text in AUDIO_TEXTS else None
    st.selectbox(
        "Published networks", list(AUDIO_TEXTS), key="_published", placeholder="take one", on_change=_take, width=230
    )


def _take() -> None:
    if name := st.session_state["_published"]:
        settings.put_design(name)
        st.session_state["rate"] = AUDIO_RATES.get(name, str(settings.setting("rate").default))


def moment(told: StreamText) -> go.Figure:
    """The maps in time, once all of the input before now has come."""
    stream = told.stream
    end = stream.moments[stream.halo.end]
    shown = _drawn([here for here in stream.moments.values() if here.kept or here.node in (0, end.node)])
    own = _time(told, end, end.ready - 1), _time(told, end, end.ready)
    return moment_rows([_bar(told, here) for here in shown], own, "ms")


def _drawn(found: list[MapMoment]) -> list[MapMoment]:
    """The first, the last, and every n-th between them."""
    step = -(-len(found) // _ROWS)
    return [here for index, here in enumerate(found) if index % step == 0 or index == len(found) - 1]


def _bar(told: StreamText, here: MapMoment) -> MapBar:
    graph = told.stream.halo.graph
    held = (here.ready - here.held, here.ready) if here.held else None
    return MapBar(
        layer_name(graph, here.node) if here.node else "input",
        _time(told, here, here.ready),
        None if here.read is None else (_time(told, here, here.read[0]), _time(told, here, here.read[1] + 1)),
        None if held is None else (_time(told, here, held[0]), _time(told, here, held[1])),
        words.moment(told, here),
    )


def _time(told: StreamText, here: MapMoment, position: int) -> float:
    ms = told.ms(here.begin(position))
    assert ms is not None
    return ms


def phases(told: StreamText) -> go.Figure | None:
    """What each output of a period reads; None where all read alike."""
    found = told.stream.phases
    if len(set(found)) < 2:
        return None
    shown = found[:_PHASES]
    past, future = (np.array([told.ms(getattr(phase, side)) for phase in shown]) for side in ("past", "future"))
    return contexts(past, future, told.ms(told.stream.hop) or 0.0, "ms")


def arrays(told: StreamText) -> dict[str, np.ndarray]:
    """What each output of a period reads, in samples, for a file."""
    found = told.stream.phases
    return {side: np.array([getattr(phase, side) for phase in found]) for side in ("past", "future")}


def proof(frame: Frame, told: StreamText) -> None:
    """A button that feeds blocks to the live model, with a stop; and what was found."""
    seed = int(settings.value("seed"))
    key = f"stream proof|{frame.key}|{told.stream.axis}|{seed}"
    if (kept := jobs.results().finished(key)) is not None:
        _show(kept)
        return
    if settings.follows():
        return
    place = st.empty()
    if st.session_state.get("_proved_stream") != key:
        place.button(
            "Prove it on the live model", key="_prove", icon=":material/fact_check:", on_click=_begin, args=(key,)
        )
        return
    place.button("Stop", key="_stop_proof", icon=":material/stop:", on_click=_begin, args=("",))
    try:
        _show(_proved(frame.design, told, seed, key))
    except UserError as error:
        st.info(str(error), icon=":material/info:")
    place.empty()


def _begin(key: str) -> None:
    st.session_state["_proved_stream"] = key


def _proved(design: Design, told: StreamText, seed: int, key: str) -> Any:
    prover = loaded("core.design.stream_proof")
    if prover.proof_cost(design, told.stream) > _LONGEST:
        raise LimitError(f'that takes longer than a page waits: {PROGRAM} stream "{design.text}" --prove')
    return jobs.run_job(
        partial(prover.proving, design, told.stream, seed),
        key,
        lambda _: None,
        lambda done, total, _: f"{done} of {total} passes",
        "Building the model, in float64",
    )


def _show(proof: Any) -> None:
    st.markdown(words.proved(proof.samples, proof.blocks, proof.at_input, proof.difference))
    st.markdown(words.changed(proof.outside, proof.past_inside, proof.future_inside))


def made_causal(frame: Frame, told: StreamText) -> None:
    """The same network with its padding moved before the samples, and a button that takes it as the design."""
    found = told.stream
    if found.causal or not found.repaddings:
        return
    st.subheader("The same network made causal", anchor=False)
    if (causal := found.made_causal) is None:
        st.markdown("No padding makes it causal: its branches would then differ in size.")
        return
    st.table(words.causal_rows(told, causal), hide_index=True, alt="What moving the padding changes")
    if found.delays:
        st.caption("Its branches no longer meet as they did: it computes something else, and must be trained anew.")
    if (design := told.causal_design(frame.text)) is not None and not settings.follows():
        st.button("Take the causal network", icon=":material/build:", on_click=settings.put_design, args=(design,))
    controls.folded_table("Padding that moves", "_paddings", partial(words.padding_rows, told))
