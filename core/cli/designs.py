"""What a command is asked about: a typed network, or a PyTorch model with one of its stages as the output.

The one place where a NETWORK is told from a MODEL. PyTorch is loaded for models only.
"""

import re
import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass

from ..design.analysis import DesignAnalysis
from ..design.design import Design
from ..design.typed import TypedDesign
from ..errors import UserError
from ..program import loaded
from .arguments import network, written

_TYPED = re.compile(r"\s*\d+(x\d+)*(\s|;|$)", re.IGNORECASE)
_ZOO = re.compile(r"(timm|torchvision):.*", re.IGNORECASE)
_PASTED = re.compile(r"\bSequential\s*\(")
_OWN = re.compile(r"[^;]+:[A-Za-z_]\w*")

LIST = "list"  # given for a stage, asks for the names of all


@dataclass(frozen=True, slots=True)
class Asked:
    """A design; ``stage`` is the part of a model whose result is the output, None for a typed network."""

    design: Design
    stage: str | None = None

    @property
    def document(self) -> dict[str, str]:
        """What a JSON answer begins with."""
        if self.stage is None:
            return {"network": self.design.name}
        return {"model": self.design.name, "stage": self.stage}

    @property
    def head(self) -> list[list[str]]:
        """What a readable answer begins with."""
        return [[key, text] for key, text in self.document.items()]

    def analysis(self) -> DesignAnalysis:
        """Its fields without gates, and what else the design check asks."""
        return DesignAnalysis(self.design)


def asked(arguments: Namespace, exact: bool = True) -> Asked:
    """The design that ``NETWORK``, ``--input`` and ``--stage`` name.

    Raises :class:`~core.errors.UserError` for what there is not, and, as ``exact``, where its graph depends on a gap.
    """
    text = written(arguments.network)
    if (kind := kind_of(text)) != "network":
        return _model(text, kind, arguments, exact)
    for option, value in (("--input", arguments.input), ("--stage", arguments.stage)):
        if value is not None:
            raise UserError(f"{option} {value} is for models; a typed network begins with its input: 32x48; conv k3")
    return Asked(TypedDesign(network(text)))


def kind_of(text: str) -> str:
    """Whether a text is a ``network`` or a model: of the ``zoo``, ``pasted``, or ``own`` code.

    >>> [kind_of(text) for text in ("9; conv k3 p1:2", "VGG-16", "timm:resnet50", "my.py:build", "nn.Sequential()")]
    ['network', 'network', 'zoo', 'own', 'pasted']
    """
    if _TYPED.match(text):
        return "network"
    for kind, form in (("zoo", _ZOO), ("own", _OWN)):
        if form.fullmatch(text):
            return kind
    return "pasted" if _PASTED.search(text) else "network"


def _model(text: str, kind: str, arguments: Namespace, exact: bool) -> Asked:
    """A model; ``--stage list`` is answered here, and ends the program as ``--help`` does."""
    models = loaded(".models", __package__)
    with prints_aside():
        design = models.design(text, kind, arguments.input)
        if arguments.stage != LIST:
            design = models.at_stage(design, arguments.stage, exact)
            return Asked(design, design.stage)
    print(models.listed(design, arguments.json))
    raise SystemExit(0)


@contextmanager
def prints_aside() -> Iterator[None]:
    """While own code runs: what it prints is no part of the answer."""
    with redirect_stdout(sys.stderr):
        yield
