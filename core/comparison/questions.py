"""The question behind the project, answered point by point for one network, each point with numbers computed here.

It was asked on Stack Exchange and never fully answered there: pixels in the middle of an image have many paths to the
deep layers, those at the edge about one, and more so with every layer; is that so, and what helps? It is a question
about unpadded windows that overlap, and is answered for chains of them. Numbers are the most over the least paths of
any two pixels, unless they say otherwise.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from ..errors import UserError
from ..exact.counts import PathCounts
from ..exact.imbalance import max_min
from ..exact.paths import path_counts
from ..exact.residues import uniform_over_residues
from ..formatting import counted_noun, format_count, format_ratio
from ..network.graph import Graph, graph_of, size_text
from ..network.layers import Layer
from ..network.network import Network
from ..network.window import Window
from ..remedies import REMEDIES, remedied

_ENOUGH = 4  # depths from which on growth can be told
_DEPTHS = 8  # times that the layers are stacked
_SIDE = 1024  # of the input that they are stacked on
_RANDOM = "random-connections"


@dataclass(frozen=True, slots=True)
class Answer:
    """``verdict`` is a word or two, ``words`` a clause with the numbers, without a full stop; ``numbers`` by name.

    ``remedy``: what the question asks about, as a noun; empty where it asks about the network as it is.
    """

    question: str
    verdict: str
    words: str
    numbers: tuple[tuple[str, Fraction], ...]
    remedy: str = ""


def answers(network: Network) -> tuple[Answer, ...]:
    """Point by point; none for a network that the question is not about, nor points whose remedy does not apply.

    >>> for answer in answers(parse("256x256; conv k64 s4"))[:2]:
    ...     print(answer.question, answer.verdict, answer.words, sep=" | ")
    is it so? | yes | a corner pixel has 1 path, the centre 256: 1 to 256
    does it grow exponentially with depth? | yes | times 256 with every step: 1 to 256, 65,536 on an input of 1024
    """
    if not _is_meant(network):
        return ()
    return tuple(_points(network))


def _is_meant(network: Network) -> bool:
    """Whether this is a chain of unpadded windows of which one overlaps its next."""
    layers = [item for item in network.layers if isinstance(item, Layer) and item.op.slides]
    return (
        len(layers) == len(network.layers)
        and not any(max(sides) for layer in layers for sides in layer.pads())
        and any(k > s for layer in layers for k, s in zip(layer.kernel, layer.stride, strict=True))
    )


def _points(network: Network) -> Iterator[Answer]:
    counts = path_counts(graph_of(network))
    yield _so(counts)
    for padding, question in (
        ("", "does it grow exponentially with depth?"),
        ("padding-same", "and with zero padding that keeps the size?"),
    ):
        if ratios := _growth(network, padding):
            yield _depth(question, ratios)
    zeros = _after(network, "padding-same")
    for name, meaning in (
        ("border-reflect", "which mirrors all but the last sample"),
        ("border-symmetric", "which shows the last sample twice"),
        ("padding-full", "as many zeros a side as the window has further taps"),
        ("non-overlapping", "which move by their own length"),
    ):
        if (changed := _after(network, name)) is not None:
            rival = max_min(zeros[1]) if zeros is not None and name.startswith("border") else None
            yield _helped(name, meaning, max_min(counts), rival, *changed)
    if (changed := _after(network, _RANDOM)) is not None:
        yield _random(counts, changed[1])


def _so(counts: PathCounts) -> Answer:
    corner, centre = counts.at((0,) * len(counts.size)), counts.at(tuple(side // 2 for side in counts.size))
    paths = counted_noun(corner, "path")
    share = Fraction(centre, corner) if corner else Fraction(0)
    words = f"{'a corner' if len(counts.size) == 2 else 'an end'} pixel has {paths}, the centre {format_count(centre)}"
    words += f": 1 to {format_ratio(share)}" if corner else ""
    return Answer("is it so?", "yes" if centre > corner else "no", words, (("centre over corner", share),))


def _growth(network: Network, padding: str) -> list[Fraction]:
    """Centre over first corner for the layers stacked once, twice, … on an input of ``_SIDE``.

    Equal layers are stacked one by one. It ends where a map would be narrower than the window that reads it; where a
    stride does not divide its kernel there is nothing, as the centre's place on the grid would decide.
    """
    ratios: list[Fraction] = []
    layers = network.layers[:1] if len(set(network.layers)) == 1 else network.layers
    if not all(
        uniform_over_residues(window)
        for node in graph_of(network).nodes
        for window in node.maps
        if isinstance(window, Window)
    ):
        return ratios
    try:
        layers = remedied(replace(network, layers=layers), padding).layers if padding else layers
    except UserError:
        return ratios
    for times in range(1, _DEPTHS + 1):
        try:
            graph = graph_of(replace(network, size=(_SIDE,) * len(network.size), layers=layers * times))
        except UserError:
            break
        if not _is_roomy(graph):
            break
        counts = path_counts(graph)
        corner = counts.at((0,) * len(counts.size))
        ratios.append(Fraction(counts.at(tuple(side // 2 for side in counts.size)), corner))
    return ratios


def _is_roomy(graph: Graph) -> bool:
    """Whether every window fits the map that it reads without its padding."""
    return all(
        window.span <= side
        for node in graph.nodes
        for window, side in zip(node.maps, graph.nodes[node.inputs[0]].size if node.inputs else (), strict=False)
        if isinstance(window, Window)
    )


def _depth(question: str, ratios: list[Fraction]) -> Answer:
    """Exponential is what grows by one factor with every step."""
    numbers = tuple((f"centre over corner at depth {depth}", share) for depth, share in enumerate(ratios, start=1))
    factors = [after / before for before, after in zip([Fraction(1), *ratios], ratios, strict=False)]
    listed = f"1 to {', '.join(map(format_ratio, ratios))} on an input of {_SIDE}"
    if len(ratios) == 1:
        return Answer(question, "not known", f"{listed}, and that input has no room for more layers", numbers)
    if min(factors) == max(factors):
        return Answer(question, "yes", f"times {format_ratio(factors[0])} with every step: {listed}", numbers)
    verdict = "no" if factors[-1] < factors[0] else "yes"
    verdict += ", as far as it goes" if len(ratios) < _ENOUGH else ""
    words = f"times {format_ratio(factors[0])} with the first step, {format_ratio(factors[-1])} with the last: {listed}"
    return Answer(question, verdict, words, numbers)


def _after(network: Network, name: str) -> tuple[Graph, PathCounts] | None:
    """The network's graph and counts after a remedy; None where it does not apply or is beyond a limit."""
    try:
        graph = graph_of(remedied(network, name))
        return graph, path_counts(graph)
    except UserError:
        return None


