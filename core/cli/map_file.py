"""A measured map as a ``.npy`` file: refused before the work if it cannot be written, and never half-written."""

import os
import secrets
import tempfile
from pathlib import Path

import numpy as np

from ..errors import UserError


def refuse_unwritable(path: Path) -> None:
    """Raises :class:`~.errors.UserError` for a path that :func:`save` could not write."""
    if path.suffix != ".npy":
        raise UserError(f"the map's file {str(path)!r} does not end in .npy; name it like map.npy")
    folder = path.parent
    try:
        if not folder.is_dir():
            raise UserError(f"there is no folder {str(folder)!r} for the map; create it, or write elsewhere")
        if path.exists() and not (path.is_file() and os.access(path, os.W_OK)):
            raise UserError(f"{str(path)!r} is there already and no file that may be written; choose another name")
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise UserError(f"the map cannot be written to {str(path)!r}: {error.strerror}; write elsewhere") from error


def save(path: Path, values: np.ndarray) -> None:
    """Writes a new file beside ``path``, then puts it in its place; the old one stays until then."""
    target = Path(os.path.realpath(path))  # a link stays a link
    unfinished = target.with_name(f".{secrets.token_hex(8)}.unfinished")
    try:
        with unfinished.open("xb") as file:
            np.save(file, values, allow_pickle=False)
        unfinished.replace(target)
    except OSError as error:
        raise UserError(f"the map cannot be written to {str(path)!r}: {error.strerror}; write elsewhere") from error
    finally:
        unfinished.unlink(missing_ok=True)
