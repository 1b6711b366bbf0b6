"""What would hold up all visitors is worked out in a process of its own, which ends when its visitor moves on."""

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from time import monotonic
from typing import TypeVar

import streamlit as st

from core.checks import findings_at_size
from core.design.analysis import DesignAnalysis, Unit, measured_counts
from core.design.size_table import Size, SizeReport, size_report
from core.errors import BusyError
from core.exact.along import along
from core.exact.process import Event, Result, Waiting, run_apart
from core.exact.shares import evenly_divided, path_shares
from core.exact.tower import Tower, tower
from core.exact.work import takes_long
from pages.design_check.report import Report, report_on
from pages.work import cache, jobs, journal

_MANY = 300_000  # positions of all maps together, from which on two dozen changed designs take seconds

Made = TypeVar("Made")


def count(analysis: DesignAnalysis, unit: Unit = None) -> None:
    """Makes the paths to all outputs, or to one unit, known: by another process where that takes long."""
    if analysis.is_counted(unit) or not takes_long(analysis.graph):
        return
    counts, measures = _result(
        lambda: run_apart(measured_counts, analysis.graph, unit, analysis.grid), "Counting paths"
    )
    analysis.keep(unit, counts, measures)


def share(analysis: DesignAnalysis, unit: Unit = None) -> None:
    """Makes the shares in all outputs, or in one unit, known, as ``count`` makes paths."""
    if not analysis.is_shared(unit) and takes_long(evenly_divided(analysis.graph)[0]):
        analysis.keep_shares(unit, _result(lambda: run_apart(path_shares, analysis.graph, unit), "Dividing shares"))


def tower_of(key: str, analysis: DesignAnalysis, axis: int, unit: int | None) -> Tower:
    """The tower of a design along an axis, with its counts."""
    graph = along(analysis.graph, axis)
    if not takes_long(graph, every=True):
        return cache.tower_of(str(analysis.design.text), analysis.gates, axis, unit)
    return _kept(f"tower|{key}|{axis}|{unit}", lambda: run_apart(tower, graph, unit), "Counting paths")


def report(key: str, analysis: DesignAnalysis, object_size: int) -> Report:
    """The findings about a design; ``object_size``: the side of what a unit must see whole, 0 where none is stated."""
    if not is_heavy(analysis):
        is_model = analysis.design.network is None
        with st.spinner("Checking the design") if is_model else nullcontext():
            return cache.report(str(analysis.design.text), analysis.gates, object_size)
    asked = DesignAnalysis(analysis.design, object_size or None, analysis.gates)
    return _kept(f"report|{key}|{object_size}", lambda: run_apart(report_on, asked), "Checking the design")


def input_sizes(key: str, analysis: DesignAnalysis, sizes: tuple[Size, ...]) -> SizeReport:
    """A design at other inputs, side by side; none given: its own and those near it."""
    if not is_heavy(analysis):
        with st.spinner("Trying input sizes"):
            return cache.input_sizes(str(analysis.design.text), analysis.gates, sizes)
    asked = sizes or (analysis.graph.input.size,)
    alone = DesignAnalysis(analysis.design, gates=analysis.gates)
    return _kept(
        f"sizes|{key}|{sizes}",
        lambda: run_apart(size_report, alone, asked, not sizes, findings_at_size),
        "Trying input sizes",
    )


def is_heavy(analysis: DesignAnalysis) -> bool:
    """Whether to try every remedy of a typed network would hold up others."""
    graph = analysis.graph
    is_typed = analysis.design.network is not None
    return is_typed and (takes_long(graph) or sum(graph.nodes[index].positions for index in graph.ancestors) > _MANY)


def _kept(key: str, start: Callable[[], Iterator[Event[Made]]], words: str) -> Made:
    """A result that is made unless it is kept."""
    made: Made | None = jobs.results().finished(key)
    if made is None:
        made = _result(start, words)
        jobs.results().keep(key, made)
    return made


def _result(start: Callable[[], Iterator[Event[Made]]], words: str) -> Made:
    """What another process gives last; it ends at once when the visitor moves on."""
    values: list[Made] = []
    place = st.empty()
    begun = asked = monotonic()
    try:
        with st.spinner(words, show_time=True):
            for event in start():
                jobs.stop_if_left()
                if isinstance(event, Waiting):
                    place.caption(f"Waiting: {event.before} before you")
                    begun = monotonic()
                if isinstance(event, Result):
                    values.append(event.value)
    except BusyError:
        journal.note("refused")
        raise
    journal.note("long work apart", waited=begun - asked, took=monotonic() - begun)
    place.empty()
    return values[-1]
