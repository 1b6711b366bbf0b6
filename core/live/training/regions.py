"""What a map of places has in its centre, in the middles of its sides, in its corners."""

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
