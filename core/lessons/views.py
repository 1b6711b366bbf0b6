"""A view: the address of a state of the app, and the design that it shows.

It is written as the app's own address, ``paths?net=9x9; conv k3 p1 x4&view=map``, in plain text; one that was copied
from a browser, with its ``%3B`` and ``+``, is read as well.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qsl

from ..design.analysis import DesignAnalysis
from ..design.opening import design_of
from ..design.text import kind_of, parse
from ..exact.work import work
from ..network.limits import SECONDS_AT_ONCE
from .lesson import LessonError

Opener = Callable[[str, bool], DesignAnalysis]  # from a design's canonical text, and whether gates are read too

HOME = "paths"  # the page of an address that names none
OTHERS = ("second", "third", "fourth")  # the settings that hold designs beside the first
MAX_SETTINGS = 24

_ENCODED = re.compile(r"%[0-9A-Fa-f]{2}|[?&]v=\d")
_PAGE = re.compile(r"[a-z_]{1,24}")
_HOST = re.compile(r"https?://[^/?#\s]*/")


@dataclass(frozen=True, slots=True)
class View:
    """``page`` is the app's, ``settings`` are its parameters in order, each once; ``str`` is the canonical address."""

    page: str
    settings: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        return f"{self.page}?{'&'.join(f'{name}={value}' for name, value in self.settings)}"

    def setting(self, name: str, default: str = "") -> str:
        """The value of a parameter."""
        return dict(self.settings).get(name, default)

    @property
    def design(self) -> str:
        """The text of the design that is shown."""
        return self.setting("net")

    @property
    def gates(self) -> bool:
        """Whether what passes through gates is read too."""
        return self.setting("gates").lower() == "true"

    def beside(self, name: str) -> "View":
        """The view of the ``second``, ``third`` or ``fourth`` design."""
        text = self.setting(name)
        if not text:
            raise LessonError(f"the view has no {name} design; write one, as in &{name}=+border-circular")
        own = (name, *OTHERS)
        kept = tuple((key, value) for key, value in self.settings if key not in own and key != "net")
        return View(self.page, (("net", f"{self.design}{text}" if text.startswith("+") else text), *kept))


def parse_view(address: str) -> View:
    """The view of an address.

    >>> str(parse_view("paths?net=9; conv k3 x4&cell=4:0"))
    'paths?net=9; conv k3 x4&cell=4:0'
    >>> str(parse_view("http://localhost:8501/?v=2&net=9%3B+conv+k3+x4"))
    'paths?net=9; conv k3 x4'
    >>> parse_view("9; conv k3 x4").page
    'paths'
    """
    short = _HOST.sub("", address.strip(), count=1)
    page, mark, query = short.partition("?")
    if not mark:
        page, query = "", f"net={short}"
    if page and not _PAGE.fullmatch(page):
        raise LessonError(f"{page[:40]!r} is no page; a view is written as in paths?net=9x9; conv k3 p1 x4&view=map")
    settings = dict(_pairs(query, bool(mark and _ENCODED.search(f"?{query}"))))
    settings.pop("v", None)
    if not settings.get("net"):
        raise LessonError(f"the view {address[:60]!r} shows no design; give one, as in paths?net=9; conv k3 x4")
    for name, value in settings.items():
        if not value.isprintable() or "&" in value or "%" in value:
            raise LessonError(f"the setting {name} of a view holds a letter that no address can have")
    return View(page or HOME, tuple(settings.items()))


def _pairs(query: str, encoded: bool) -> list[tuple[str, str]]:
    parts = query.split("&")
    if len(parts) > MAX_SETTINGS:
        raise LessonError(f"a view has {len(parts)} settings, more than {MAX_SETTINGS}")
    if encoded:
        return parse_qsl(query)
    pairs = []
    for part in parts:
        name, mark, value = part.partition("=")
        if not mark or not _PAGE.fullmatch(name.strip()):
            raise LessonError(f"{part[:40]!r} is no setting of a view; write name=value, and & between two")
        pairs.append((name.strip(), value.strip()))
    return pairs


@lru_cache(maxsize=48)
def open_design(text: str, gates: bool) -> DesignAnalysis:
    """The analysis of a design: the opener of whoever has no cache of their own."""
    return DesignAnalysis(design_of(text), gates=gates)


def analysis_of(view: View, opened: Opener) -> DesignAnalysis:
    """What is known of the design of a view. Raises :class:`~.errors.UserError` where it cannot be had at once."""
    if kind_of(view.design) in ("own", "onnx"):
        raise LessonError(f"{view.design[:60]} is a file, which no lesson carries; write a network or name a model")
    analysis = opened(str(parse(view.design)), view.gates)
    if (seconds := work(analysis.graph).seconds) > SECONDS_AT_ONCE:
        raise LessonError(
            f"counting {view.design[:60]} takes about {seconds:.0f} s, more than {SECONDS_AT_ONCE}; "
            "use a smaller input or fewer layers"
        )
    return analysis
