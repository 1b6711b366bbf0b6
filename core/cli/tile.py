"""The command ``tile``: how much tiles of an image must overlap, what less of it loses, and whether that is true."""

import argparse
import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ..design.tile_code import tile_code, tiler_settings
from ..errors import UserError
from ..exact.halo import AxisHalo, Halo
from ..exact.tiles import Tiles, largest_size, least_size, tiles_of
from ..formatting import format_percent, length_number
from ..network.graph import size_text
from ..program import loaded
from .arguments import Parser, write_text
from .designs import DesignArgument, design_argument, prints_aside
from .table import columns

_MEGABYTE = 2**20
_NOTES = """\
A tile begins at a multiple of the grid, and its size is the input's less (or more) a multiple of the grid, so that
tiles of one size end where the image ends. Of such a tile all outputs are those of the whole image whose own pixels lie
at least the halo from its edges; at the image's own border all are, as the padding there is the image's. Output u owns
the pixels from offset + u * stride on. What passes through gates is read always; what is made of all positions makes
tiling inexact, is named, and left out of the halo.
--json prints {"design", "network", "gates", "halo": {"before", "after"}, "offset", "grid", "exact", "because":
[{"layer", "reason"}, ...], "smallest", "phases", "tile", "step", "owned", "recomputed", "bytes", "lost": {"outputs",
"share_most"}, "proved": {"overlap", "difference", "difference_one_less"}, "settings", "stages": [{"layer", "output",
"before", "after", "exchange_before", "exchange_after"}, ...]}, one value per axis in each list. halo is null where
branches of several strides meet, and then grid and all that follows from it. tile is that of --tile, else the largest
that --memory allows, else, with --overlap or --prove, one that is large enough; lost is null without --overlap, proved
without --prove. A model has "model" and "stage" in place of "network".
"""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was asked, as far as it was."""

    subject: DesignArgument
    halo: Halo
    axes: tuple[AxisHalo, ...] | None
    tiles: Tiles | None
    overlap: int | None
    proof: Any  # a TileProof, whose module needs PyTorch


def run(argv: list[str]) -> None:
    """Prints the halo and what was asked beside it, and writes the code if asked for."""
    parser = Parser("tile", "How much tiles must overlap so that nothing changes.", "U-Net --tile 256 --prove", _NOTES)
    parser.add_argument("--tile", type=_size, metavar="N", help="pixels of a tile, as in 256 or 256x192")
    parser.add_argument("--overlap", type=_count, metavar="N", help="pixels on every side: what does less of it lose?")
    parser.add_argument("--memory", type=_count, metavar="MB", help="the largest tile whose feature maps fit")
    parser.add_argument("--prove", action="store_true", help="run tiles and the whole on the live model, in float64")
    parser.add_argument("--seed", type=int, default=0, metavar="S", help="of the model and the image (default: 0)")
    parser.add_argument("--code", metavar="FILE.py", help="write a tiled forward pass, with PyTorch alone")
    arguments = parser.parse_args(argv)
    subject = design_argument(arguments)
    with prints_aside():
        answer = answer_of(subject, arguments)
    if arguments.code is not None:
        write_text(Path(arguments.code), tile_code(subject.analysis))
    print(json.dumps(document(answer)) if arguments.json else "\n".join(_text(answer)))


def _size(text: str) -> tuple[int, ...]:
    if not re.fullmatch(r"[1-9]\d{0,4}(x[1-9]\d{0,4})?", text):
        raise argparse.ArgumentTypeError(f"{text!r} is no tile; give pixels, as 256 or 256x192")
    return tuple(map(int, text.split("x")))


def _count(text: str) -> int:
    if not re.fullmatch(r"\d{1,7}", text):
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 0 up")
    return int(text)


def answer_of(subject: DesignArgument, arguments: argparse.Namespace) -> Answer:
    """What the arguments ask for. Raises :class:`~.errors.UserError` for tiles that there cannot be."""
    halo = subject.analysis.halo
    overlap, tiles, proof = arguments.overlap, None, None
    if arguments.tile is not None and arguments.memory is not None:
        raise UserError("--tile says the size and --memory finds it; leave one of them out")
    if arguments.tile is not None:
        axes = len(halo.graph.input.size)
        if len(arguments.tile) not in (1, axes):
            raise UserError(f"a tile of {size_text(arguments.tile)} has 2 sides, the input 1; give one number")
        tiles = tiles_of(halo, arguments.tile * (axes // len(arguments.tile)), overlap)
    elif arguments.memory is not None:
        tiles = tiles_of(halo, largest_size(halo, arguments.memory * _MEGABYTE), overlap)
    elif overlap is not None or arguments.prove:
        tiles = tiles_of(halo, _enough(halo, overlap or 0), overlap)
    if arguments.prove and tiles is not None:
        exact = tiles if overlap is None else tiles_of(halo, tiles.size)
        proof = loaded("..design.tile_proof", __package__).prove(subject.design, exact, arguments.seed)
    return Answer(subject, halo, halo.axes, tiles, overlap, proof)


def _enough(halo: Halo, overlap: int) -> tuple[int, ...]:
    """The smallest tile that leaves something to own on every side; of the halo, or of the overlap if that is more."""
    sides = zip(least_size(halo), halo.grid, strict=True)
    return tuple(max(side, side + (2 * overlap - side + 2 * grid) // grid * grid) for side, grid in sides)


def document(answer: Answer) -> dict[str, object]:
    """The answer as JSON."""
    halo, axes, tiles, graph = answer.halo, answer.axes, answer.tiles, answer.halo.graph
    lost = tiles.lost if tiles is not None and answer.overlap is not None else None
    return {
        **answer.subject.document,
        "gates": answer.subject.gates,
        "halo": axes and {"before": [axis.before for axis in axes], "after": [axis.after for axis in axes]},
        "offset": axes and [axis.offset for axis in axes],
        "grid": axes and halo.grid,
        "exact": halo.exact,
        "because": [{"layer": graph.name(reason.node), "reason": reason.text} for reason in halo.reasons],
        "smallest": axes and least_size(halo),
        "phases": axes and halo.phases,
        "tile": tiles and tiles.size,
        "step": tiles and tiles.step,
        "owned": tiles and [{"first": first, "end": end} for first, end in tiles.owned],
        "recomputed": tiles and tiles.recomputed and float(tiles.recomputed),
        "bytes": tiles and tiles.bytes,
        "lost": lost and {"outputs": lost.outputs, "share_most": float(lost.share_most)},
        "proved": answer.proof and _proof_document(answer.proof),
        "settings": [asdict(setting) for setting in tiler_settings(tiles)] if tiles else [],
        "stages": list(_stages(halo)) if axes else [],
    }


def _proof_document(proof: Any) -> dict[str, object]:
    return {
        "overlap": proof.overlap,
        "difference": proof.difference,
        "difference_one_less": proof.difference_one_less,
    }


def _stages(halo: Halo) -> Iterator[dict[str, Any]]:
    """Every layer on the way: the halo of its map in pixels, and what it needs of the maps beside its own tile."""
    graph = halo.graph
    for index in halo.layers:
        node, axes = graph.nodes[index], halo.of(index) or ()
        beyond = halo.exchange(index)
        yield {
            "layer": graph.name(index),
            "output": node.size,
            "before": [axis.before for axis in axes],
            "after": [axis.after for axis in axes],
            "exchange_before": beyond and [before for before, _ in beyond],
            "exchange_after": beyond and [after for _, after in beyond],
        }


def _text(answer: Answer) -> Iterator[str]:
    halo, axes = answer.halo, answer.axes
    rows = [*answer.subject.head, ["input", size_text(halo.graph.input.size)]]
    rows += [["not exact" if place == 0 else "", f"{halo.graph.name(reason.node)} {reason.text}"]
             for place, reason in enumerate(halo.reasons)]  # fmt: skip
    if axes is None:
        yield from columns([*rows, ["halo", "none: no grid fits tiles"]], "<<")
        return
    without = "" if halo.exact else "; without " + ("that" if len(halo.reasons) == 1 else "these")
    rows += [
        [
            "halo",
            f"{_each([axis.before for axis in axes])} before, {_each([axis.after for axis in axes])} after{without}",
        ],
        ["grid", f"tiles begin at multiples of {_each(halo.grid)}"],
        ["tile sizes", f"{', '.join(_sizes(halo))}, …"],
    ]
    if offset := max(axis.offset for axis in axes):
        rows.append(["offset", f"output 0 lies at pixel {offset}: unpadded windows give a smaller map"])
    if halo.phases > 1:
        rows.append(["period", f"{halo.phases} phases: it tells at most {halo.phases} equal objects apart"])
    yield from columns([*rows, *_tile_rows(answer), *_proof_rows(answer)], "<<")
    yield ""
    stages = [["", "layer", "output", "halo before", "after", "exchanged before", "after"]]
    for number, stage in enumerate(_stages(halo), start=1):
        sides = (stage[key] for key in ("before", "after", "exchange_before", "exchange_after"))
        cells = ["-" if side is None else _each(side) for side in sides]
        stages.append([str(number), stage["layer"], size_text(stage["output"]), *cells])
    yield from columns(stages, "><>>>>>")


def _sizes(halo: Halo) -> Iterator[str]:
    """The three smallest legal tiles."""
    least = least_size(halo)
    for more in range(3):
        yield _each(tuple(side + more * grid for side, grid in zip(least, halo.grid, strict=True)))


def _tile_rows(answer: Answer) -> Iterator[list[str]]:
    tiles = answer.tiles
    if tiles is None:
        return
    owned = size_text(tuple(end - first for first, end in tiles.owned))
    smallest = "; it is the smallest, choose with --tile or --memory" if tiles.size == least_size(tiles.halo) else ""
    kept = f"{owned} of its {size_text(tiles.outputs)} outputs are kept{smallest}"
    yield ["tile", f"{size_text(tiles.size)}: {kept}"]
    yield ["next tile", f"{_each(tiles.step)} pixels on"]
    if tiles.recomputed is not None:
        yield ["computed", f"{float(tiles.recomputed):.4g} times as much as for the image at once"]
    yield ["feature maps", f"{tiles.bytes / _MEGABYTE:,.1f} MB at once, in float32"]
    if answer.overlap is not None:
        if not (lost := tiles.lost).outputs:
            enough = f"an overlap of {answer.overlap} is enough" if answer.halo.exact else "but for what is inexact"
            yield ["lost", f"nothing: {enough}"]
        else:
            share = format_percent(lost.share_most)
            yield ["lost", f"{lost.outputs:,} of the outputs kept change, and lose up to {share} of their paths"]
    for setting in tiler_settings(tiles):
        yield [setting.tiler, str(setting)]


def _proof_rows(answer: Answer) -> Iterator[list[str]]:
    if (proof := answer.proof) is None:
        return
    least = proof.difference_one_less
    yield ["proved", f"on an image of {size_text(proof.image)}, differences in standard deviations of the outputs:"]
    yield ["", f"{proof.difference:.1e} with the halo" + ("" if least is None else f", {least:.1e} with a pixel less")]


def _each(values: Any) -> str:
    """One number for all axes where they agree.

    >>> _each((8, 8)), _each((8, 4))
    ('8', '8x4')
    """
    cells = [str(length_number(value)) if not isinstance(value, int) else str(value) for value in values]
    return cells[0] if len(set(cells)) == 1 else "x".join(cells)
