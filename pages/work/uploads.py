"""The ONNX files that visitors gave, read; a design's text names each by its name and a digest of its bytes.

What is kept of a file are shapes and small constants, no weights. Whoever knows the text of a file, by a link say, sees
the network for as long as it is kept; a digest cannot be guessed.
"""

import re
from hashlib import blake2b
from threading import Lock
from typing import Any

from core.errors import UserError
from core.program import loaded

MAX_MEGABYTES = 100
_KEPT = 64  # files
_MAX_BYTES = 256 * 2**20  # of all files that are kept
_PER_NODE = 2_000  # bytes, about
_WORD = re.compile(r"[^A-Za-z0-9_]+")

FILES: dict[str, Any] = {}  # read ones, the last given last
_LOCK = Lock()


def taken(name: str, data: bytes) -> str:
    """Reads a file, and gives the text of its design, before an input.

    Raises :class:`~core.errors.UserError` for one that cannot be read, its message beginning with ``name``.
    """
    if len(data) > MAX_MEGABYTES * 2**20:
        raise UserError(
            f"{name} has more than {MAX_MEGABYTES} MB; ask on your own machine: python -m core check {name}"
        )
    base = f"{_WORD.sub('_', name.rpartition('.')[0])[:40].strip('_') or 'model'}-{_digest(data)}.onnx"
    file = FILES.get(base) or loaded("core.live.onnx.model").named_file(name, data)
    with _LOCK:
        FILES.pop(base, None)
        FILES[base] = file
        while len(FILES) > _KEPT or (len(FILES) > 1 and sum(map(_size, FILES.values())) > _MAX_BYTES):
            del FILES[next(iter(FILES))]
    return base


def _size(file: Any) -> int:
    """Bytes that a file takes, about."""
    return int(sum(one.held for one in file.numbers.values())) + _PER_NODE * len(file.nodes)


def _digest(data: bytes) -> str:
    return blake2b(data, digest_size=8).hexdigest()
