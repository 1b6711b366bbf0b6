"""The page of tiles in words: what the halo is, what stands in the way, what a tile owns, costs and loses."""

from collections.abc import Iterator
from fractions import Fraction

from core.design.tile_code import tiler_settings
from core.exact.halo import AxisHalo, Halo
from core.exact.tiles import Tiles, known_axes, least_size
from core.formatting import counted_noun, format_percent
from pages.parts.words import times

PICTURE = (
    "One tile with neighbours on all sides. Colours show the share of the paths of an output that leaves the tile; "
    "grey outputs are those of the whole image. The tile keeps what is framed. Shares are exact, colours are floats."
)
_MEGABYTE = 2**20


def picture(plane: int | None) -> str:
    """How the picture is read; ``plane``: which of a volume's it is."""
    return PICTURE if plane is None else f"{PICTURE} This is plane {plane}, in the middle of the tile's outputs."


def insight(halo: Halo) -> str:
    """The answer in one sentence."""
    axes = known_axes(halo)
    edges = _edges(axes)
    grid = f" Tiles begin at multiples of **{_each(halo.grid)}**." if max(halo.grid) > 1 else ""
    if halo.exact and not any(axis.before or axis.after for axis in axes):
        return f"Tiles need not overlap.{grid}"
    if halo.exact:
        return f"A tile gives what the whole image gives, but for {edges}.{grid}"
    if all(reason.at_border for reason in halo.reasons):
        return f"Inside the image a tile gives what the image gives, but for {edges}. At the image's border none does."
    return (
        f"No overlap makes tiles give what the image gives. Without what stands in the way it would, but for {edges}."
    )


def reasons(halo: Halo) -> Iterator[str]:
    """What stands in the way, layer by layer, and what an encoder and decoder can tell apart."""
    shown = halo.reasons[:4]
    for reason in shown:
        yield f"**{halo.graph.name(reason.node)}** {reason.text}."
    if more := len(halo.reasons) - len(shown):
        yield f"{counted_noun(more, 'more layer').capitalize()} {'does' if more == 1 else 'do'} the like."
    if halo.phases > 1:
        yield (
            f"One place of the grid has {halo.phases:,} outputs, so that the network tells at most {halo.phases:,} "
            "equal objects apart (Rumberger et al., ICCV 2021)."
        )


def facts(tiles: Tiles) -> list[dict[str, str]]:
    """What a tile owns, costs and loses, a row each."""
    lost, axes = tiles.lost, tiles.axes
    kept = tuple(end - first for first, end in tiles.owned)
    least = least_size(tiles.halo)
    sizes = [tuple(side + more * grid for side, grid in zip(least, tiles.halo.grid, strict=True)) for more in range(3)]
    rows = {
        "Legal tiles": f"{', '.join(map(_each, sizes))}, … pixels",
        "This tile": f"{_size(tiles.size)} pixels; {_size(kept)} of its {_size(tiles.outputs)} outputs are kept",
        "Next tile": f"{_each(tiles.step)} pixels on",
        "Computed": f"{times(tiles.recomputed or Fraction(1))} times as much as for the image at once",
        "Feature maps": f"{_bytes(tiles.bytes)} at once, in float32",
        "Lost": f"{lost.outputs:,} of the outputs kept are not the image's, and lose up to "
        f"{format_percent(lost.share_most)} of their paths"
        if lost.outputs
        else "nothing",
    }
    if offset := max(axis.offset for axis in axes):
        rows["Offset"] = f"output 0 lies at pixel {offset}: windows without padding leave a smaller map"
    for setting in tiler_settings(tiles):
        rows[setting.tiler] = str(setting)
    return [{"Tiles": name, "": value} for name, value in rows.items()]


def stages(halo: Halo) -> list[dict[str, str]]:
    """Every layer on the way: the halo of its map, and what it needs of the tiles beside."""
    rows = []
    for index in halo.layers:
        axes = halo.of(index) or ()
        beyond = halo.exchange(index)
        rows.append(
            {
                "layer": halo.graph.name(index),
                "output": _size(halo.graph.nodes[index].size),
                "halo before": _each([axis.before for axis in axes]),
                "halo after": _each([axis.after for axis in axes]),
                "read before": "" if beyond is None else _each([before for before, _ in beyond]),
                "read after": "" if beyond is None else _each([after for _, after in beyond]),
            }
        )
    return rows


def proved(difference: float, one_less: float | None) -> str:
    """What the proof found."""
    same = "is the image's, but for rounding" if difference < 1e-9 else "is **not** the image's"
    less = "" if one_less is None else f" With one pixel less it differs by at least **{one_less:.1e}**."
    return (
        f"What tiles give {same}: they differ by at most **{difference:.1e}** standard deviations of the outputs.{less}"
    )


def _edges(axes: tuple[AxisHalo, ...]) -> str:
    before, after = _each([axis.before for axis in axes]), _each([axis.after for axis in axes])
    if before == after:
        return f"**{before}** pixels at each edge"
    return f"**{before}** pixels at its start and **{after}** at its end"


def _each(values: list[int] | tuple[int, ...]) -> str:
    return str(values[0]) if len(set(values)) == 1 else _size(tuple(values))


def _bytes(count: int) -> str:
    return f"{count / _MEGABYTE:,.1f} MB" if count >= _MEGABYTE // 10 else f"{count:,} bytes"


def _size(size: tuple[int, ...]) -> str:
    return "×".join(map(str, size))
