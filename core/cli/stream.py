"""The command ``stream``: how far a network looks back and ahead, how late its outputs come, and what it keeps."""

import argparse
import json
from collections.abc import Callable, Iterator
from fractions import Fraction

from ..design.stream_proof import StreamProof, prove
from ..errors import UserError
from ..exact.streams import Kept, Stream, stream
from ..formatting import length_number
from ..network.graph import Graph, size_text
from .arguments import Parser
from .designs import DesignArgument, design_argument, prints_aside
from .table import columns

_PHASES = 32  # that are listed
_BYTES = 4  # of a number in float32
_AXES = ("height", "width")
_NOTES = """\
An output owns its own hop of the input; past and future are what it reads before and after these samples, of the output
that reads farthest where outputs differ. The latency is from the begin of an output's own samples until all that it
reads has come. A network is causal if no output reads anything after the block that holds its own samples. State is
what each layer keeps between blocks, of the map that it reads; delays are what waits where branches meet.
--json prints {"design", "rate", "past", "future", "past_ms", "future_ms", "causal", "looks_ahead", "hop", "block",
"latency", "latency_ms", "state": [{"layer", "samples", "channels"}, ...], "delays": [...], "proved"}: lengths count
samples of the input; what is in ms is null without --rate; looks_ahead is the first layer that does, null where none
does; delays are as state is. proved, null without --prove, is {"blocks", "difference", "outside", "past_inside",
"future_inside"}: blocks fed with the state that is told, the largest difference from one pass; the largest change of an
output by samples outside of what it reads, and by the first and the last inside.
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
    parser.add_argument("--axis", choices=_AXES, help="along which the input comes; width, unless told otherwise")
    parser.add_argument("--prove", action="store_true", help="feed blocks to the live model, and change single samples")
    arguments = parser.parse_args(argv)
    subject = design_argument(arguments)
    with prints_aside():
        graph = subject.analysis.graph
        found = stream(graph, _axis(graph, arguments.axis))
        proof = prove(subject.design, found) if arguments.prove else None
    if arguments.json:
        print(json.dumps(_document(subject, found, arguments.rate, proof)))
    else:
        print("\n".join(_text(subject, found, arguments.rate, proof)))


def _rate(text: str) -> Fraction:
    try:
        rate = Fraction(text)
    except (ValueError, ZeroDivisionError) as error:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no rate; give samples a second, as 16000 or 22050/256"
        ) from error
    if not 0 < rate <= 10**9:
        raise argparse.ArgumentTypeError(f"a rate of {text} is outside 0 to 1000000000 samples a second")
    return rate


def _axis(graph: Graph, name: str | None) -> int:
    if len(graph.input.size) == 1:
        if name is not None:
            raise UserError(f"the input {size_text(graph.input.size)} has one axis; leave --axis out")
        return 0
    return _AXES.index(name or "width")


def _document(subject: DesignArgument, found: Stream, rate: Fraction | None, proof: StreamProof | None) -> object:
    graph = found.halo.graph
    return {
        "design": str(subject.design.text),
        "rate": rate and length_number(rate),
        "past": found.past,
        "future": found.future,
        "past_ms": _ms(found.past, rate),
        "future_ms": _ms(found.future, rate),
        "causal": found.causal,
        "looks_ahead": None if found.looks_ahead is None else graph.name(found.looks_ahead),
        "hop": length_number(found.hop),
        "block": found.block,
        "latency": found.latency,
        "latency_ms": _ms(found.latency, rate),
        "state": [_kept(graph, kept) for kept in found.kept],
        "delays": [_kept(graph, kept) for kept in found.delays],
        "proved": None
        if proof is None
        else {
            "blocks": proof.blocks,
            "difference": proof.difference,
            "outside": proof.outside,
            "past_inside": proof.past_inside,
            "future_inside": proof.future_inside,
        },
    }


def _number(length: Fraction | int) -> str:
    """``320``, or ``1/256`` where it is none whole."""
    return f"{int(length):,}" if length == int(length) else str(Fraction(length))


def _kept(graph: Graph, kept: Kept) -> dict[str, object]:
    return {"layer": graph.name(kept.node), "samples": kept.samples, "channels": kept.channels}


def _ms(samples: Fraction | int, rate: Fraction | None) -> float | None:
    return None if rate is None else float(1000 * Fraction(samples) / rate)


def _text(subject: DesignArgument, found: Stream, rate: Fraction | None, proof: StreamProof | None) -> Iterator[str]:
    graph = found.halo.graph

    def length(samples: Fraction | int) -> str:
        ms = _ms(samples, rate)
        frames = Fraction(samples) / found.hop
        told = f"{_number(samples)} samples" + ("" if ms is None else f", {ms:,.4g} ms")
        return told if found.hop == 1 else f"{told}, {float(frames):,.4g} frames"

    ahead = "yes" if found.looks_ahead is None else f"no, {graph.name(found.looks_ahead)} is the first that looks ahead"
    rows = [
        ["past", length(found.past)],
        ["future", length(found.future)],
        ["causal", ahead],
        ["latency", length(found.latency)],
        ["hop", f"{length(found.hop)}, {_number(found.output_ratio)} outputs a sample"],
        ["block", f"multiples of {length(found.block)}"],
        ["state", f"{found.state_values:,} numbers, {_BYTES * found.state_values:,} bytes in float32"],
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
    yield from _kept_table("state", graph, found.kept)
    yield from _kept_table("delay", graph, found.delays)
    yield from _causal_lines(found, length)


def _kept_table(name: str, graph: Graph, kept: tuple[Kept, ...]) -> Iterator[str]:
    if kept:
        rows = [
            [graph.name(one.node), graph.name(one.source), f"{one.samples:,}", f"{one.channels:,}",
             f"{_BYTES * one.samples * one.channels:,}"]
            for one in kept
        ]  # fmt: skip
        yield ""
        yield from columns([[name, "of", "samples", "channels", "bytes"], *rows], "<<>>>")


def _proof_rows(proof: StreamProof | None) -> list[list[str]]:
    if proof is None:
        return []
    state = "the state of every layer" if proof.per_layer else "so much of the input before and after"
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
    ]


def _causal_lines(found: Stream, length: Callable[[Fraction | int], str]) -> Iterator[str]:
    """What changes where the padding moves before the samples."""
    if found.causal:
        return
    graph, causal = found.halo.graph, found.made_causal
    yield ""
    if causal is None:
        yield "No padding makes it causal: its branches would then differ in size."
        return
    yield "Made causal, as far as padding can, by moving it before the samples:"
    rows = [[graph.name(one.node), _sides(one.old), _sides(one.new)] for one in found.repaddings]
    yield from columns([["layer", "padding", "causal"], *rows], "<>>")
    yield ""
    table = [
        ["", "as it is", "causal"],
        ["past", length(found.past), length(causal.past)],
        ["future", length(found.future), length(causal.future)],
        ["latency", length(found.latency), length(causal.latency)],
        ["state", f"{_BYTES * found.state_values:,} bytes", f"{_BYTES * causal.state_values:,} bytes"],
        [
            "output",
            size_text(found.halo.graph.nodes[found.halo.end].size),
            size_text(causal.graph.nodes[causal.halo.end].size),
        ],
        ["causal", "no", "yes" if causal.causal else "no"],
    ]
    yield from columns(table, "<<<")
    if any(kept for kept in found.delays):
        yield "Its branches no longer meet as they did: it computes something else, and must be trained anew."


def _sides(pad: tuple[int, int]) -> str:
    return f"{pad[0]}:{pad[1]}"
