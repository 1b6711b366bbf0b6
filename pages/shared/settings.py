"""The one table of what a link can carry: every setting's name, default and legal values.

Settings live in the URL through Streamlit's own binding of widgets; a value that is not legal there would silently
become the default, so ``rejected`` names it before any widget is made.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlencode

import streamlit as st
from streamlit.errors import StreamlitAPIException

from core.comparison import MEASURES

# The names in core.live, which this must not import: it loads PyTorch. A test holds them equal.
ACTIVATIONS = ("linear", "relu", "leaky_relu", "gelu", "tanh", "sigmoid")
WEIGHTS = ("ones", "kaiming", "xavier", "uniform", "gaussian")
REDUCTIONS = ("abs", "square", "signed", "relu")
TASKS = ("detect", "which", "where", "shapes")

VERSION = "1"
START = "15x15; conv k3 p1 x4"
PASTED = """nn.Sequential(
    nn.Conv2d(3, 16, 3, stride=2, padding=1), nn.ReLU(),
    nn.Conv2d(16, 32, 3, stride=2, padding=1), nn.ReLU(),
    nn.Conv2d(32, 64, 3, padding=1),
)"""


@dataclass(frozen=True, slots=True)
class Setting:
    """One shareable value; ``legal`` lists the choices or, for whole numbers, spans them; None: free text."""

    default: str | int | bool
    legal: tuple[str, ...] | range | None = None
    longest: int | None = 16  # characters of a free text; None: whoever reads it has its own limit

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


SETTINGS: dict[str, Setting] = {
    "net": Setting(START, longest=None),
    # how many paths reach each pixel?
    "view": Setting("tower", ("tower", "map", "profile")),
    "scale": Setting("log", ("log", "linear")),
    "outputs": Setting("all"),  # all, or one unit as in 3,4
    "pixel": Setting(""),  # the picked input pixel, as in 7,7
    "cell": Setting(""),  # the picked unit of the tower, row:position
    "axis": Setting("width", ("width", "height")),
    "step": Setting(0, range(0, 2001)),  # layers counted; 0: all
    # how far does a unit see?
    "drawing": Setting("layers", ("layers", "input")),
    "unit": Setting("centre"),
    # what does it really look at?
    "weights": Setting("kaiming", WEIGHTS),
    "activation": Setting("relu", ACTIVATIONS),
    "norm": Setting(False),
    "width": Setting(8, range(1, 65)),
    "reduce": Setting("abs", REDUCTIONS),
    "target": Setting("centre"),  # centre, all, or one unit
    "input": Setting("noise", ("noise", "gradient", "rings", "checkerboard")),
    "samples": Setting(64, range(1, 1025)),
    "seed": Setting(0, range(0, 10**6)),
    "redraw": Setting(True),
    "tolerance": Setting(0, range(0, 51)),  # per cent; 0: take all samples
    # what is wrong with my design? what does your model see?
    "subject": Setting("network", ("network", "model")),
    "finding": Setting("", longest=24),
    "object": Setting(0, range(0, 1025)),  # pixels a side that a unit must see whole; 0: not stated
    "source": Setting("zoo", ("zoo", "paste")),
    "model": Setting("timm:resnet18", longest=96),
    "pasted": Setting(PASTED, longest=None),
    "made": Setting("", longest=24),  # the model's input, as in 3x224x224; nothing: what it is made for
    "stage": Setting("", longest=160),  # nothing: the model's output
    "padded": Setting(False),
    "aspect": Setting("map", ("map", "fields", "effective")),
    # what helps?
    "helps": Setting("", longest=2000),  # remedies as in kernel-padding, even-input+kernel-padding; nothing: all
    "together": Setting(False),  # all of them in one network, too
    "compare": Setting("maps", ("maps", "differences", "field", "pins", "question")),
    "rank": Setting("effective_share", tuple(MEASURES)),
    "a": Setting("", longest=None),  # two pinned designs; nothing: the network, and what helps it most
    "b": Setting("", longest=None),
    # does it matter?
    "against": Setting("border-circular", longest=None),  # a remedy, several joined by +, or a network
    "task": Setting("detect", TASKS),
    "square": Setting(1, range(1, 17)),  # pixels a side
    "contrast": Setting(0, range(0, 101)),  # standard deviations of the noise; 0: the task's own
    "steps": Setting(120, range(1, 5001)),
    "seeds": Setting(3, range(1, 11)),
    "trained": Setting(False),
    "outcome": Setting("maps", ("maps", "curves", "field")),
    # everywhere
    "picture": Setting("svg", ("svg", "png")),
}
_OWN = {"v", "embed", "embed_options"}  # the link's version, and Streamlit's


def rejected(params: Mapping[str, str]) -> list[str]:
    """One sentence for every parameter of the URL that is not a legal setting."""
    complaints = []
    for name, text in params.items():
        shown = text if len(text) <= 40 else text[:40] + "…"
        if name in SETTINGS:
            if complaint := SETTINGS[name].complaint(text):
                default = SETTINGS[name].default
                complaints.append(f"{name}={shown} was not used: {complaint}; {default!r} stands instead")
        elif name not in _OWN:
            complaints.append(f"{name}={shown} was not used: there is no such setting")
        elif name == "v" and text != VERSION:
            complaints.append(f"v={shown}: the link was made by another version; its settings may mean something else")
    return complaints


def value(name: str) -> str | int | bool:
    """The current value of a setting, whether or not its widget has been made in this run."""
    setting, found = SETTINGS[name], st.session_state.get(name)
    if found is None and (text := st.query_params.get(name)) and not setting.complaint(text):
        return type(setting.default)(text) if not isinstance(setting.default, bool) else text.lower() == "true"
    return setting.default if found is None else found


def link(base: str, **other: str) -> str:
    """A link that restores every setting, defaults too, so that a later default changes no old link."""
    values = {name: str(value(name)) for name in SETTINGS}
    return f"{base.split('?')[0]}?{urlencode({'v': VERSION, **values, **other})}"


def reset() -> None:
    """Every setting back to its default, also those whose widgets are not on screen; a callback."""
    for name, setting in SETTINGS.items():
        st.session_state[name] = setting.default
    st.session_state["_resets"] = st.session_state.get("_resets", 0) + 1
    for name in list(st.query_params):
        with suppress(StreamlitAPIException):  # bound to a widget: that one drops it itself
            del st.query_params[name]


def let_go() -> None:
    """Forgets every position that was picked, and counts all layers and outputs; a callback."""
    for name in ("pixel", "cell", "outputs", "unit", "target", "step", "finding"):
        st.session_state[name] = SETTINGS[name].default
