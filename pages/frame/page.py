"""What a page declares about itself; the navigation and the table of settings follow from it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Group = Literal["See", "Improve", "Deploy", "Learn"]
GROUPS: tuple[Group, ...] = ("See", "Improve", "Deploy", "Learn")


@dataclass(frozen=True, slots=True)
class Setting:
    """One shareable value; ``legal`` lists the choices or, for whole numbers, spans them; None: free text."""

    default: str | int | bool
    legal: tuple[str, ...] | range | None = None
    longest: int | None = 16  # characters of a free text; None: whoever reads it has its own limit
    picked: bool = False  # whether it names a part of the design, so that it goes with it

    def complaint(self, text: str) -> str | None:
        """What is wrong with a value from the URL; None if nothing is."""
        if isinstance(self.default, bool):
            return None if text.lower() in ("true", "false") else "it is true or false"
        if isinstance(self.legal, range):
            whole = text.isascii() and text.isdigit() and len(text) < 10
            if not whole or not self.legal.start <= int(text) < self.legal.stop:
                return f"it is a whole number from {self.legal.start} to {self.legal.stop - 1}"
        elif self.legal is not None and text not in self.legal:
            return f"it is one of {', '.join(self.legal)}"
        elif self.legal is None and self.longest is not None and len(text) > self.longest:
            return f"it has {len(text)} characters, more than {self.longest}"
        return None

    @property
    def choices(self) -> tuple[str, ...]:
        """The legal values of a setting that has a list of them."""
        assert isinstance(self.legal, tuple)
        return self.legal

    @property
    def span(self) -> range:
        """The legal values of a setting that is a whole number."""
        assert isinstance(self.legal, range)
        return self.legal

    def read(self, text: str) -> str | int | bool:
        """A legal value from the URL, as what it is."""
        if isinstance(self.default, bool):
            return text.lower() == "true"
        return type(self.default)(text)


@dataclass(frozen=True, slots=True)
class Page:
    """One page. ``key`` is its address, and names its script in ``pages``.

    ``settings``: what a link carries beside the settings that all pages share (:mod:`pages.frame.settings`).
    ``typed_only``: why the page takes typed networks alone, as a sentence; empty where it takes every design.
    ``axes``: of the designs that it takes, at most; ``fewer_axes``: what it says of others, a sentence.
    ``has_design``: whether it looks at the design of the bar; the bar is not drawn where not.
    ``presents``: whether it can be shown on a projector.
    ``tells_costs``: whether it tells itself what designs cost; else that stands below the bar.
    ``places_question``: whether it shows itself what a class is asked; else that stands above it.
    """

    key: str
    question: str
    name: str  # in the navigation: a noun of the field
    group: Group
    order: int  # within the navigation
    settings: Mapping[str, Setting] = field(default_factory=dict)
    typed_only: str = ""
    axes: int = 3
    fewer_axes: str = ""
    has_design: bool = True
    presents: bool = False
    tells_costs: bool = False
    places_question: bool = False
