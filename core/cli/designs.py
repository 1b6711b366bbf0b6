"""What a command is asked about: one DESIGN, its input and its stage, under one analysis.

PyTorch is loaded for models only.
"""

import json
import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, replace

from ..design.analysis import DesignAnalysis
from ..design.design import Design
from ..design.opening import design_of
from ..design.text import parse
from ..network.axes import axis_names
from ..network.graph import size_text
from .arguments import written
from .table import columns

LIST = "list"  # given for a stage, asks for the names of all
_NAMED = 3  # gates that are named in a readable answer


@dataclass(frozen=True, slots=True)
class DesignArgument:
    """The analysis of the design that was given, and how answers name it."""

    analysis: DesignAnalysis

    @property
    def design(self) -> Design:
        return self.analysis.design

    @property
    def document(self) -> dict[str, object]:
        """What a JSON answer begins with."""
        return {"design": str(self.design.text), **self._names}

    @property
    def gates(self) -> dict[str, object]:
        """The gates on the way to the output as JSON: whether they are read, and the layers that they scale."""
        return {
            "read": self.analysis.gates,
            "layers": self.analysis.gate_names,
            "statistics": self.analysis.statistics_names,
        }

    @property
    def head(self) -> list[list[str]]:
        """What a readable answer begins with; the design's text only where its name does not say it already."""
        names = [[key, text] for key, text in self._names.items()]
        text = str(self.design.text)
        return names if text == self.design.name else [["design", text], *names]

    @property
    def input_row(self) -> list[str]:
        """The size of the input in a row of a readable answer; of three axes with their names: no list of channels."""
        size = self.analysis.graph.input.size
        names = f" ({' x '.join(axis_names(len(size)))})" if len(size) == 3 else ""
        return ["input", size_text(size) + names]

    @property
    def gate_rows(self) -> list[list[str]]:
        """The gates in one row of a readable answer; none where there are none."""
        names = self.analysis.gate_names
        if not names:
            return []
        more = f", and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
        words = "; ".join(names[:_NAMED]) + more
        if self.analysis.gates:
            return [["gates read", words]]
        return [["gates left out", f"{words} (--gates counts what passes through them too)"]]

    @property
    def _names(self) -> dict[str, str]:
        if self.design.stage is None:
            return {"network": self.design.name}
        return {"model": self.design.name, "stage": self.design.stage}


def design_argument(arguments: Namespace, exact: bool = True) -> DesignArgument:
    """The design that ``DESIGN``, ``--input`` and ``--stage`` name; ``--stage list`` ends the program as --help does.

    Raises :class:`~.errors.UserError` for what there is not, and, as ``exact``, where its graph depends on a gap.
    """
    text = parse(written(arguments.design))
    listing = arguments.stage == LIST
    if arguments.input is not None or not (arguments.stage is None or listing):
        text = text.with_options(arguments.input, None if listing else arguments.stage)
    with prints_aside():
        bare = replace(text, stage="", remedies=())
        design = design_of(bare, exact=False) if listing else design_of(text, exact)
    subject = DesignArgument(DesignAnalysis(design, gates=arguments.gates))
    if listing:
        print(_stages(subject, arguments.json))
        raise SystemExit(0)
    return subject


def _stages(subject: DesignArgument, as_json: bool) -> str:
    """All stages in the order in which they end, with their maps or what is in the way."""
    rows = [["stage", "map", "channels", ""]]
    documents = []
    nodes = subject.design.stage_nodes()
    usual = subject.design.stage or list(nodes)[-1:]
    for name, end in nodes.items():
        gap, node = (end, None) if isinstance(end, str) else (None, end)
        document = {"stage": name, "output": node and node.size, "channels": node and node.channels, "gap": gap}
        documents.append(document)
        remark = f"depends on {gap}" if gap else "the default" if name in (usual, *usual) else ""
        rows.append([name, size_text(node.size) if node else "-", str(node.channels) if node else "-", remark])
    if as_json:
        head = {key: text for key, text in subject.document.items() if key != "stage"}
        return json.dumps({**head, "stages": documents})
    return "\n".join(columns(rows, "<<><"))


@contextmanager
def prints_aside() -> Iterator[None]:
    """While own code runs: what it prints is no part of the answer."""
    with redirect_stdout(sys.stderr):
        yield
