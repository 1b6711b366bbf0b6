"""The command ``stream``: how far a network looks back and ahead, how late its outputs come, and what it keeps."""

import argparse
import json
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

from ..design.stream_code import stream_code
from ..design.stream_text import StreamText, sample_rate
from ..design.text import DesignText
from ..errors import UserError
from ..exact.streams import Kept
from ..formatting import length_number
from ..network.axes import AXES, axis_names, time_axis
from ..network.graph import Graph, size_text
from ..program import loaded
from .arguments import Parser, write_text
from .designs import DesignArgument, design_argument, prints_aside
from .table import columns

_PHASES = 32  # that are listed
_NOTES = """\
An output owns its own hop of the input; past and future are what it reads before and after these samples, of the output
that reads farthest where outputs differ. The latency is from the begin of an output's own samples until all that it
reads has come. A network is causal if no output reads anything after the block that holds its own samples. State is
what each layer keeps between blocks, of the map that it reads; delays are what waits where branches meet.
--json prints {"design", "rate", "past", "future", "past_ms", "future_ms", "causal", "looks_ahead", "hop", "block",
"latency", "latency_ms", "state": [{"layer", "samples", "channels"}, ...], "delays": [...], "proved"}: lengths count
samples of the input; what is in ms is null without --rate; looks_ahead is the first layer that does, null where none
does; delays are as state is. proved, null without --prove, is {"blocks", "at_input", "difference", "outside",
"past_inside", "future_inside"}: blocks fed with the state of every layer that is told (at_input: null, or why with so
much of the input instead), the largest difference from one pass; the largest change of an output by samples outside of
what it reads, and by the first and the last inside.
"""


def run(argv: list[str]) -> None:
    """Prints the stream of a design, and with ``--prove`` what its live model says."""
    parser = Parser(
        "stream",
        "How far a network looks back and ahead, how late it answers, what it keeps.",
        "WaveNet --rate 16000",
        _NOTES,
    )
    parser.add_argument("--rate", type=_rate, metavar="HZ", help="input samples a second, as in 16000 or 22050/256")
    parser.add_argument("--axis", choices=AXES, help="along which the input comes; width unless given, of three depth")
    parser.add_argument("--prove", action="store_true", help="feed blocks to the live model, and change single samples")
    parser.add_argument("--code", metavar="FILE.py", help="write a forward pass in blocks, with PyTorch alone")
    arguments = parser.parse_args(argv)
    subject = design_argument(arguments)
    with prints_aside():
        found = subject.analysis.stream(axis_of(subject.analysis.graph, arguments.axis))
        prove = loaded("..design.stream_proof", __package__).prove if arguments.prove else None
        proof = prove(subject.design, found) if prove else None
    if arguments.code is not None:
        write_text(Path(arguments.code), stream_code(subject.analysis, found.axis))
    told = StreamText(found, arguments.rate)
    print(json.dumps(document(subject, told, proof)) if arguments.json else "\n".join(_text(subject, told, proof)))


def _rate(text: str) -> Fraction:
    try:
        return sample_rate(text)
    except UserError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def axis_of(graph: Graph, name: str | None) -> int:
    """The axis of that name, or time; raises :class:`~.errors.UserError` where the input has no such one."""
    size = graph.input.size
    names = axis_names(len(size))
    if name is None:
        return time_axis(len(size))
    if len(size) == 1:
        raise UserError(f"the input {size_text(size)} has one axis; leave --axis out")
    if name not in names:
        raise UserError(f"the input {size_text(size)} has no {name}; choose {' or '.join(names)}")
    return names.index(name)


