"""Where a search keeps what it has counted: parts in a folder beside its file, until the file is whole.

A part is written under another name and then put in its place, so that what is there is whole, whenever the search was
stopped. Parts and file depend on the space and the sample alone: who counted them, and in which order, does not show.
"""

import json
import os
import secrets
import shutil
from pathlib import Path

from ..errors import UserError
from .request import Document
from .results import opened

_ABOUT = "search.json"


class Store:
    """The parts of one search, and its file ``out``; ``document``: what the search is about.

    Raises :class:`~.errors.UserError` where these names hold something else, or cannot be written.
    """

    def __init__(self, out: Path, document: Document) -> None:
        self.out = Path(os.path.realpath(out))  # a link stays a link
        self.shown = out
        self._document = document
        self._folder = self.out.with_name(f"{self.out.name}.parts")
        if out.suffix != ".parquet":
            raise UserError(f"the results' file {str(out)!r} does not end in .parquet; name it like found.parquet")
        if not self.out.parent.is_dir():
            raise UserError(f"there is no folder {str(out.parent)!r} for the results; create it, or write elsewhere")

    def finished(self) -> bool:
        """Whether the file is there already. Raises where it is of another search."""
        if not self.out.exists():
            return False
        held = opened(self.out, str(self.shown)).document
        if {key: held.get(key) for key in self._document} != self._document:
            raise UserError(f"{self.shown} holds another search, {_told(held)}; name another file")
        shutil.rmtree(self._folder, ignore_errors=True)  # of a search that was ended at the very last
        return True

    def begin(self) -> None:
        """Makes the folder of parts, or takes up the one that is there."""
        about = self._folder / _ABOUT
        try:
            if about.exists():
                held = json.loads(about.read_text(encoding="utf-8"))
                if held != self._document:
                    raise UserError(
                        f"{self._folder} holds parts of another search, {_told(held)}; remove it, or name another file"
                    )
            else:
                self._folder.mkdir(exist_ok=True)
                write_whole(about, json.dumps(self._document, ensure_ascii=False).encode())
        except (OSError, json.JSONDecodeError) as error:
            raise self._unwritable(error) from error

    def path(self, number: int) -> Path:
        """Where a part lies, or will."""
        return self._folder / f"{number:09d}.parquet"

    def has(self, number: int) -> bool:
        return self.path(number).exists()

    def keep(self, number: int, content: bytes) -> None:
        """Writes a part."""
        try:
            write_whole(self.path(number), content)
        except OSError as error:
            raise self._unwritable(error) from error

    def unfinished(self) -> Path:
        """A name for the file while it is written."""
        return self._folder / "whole.unfinished"

    def end(self) -> None:
        """Puts the whole file in its place, and takes the parts away."""
        try:
            self.unfinished().replace(self.out)
            shutil.rmtree(self._folder)
        except OSError as error:
            raise self._unwritable(error) from error

    def _unwritable(self, error: Exception) -> UserError:
        words = error.strerror if isinstance(error, OSError) else str(error)
        return UserError(f"the results cannot be written to {str(self.shown)!r}: {words}; write elsewhere")


def write_whole(path: Path, content: bytes) -> None:
    """Writes a new file beside ``path``, then puts it in its place."""
    unfinished = path.with_name(f".{secrets.token_hex(8)}.unfinished")
    try:
        unfinished.write_bytes(content)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def _told(document: Document) -> str:
    space = str(document.get("space"))
    drawn = document.get("sample")
    sampled = f", {drawn['members']:,} members drawn by seed {drawn['seed']}" if isinstance(drawn, dict) else ""
    return f"{space if len(space) <= 80 else space[:79] + '…'!r}{sampled}"
