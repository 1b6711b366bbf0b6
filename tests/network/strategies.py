"""Random small networks that fit their input, for the property tests: of one to three axes, branches, random edges."""

from hypothesis import strategies as st

from core.errors import UserError
from core.network import Network, graph_of, parse
from core.network.window import BORDERS

MOST_POSITIONS = 64  # of any feature map: what brute force can do in milliseconds


def fits(network: Network) -> bool:
    """Whether the network has a graph, small enough for brute force."""
    try:
        graph = graph_of(network)
    except UserError:
        return False
    return all(node.positions <= MOST_POSITIONS and node.channels <= 12 for node in graph.nodes)


@st.composite
def networks(draw: st.DrawFn, joins: bool = True, drawn: bool = True, mirrored: bool = False, axes: int = 0) -> Network:
    """A network of up to five layers or joins. ``drawn``: with random connections; ``mirrored``: only even padding."""
    axes = axes or draw(st.integers(1, 3))
    size = tuple(draw(st.integers(1, {1: 12, 2: 6, 3: 4}[axes])) for _ in range(axes))
    network = Network(size, channels=draw(st.sampled_from([None, 1, 2, 3])))
    for _ in range(draw(st.integers(1, 5))):
        item = draw(joined(axes, drawn, mirrored) if joins and draw(st.booleans()) else layer(axes, drawn, mirrored))
        grown = parse(f"{network}; {item}")
        if fits(grown):
            network = grown
    return network


@st.composite
def layer(draw: st.DrawFn, axes: int, drawn: bool = True, mirrored: bool = False) -> str:
    """The text of one layer, of any kind; it need not fit."""
    windows = ["conv", "conv", "maxpool", "avgpool", "blur", "tconv"]
    op = draw(st.sampled_from(windows + ["upsample", "global"] + ["random"] * drawn + ["attn"]))
    if op == "global":
        return op
    if op == "attn":
        return draw(st.sampled_from(["attn", "attn near3"])) if mirrored else draw(attention(axes))
    if op == "random":
        return f"random r{draw(st.integers(0, 3))} seed{draw(st.integers(0, 99))}"
    if op == "upsample":
        return f"upsample s{_sides(draw, axes, 1, 3)} {draw(st.sampled_from(['', 'nearest', 'bilinear']))}".strip()
    words = [op, f"k{_sides(draw, axes, 1, 4)}", f"s{_sides(draw, axes, 1, 3)}", f"d{_sides(draw, axes, 1, 2)}"]
    numbers = st.integers(0, 3).map(str)
    uneven = numbers if mirrored else st.tuples(numbers, numbers).map(":".join)
    padding = st.lists(uneven, min_size=axes, max_size=axes).map(lambda sides: "p" + "x".join(sides))
    words.append(draw(st.one_of(st.sampled_from(["valid", "full", "full" if mirrored else "same"]), padding)))
    if op != "tconv":
        words.append(draw(st.sampled_from(BORDERS)))
    if op in ("conv", "tconv") and draw(st.booleans()):
        words.append(f"c{draw(st.integers(1, 4))}")
    if op in ("conv", "tconv") and draw(st.booleans()):
        words.append(f"g{draw(st.integers(2, 3))}")
    if op in ("maxpool", "avgpool") and not _sees_samples(words, axes):
        words = [word for word in words if not word.startswith("p")]
    return " ".join(words)


@st.composite
def attention(draw: st.DrawFn, axes: int) -> str:
    """The text of an attention of any kind; it need not fit."""
    kinds = ["", f"w{_sides(draw, axes, 1, 5)}", f"near{_sides(draw, axes, 1, 4)} d{_sides(draw, axes, 1, 3)}"]
    kinds += [f"w{draw(st.integers(4, 5))} shift{_sides(draw, axes, 0, 3)}"]
    kinds += ["causal", f"causal w{draw(st.integers(1, 4))}"] if axes == 1 else []
    return f"attn {draw(st.sampled_from(kinds))} {draw(st.sampled_from(['', 'c2']))}".strip()


@st.composite
def joined(draw: st.DrawFn, axes: int, drawn: bool = True, mirrored: bool = False) -> str:
    """The text of a join whose branches mostly keep the size, so that it mostly fits."""
    keeps = [
        "conv k3 p1",
        "conv k5 p2 replicate",
        "conv k3 d2 p2",
        "maxpool k3 s1 p1",
        "blur k3 s1 p1",
        "conv k1 c2",
        "attn",
    ]
    keeps += [] if mirrored else ["conv k2 same", "conv k2 p1:0", "attn w3 shift1"]
    keeps += ["attn causal"] if axes == 1 and not mirrored else []
    keeps += ["random r1 seed7"] * drawn
    pairs = ["conv k3 s2 p1; conv k3 p1 | conv k1 s2", "skip | maxpool k2; tconv k2 s2", "conv k2 | conv k4 p1"]
    if draw(st.integers(0, 3)) == 0:
        return f"{draw(st.sampled_from(['add', 'concat']))}({draw(st.sampled_from(pairs))})"
    step = st.sampled_from(keeps) | st.sampled_from(["add", "concat"]).map(lambda op: f"{op}(skip | conv k3 p1)")
    branch = st.lists(step, max_size=2).map(lambda steps: "; ".join(steps) or "skip")
    branches = draw(st.lists(branch, min_size=2, max_size=3))
    return f"{draw(st.sampled_from(['add', 'concat']))}({' | '.join(branches)})"


def _sides(draw: st.DrawFn, axes: int, least: int, most: int) -> str:
    """One number, or one for each axis."""
    return "x".join(str(draw(st.integers(least, most))) for _ in range(draw(st.sampled_from([1, axes]))))


def _sees_samples(words: list[str], axes: int) -> bool:
    """Whether a pool may be written so: its padding must be smaller than its span."""
    try:
        parse(f"{'x'.join('9' * axes)}; {' '.join(words)}")
    except UserError:
        return False
    return True
