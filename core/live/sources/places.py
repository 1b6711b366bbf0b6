"""Where in own code each part of a model is built: the file and line from which its class is called.

Noted on the module itself, so that a copy of a part says where the part was built. What a library builds is told by
the line of own code that asked for it.
"""

import inspect
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from torch import nn

Place = tuple[str, int]  # the whole path of a file, and a line, from 1

_NOTE = "_built_at"
_PACKAGE = Path(__file__).resolve().parents[2]
_STANDARD = Path(sysconfig.get_path("stdlib")).resolve()
_INSTALLED = {"site-packages", "dist-packages"}


@contextmanager
def places_noted() -> Iterator[None]:
    """Meanwhile every module that is made notes where."""
    plain = nn.Module.__init__

    def noting(self: nn.Module, *args: Any, **kwargs: Any) -> None:
        plain(self, *args, **kwargs)
        if (place := _caller(self)) is not None:
            self.__dict__[_NOTE] = place

    nn.Module.__init__ = noting  # type: ignore[method-assign]
    try:
        yield
    finally:
        nn.Module.__init__ = plain  # type: ignore[method-assign]


def place_of(module: nn.Module, path: str) -> Place | None:
    """Where the part at ``path`` is built, or else the nearest part around it; None where nothing of it is own code.

    A class that this package calls itself has no such line: then it is where the class begins.
    """
    parts = dict(module.named_modules())
    names = path.split(".") if path else []
    for depth in range(len(names), -1, -1):
        part = parts.get(".".join(names[:depth]))
        if part is not None and (place := part.__dict__.get(_NOTE)) is not None:
            return tuple(place)
    return _definition(type(module))


def _caller(module: nn.Module) -> Place | None:
    """The innermost line of own code outside of the constructors of ``module`` itself."""
    frame: FrameType | None = sys._getframe(2)
    while frame is not None:
        code = frame.f_code
        path = Path(code.co_filename)
        own_constructor = code.co_argcount and frame.f_locals.get(code.co_varnames[0]) is module
        if not own_constructor:
            if path.is_relative_to(_PACKAGE):
                return None
            if _is_own(path):
                return str(path.resolve()), frame.f_lineno
        frame = frame.f_back
    return None


def _is_own(path: Path) -> bool:
    installed = path.is_relative_to(_STANDARD) or _INSTALLED & set(path.parts)
    return path.suffix == ".py" and not installed and not path.is_relative_to(_PACKAGE)


def _definition(kind: type) -> Place | None:
    try:
        path = Path(inspect.getfile(kind)).resolve()
        return (str(path), inspect.getsourcelines(kind)[1]) if _is_own(path) else None
    except (OSError, TypeError):
        return None