def document(subject: DesignArgument, told: StreamText, proof: Any) -> dict[str, object]:
    """The answer as JSON."""
    found, graph = told.stream, told.stream.halo.graph
    return {
        "design": str(subject.design.text),
        "rate": told.rate and length_number(told.rate),
        "past": found.past,
        "future": found.future,
        "past_ms": told.ms(found.past),
        "future_ms": told.ms(found.future),
        "causal": found.causal,
        "looks_ahead": None if found.looks_ahead is None else graph.name(found.looks_ahead),
        "hop": length_number(found.hop),
        "block": found.block,
        "latency": found.latency,
        "latency_ms": told.ms(found.latency),
        "state": [_kept(graph, kept) for kept in found.kept],
        "delays": [_kept(graph, kept) for kept in found.delays],
        "proved": None
        if proof is None
        else {
            "blocks": proof.blocks,
            "at_input": proof.at_input,
            "difference": proof.difference,
            "outside": proof.outside,
            "past_inside": proof.past_inside,
            "future_inside": proof.future_inside,
        },
    }


def _kept(graph: Graph, kept: Kept) -> dict[str, object]:
    return {"layer": graph.name(kept.node), "samples": kept.samples, "channels": kept.channels}


def _text(subject: DesignArgument, told: StreamText, proof: Any) -> Iterator[str]:
    found, graph = told.stream, told.stream.halo.graph
    rows = [
        ["past", told.length(found.past)],
        ["future", told.length(found.future)],
        ["causal", told.ahead],
        ["latency", told.length(found.latency)],
        ["hop", told.hop],
        ["block", told.block],
        ["state", told.state],
    ]
    rows += [
        ["not exact", f"{graph.name(reason.node)} {reason.text}; this is the network without"]
        for reason in found.halo.reasons
    ]
    yield from columns([*subject.head, *rows, *_proof_rows(proof)], "<<")
    if len(set(found.phases)) > 1:
        yield ""
        table = [[str(unit), str(phase.past), str(phase.future)] for unit, phase in enumerate(found.phases[:_PHASES])]
        yield from columns([["phase", "past", "future"], *table], ">>>")
        if len(found.phases) > _PHASES:
            yield f"and {len(found.phases) - _PHASES} more phases"
    for name, kept in (("state", found.kept), ("delay", found.delays)):
        if kept:
            yield ""
            head = [name, "of", "samples", "channels", "bytes"]
            yield from columns([head, *(list(told.kept(one)) for one in kept)], "<<>>>")
    yield from _causal_lines(told, subject.design.text)


def _proof_rows(proof: Any) -> list[list[str]]:
    if proof is None:
        return []
    state = "the state of every layer" if proof.at_input is None else "so much of the input before and after"
    why = [] if proof.at_input is None else [["", f"(not with the state of every layer: {proof.at_input})"]]
    return [
        [
            "proved",
            f"{proof.samples:,} samples in {proof.blocks} blocks with {state}: {proof.difference:.1e} from one pass",
        ],
        ["", f"an output changes by {proof.outside:.1e} where all is changed that it does not read,"],
        [
            "",
            f"by {proof.past_inside:.1e} and {proof.future_inside:.1e} with the first and the last sample that it does",
        ],
        ["", "(in standard deviations of the outputs)"],
        *why,
    ]


def _causal_lines(told: StreamText, text: DesignText) -> Iterator[str]:
    """What changes where the padding moves before the samples."""
    found = told.stream
    if found.causal:
        return
    yield ""
    if not found.repaddings:
        yield "There is no padding that would make it causal."
        return
    if (causal := found.made_causal) is None:
        yield "No padding makes it causal: its branches would then differ in size."
        return
    yield "Made causal, as far as padding can, by moving it before the samples:"
    yield from columns([["layer", "padding", "causal"], *map(list, map(told.repadding, found.repaddings))], "<>>")
    yield ""
    yield from columns([["", "as it is", "causal"], *map(list, told.beside_causal(causal))], "<<<")
    if found.delays:
        yield "Its branches no longer meet as they did: it computes something else, and must be trained anew."
    if (design := told.causal_design(text)) is not None:
        yield ""
        yield f"That is the design {design}"
