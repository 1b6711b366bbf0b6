"""The effective field of one unit in two ways, sampled and expected, measured once and drawn as tiles.

PyTorch is loaded here.
"""

from collections.abc import Callable, Iterator

import numpy as np

from core.errors import UserError
from core.figures.multiples import small_map
from core.live.erf.pair import ErfPair, ErfPairProgress
from pages.parts.tiles import SIDE, Tile
from pages.parts.words import place
from pages.work import jobs

PairOrReason = ErfPair | str  # a field that cannot be measured is a reason


def field_pair(key: str, name: str, measure: Callable[[], Iterator[ErfPairProgress]]) -> PairOrReason:
    """The field that ``measure`` gives, kept under ``key``, its progress told with ``name``; or why there is none."""

    def steps() -> Iterator[tuple[int, int, PairOrReason | None]]:
        try:
            yield from measure()
        except UserError as error:
            yield 1, 1, str(error)

    def words(done: int, total: int, _: PairOrReason | None) -> str:
        return f"{name}: {done} of {total} samples"

    result = jobs.run_job(steps, key, lambda _: None, words, "Building the model")
    assert result is not None  # the last step has it
    return result


def pair_tiles(name: str, result: PairOrReason, pixel: tuple[int, ...] | None = None) -> list[Tile]:
    """A tile for each of both maps, the colours up to its own peak; or one tile that says why there is none."""
    if isinstance(result, str):
        return [Tile(name, None, f"absent: {result}")]
    maps = (("sampled", result.sampled), ("expected", result.expected))
    return [
        Tile(
            name,
            small_map(values / values.max(), 0.0, 1.0, pixel, height=SIDE),
            f"{kind}: {_extent(values, side)}{_share(values, pixel)}",
        )
        for (kind, values), side in zip(maps, result.sides, strict=True)
    ]


def _extent(values: np.ndarray, side: float) -> str:
    return f"95 % within {side:.3g} pixels{' a side' if values.ndim == 2 else ''}"


def _share(values: np.ndarray, pixel: tuple[int, ...] | None) -> str:
    if pixel is None or not all(index < side for index, side in zip(pixel, values.shape, strict=True)):
        return ""
    return f"; at {place(pixel)} {values[pixel]:.3g} of the whole"
