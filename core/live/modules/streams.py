"""Independent random streams of one seed, for weights, training images, evaluation images and measurement noise.

Whatever is drawn for a live model, a measurement or a training comes from one of these streams and from nothing else.
PyTorch's CPU generator takes the low 32 bits of a seed, so that ``seed`` and ``seed + 2**32`` would be one stream.
NumPy's seed sequences mix every bit of a seed of any size into 32 bits for each stream.
"""

from typing import Literal, get_args

import numpy as np
import torch

Stream = Literal["weights", "training", "evaluation", "noise"]
STREAMS: tuple[Stream, ...] = get_args(Stream)


def stream_seed(seed: int, stream: Stream) -> int:
    """The 32 bits from which a stream begins; ``seed`` is 0 or any larger whole number.

    >>> [stream_seed(0, stream) for stream in ("weights", "training")]
    [3757552657, 673228719]
    """
    children = np.random.SeedSequence(seed).spawn(len(STREAMS))
    return int(children[STREAMS.index(stream)].generate_state(1)[0])


def random_stream(seed: int, stream: Stream) -> torch.Generator:
    """A CPU generator at the beginning of a stream: the same draws whatever the device."""
    return torch.Generator().manual_seed(stream_seed(seed, stream))