def _helped(
    name: str, meaning: str, before: Fraction | None, zeros: Fraction | None, graph: Graph, counts: PathCounts
) -> Answer:
    """Whether a remedy evens out all pixels, or more of them than what it is measured against: as many ``zeros``."""
    after, unread = max_min(counts), counts.multiplicities()[0]
    rival = before if zeros is None else zeros
    helped = after is not None and rival is not None and after < rival
    verdict = "no" if not helped else "partly" if after != 1 or unread else "yes"
    noun = REMEDIES[name].noun
    helps, makes, does = ("help", "make", "do") if noun.endswith("s") else ("helps", "makes", "does")
    if not helped:
        words = f"{noun} {does} not help" if zeros is None else f"{noun} {helps} no more than zeros do"
    else:
        words = f"{noun} {makes} all pixels equal" if verdict == "yes" else f"{noun} {helps}"
    words += f": {_times(before)} becomes {_times(after)}"
    words += "" if zeros is None else f" (zeros: {_ratio(zeros)})"
    words += f"; the output is {size_text(graph.output.size)}"
    words += f", and {counted_noun(unread, 'pixel')} {'is' if unread == 1 else 'are'} then not read" if unread else ""
    named = {"most over least": after, "most over least before": before, "most over least with zeros": zeros}
    numbers = tuple((measure, value) for measure, value in named.items() if value is not None)
    return Answer(f"{'do' if noun.endswith('s') else 'does'} {noun} help, {meaning}?", verdict, words, numbers, noun)


def _random(before: PathCounts, after: PathCounts) -> Answer:
    """What the outermost pixels have on average, over what all have: the one drawn for a corner says little."""
    shares = [_outermost(counts) for counts in (before, after)]
    verdict = "on average" if shares[1] >= Fraction(9, 10) else "partly" if shares[1] > shares[0] else "no"
    words = (
        f"with 8 more for each pixel the outermost pixels have {format_ratio(shares[1])} of the average paths "
        f"instead of {format_ratio(shares[0])}, but by chance: 1 to {_ratio(max_min(after))} between any two pixels"
    )
    numbers = (("outermost over all", shares[1]), ("before", shares[0]))
    return Answer("do random global connections help?", verdict, words, numbers, REMEDIES[_RANDOM].noun)


def _outermost(counts: PathCounts) -> Fraction:
    """Mean paths of the pixels on the border over the mean of all."""
    array = counts.array()
    inner = array[tuple(slice(1, -1) for _ in counts.size)]
    total, ring = counts.total(), counts.total() - int(inner.sum())
    return Fraction(ring * array.size, total * (array.size - inner.size)) if total else Fraction(0)


def _times(value: Fraction | None) -> str:
    """``256 times``: the most over the least."""
    return "nothing" if value is None else "1 time" if value == 1 else f"{format_ratio(value)} times"


def _ratio(value: Fraction | None) -> str:
    return "nothing" if value is None else format_ratio(value)
