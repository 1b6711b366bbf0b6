"""Means of a map over its centre, sides and corners, and over the places with the fewest and the most paths."""

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
    groups = {"centre": [tuple(middles)], "edge": edges, "corner": list(product(*ends))}
    return {
        name: float(np.mean([values[place] for place in places])) if places else None for name, places in groups.items()
    }


def quarter_means(counts: np.ndarray, values: np.ndarray) -> tuple[float, float] | None:
    """The means over the quarter of the places with the fewest paths, and over the quarter with the most.

    Places with as many paths as the last of a quarter belong to it. None where both quarters have as many paths.
    ``counts``: Python integers, of the shape of ``values``.

    >>> quarter_means(np.array([1, 9, 9, 1], dtype=object), np.array([0.0, 0.75, 1.0, 0.5]))
    (0.25, 0.875)
    """
    ordered = sorted(counts.flat)
    last = (len(ordered) - 1) // 4
    fewest, most = ordered[last], ordered[-1 - last]
    if fewest == most:
        return None
    return float(values[counts <= fewest].mean()), float(values[counts >= most].mean())
