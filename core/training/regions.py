"""What a map of places has in its centre, sides and corners; and where paths are fewest and most."""

from itertools import product

import numpy as np


def regions(values: np.ndarray) -> dict[str, float | None]:
    """The means over the centre place, the middles of the sides (2-D only), and the corners (1-D: the ends).

    >>> regions(np.array([[1, 0, 0], [0, 1, 0], [0, 0.5, 0]]))
    {'centre': 1.0, 'edge': 0.125, 'corner': 0.25}
    """
    middles, ends = [side // 2 for side in values.shape], [(0, side - 1) for side in values.shape]
    edges = [
        (*middles[:axis], end, *middles[axis + 1 :])
        for axis in range(values.ndim)
        for end in ends[axis]
        if values.ndim > 1
    ]
    places = {"centre": [tuple(middles)], "edge": edges, "corner": list(product(*ends))}
    return {name: float(np.mean([values[at] for at in found])) if found else None for name, found in places.items()}


def by_paths(counts: np.ndarray, values: np.ndarray) -> tuple[float, float] | None:
    """The means over the quarter of places with the fewest paths, and over that with the most, ties included.

    None where both quarters have as many paths. ``counts``: Python integers.

    >>> by_paths(np.array([1, 9, 9, 1], dtype=object), np.array([0.0, 0.75, 1.0, 0.5]))
    (0.25, 0.875)
    """
    ordered = sorted(counts.flat)
    few, many = ordered[(len(ordered) - 1) // 4], ordered[-1 - (len(ordered) - 1) // 4]
    if few == many:
        return None
    return float(values[counts <= few].mean()), float(values[counts >= many].mean())
