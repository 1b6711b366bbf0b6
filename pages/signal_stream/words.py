"""The page of streams in words: when an output comes, what it reads, what each layer keeps."""

from collections.abc import Iterator

from core.design.stream_text import StreamText, exact_number
from core.exact.stream_time import MapMoment
from core.exact.streams import Stream
from core.formatting import counted_noun

PICTURE = (
    "One moment, from the input up to the output. Grey: known so far. Blue: read by the latest output. "
    "Orange, striped: kept for later ones. Gold: the samples that the latest output owns."
)
SAME = 1e-9  # standard deviations of the outputs: rounding in float64
PHASES = "Outputs of a period differ: what each reads before (blue) and after (violet, dotted) its own samples (gold)."


def insight(told: StreamText) -> str:
    """The answer in one sentence or two."""
    found = told.stream
    past = f"{_length(told, found.past)} before them" if found.past else "nothing before them"
    future = f"{_length(told, found.future)} after" if found.future else "nothing after"
    return (
        f"{_kind(found)} An output comes {_length(told, found.latency)} after its own samples begin: "
        f"it reads {past} and {future}."
    )


def _length(told: StreamText, samples: int) -> str:
    return f"**{counted_noun(samples, 'sample')}** ({told.ms(samples):,.4g} ms)"


def _kind(found: Stream) -> str:
    if found.causal:
        return f"Causal in blocks of {counted_noun(found.block, 'sample')}." if found.future else "Causal."
    if found.reasons:
        return "No blocks give what the network gives; this is the network without what stands in the way."
    return "It looks ahead."


def remarks(told: StreamText) -> Iterator[str]:
    """What stands in the way, and where it begins to look ahead."""
    found = told.stream
    graph = found.halo.graph
    for reason in found.halo.reasons[:4]:
        yield f"**{graph.name(reason.node)}** {reason.text}."
    if (more := len(found.halo.reasons) - 4) > 0:
        yield f"{counted_noun(more, 'more layer').capitalize()} {'does' if more == 1 else 'do'} the like."
    if found.looks_ahead is not None and not found.reasons:
        yield f"**{graph.name(found.looks_ahead)}** is the first layer that looks ahead."


def facts(told: StreamText) -> list[dict[str, str]]:
    """The stream in numbers, a row each."""
    found = told.stream
    rows = {
        "Past": told.length(found.past),
        "Future": told.length(found.future),
        "Latency": told.length(found.latency),
        "Hop": told.hop,
        "Block": told.block,
        "Causal": told.ahead.partition(",")[0],
        "State": told.state,
    }
    if found.delays:
        waiting = sum(kept.samples * kept.channels for kept in found.delays)
        rows["Delays"] = f"{waiting:,} of these numbers wait in {counted_noun(len(found.delays), 'join')}"
    return [{"Stream": name, "": value} for name, value in rows.items()]


def state_rows(told: StreamText) -> list[dict[str, str]]:
    """What every layer keeps, and what waits in joins."""
    kinds = [*(("state", kept) for kept in told.stream.kept), *(("delay", kept) for kept in told.stream.delays)]
    names = ("layer", "keeps of", "samples", "channels", "bytes")
    return [{"": kind, **dict(zip(names, told.kept(kept), strict=True))} for kind, kept in kinds]


def causal_rows(told: StreamText, causal: Stream) -> list[dict[str, str]]:
    """What moving the padding changes."""
    return [
        {"": name.capitalize(), "as it is": old, "made causal": new} for name, old, new in told.beside_causal(causal)
    ]


def padding_rows(told: StreamText) -> list[dict[str, str]]:
    """Every layer whose padding moves."""
    names = ("layer", "padding before:after", "made causal")
    return [dict(zip(names, told.repadding(moved), strict=True)) for moved in told.stream.repaddings]


def moment(told: StreamText, here: MapMoment) -> str:
    """What a reader is told of a map at the moment that is drawn."""
    graph = told.stream.halo.graph
    lines = [f"<b>{graph.name(here.node)}</b>"]
    lines.append(f"one position every {exact_number(here.stride)} samples" if here.stride != 1 else "every sample")
    if here.read is not None:
        first, last = here.read
        lines.append(f"the latest output reads {counted_noun(last - first + 1, 'position')} of it")
    if here.held:
        lines.append(f"{counted_noun(here.held, 'position')} of it are kept" if here.held > 1 else "1 position is kept")
    return "<br>".join(lines)


def proved(samples: int, blocks: int, at_input: str | None, difference: float) -> str:
    """What blocks gave on the live model, beside one pass."""
    state = "the state of every layer" if at_input is None else "so much of the input before and after as is told"
    same = "is that of one pass, but for rounding" if difference < SAME else "is **not** that of one pass"
    return (
        f"What {samples:,} samples give in {blocks} blocks, with {state}, {same}: they differ by at most "
        f"**{difference:.1e}** standard deviations of the outputs."
        + ("" if at_input is None else f"  \n:small[Not with the state of every layer: {at_input}.]")
    )


def changed(outside: float, past: float, future: float) -> str:
    """What single samples changed."""
    same = "nothing" if outside < SAME else "**something**"
    return (
        f"All that an output does not read changes {same} ({outside:.1e}); the first sample that it reads alone "
        f"changes it by **{past:.1e}**, the last by **{future:.1e}**."
    )
