"""A traced PyTorch model as a design: at other inputs, up to a stage, and with remedies."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import torch
from torch import nn

from ..errors import UserError
from ..live.patches.calls import Call, Patch, call, patch_code
from ..live.patches.changes import partial_calls, refuse_other_windows, window_calls
from ..live.sources.model import LAST_MAP, Model, end_of
from ..live.sources.own import maker, own_model
from ..live.sources.places import place_of, places_noted
from ..live.sources.sequential import sequential
from ..live.sources.zoo import zoo_model
from ..live.trace import OUTPUT, Gap, Traced
from ..network.graph import Graph, Node
from ..program import loaded
from ..remedies import Rewrite, planned
from .design import Design
from .partial import PartialDesign
from .text import DesignText

_DEEP = 3  # names with so many dots are parts of blocks, not stages


@dataclass(frozen=True)
class TracedDesign:
    """A model, up to one of its stages; traced once. ``written``: the text that it was opened from."""

    model: Model
    written: DesignText | None = None

    @property
    def text(self) -> DesignText:
        """What opens it again."""
        return self.written or DesignText("own", self.model.name, self.model.size)

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        shown: str = loaded(".notebook", __package__).design_html(self)
        return shown

    @property
    def name(self) -> str:
        return self.model.name

    @property
    def network(self) -> None:
        """A model has no text form."""
        return None

    @cached_property
    def traced(self) -> Traced:
        """Every stage, and the gaps."""
        return self.model.traced()

    @cached_property
    def graph(self) -> Graph:
        """Up to the model's stage; raises :class:`~.errors.UserError` where that depends on a gap."""
        return self.traced.graph(self.stage)

    @property
    def stage(self) -> str:
        """The stage that is the output."""
        return end_of(self.model, self.traced)

    @property
    def shown(self) -> tuple[int, ...] | None:
        """The size of the map that the stage is; None where it depends on a gap."""
        end = self.traced.stages[self.stage]
        return None if isinstance(end, Gap) else self.traced.nodes[end].size

    def stages(self) -> list[str]:
        """The stages that are feature maps, outermost name first where several end at one node, in order."""
        names: dict[int, str] = {}
        for name, end in self.traced.stages.items():
            if name == OUTPUT or name.count(".") >= _DEEP or not isinstance(end, int):
                continue
            if end and self.traced.nodes[end].positions > 1:
                names[end] = min((names.get(end, name), name), key=lambda path: path.count("."))
        return [names[end] for end in sorted(names)]

    def stage_nodes(self) -> dict[str, Node | str]:
        """The node in which every stage ends, or the gap that it depends on."""
        ends = self.traced.stages.items()
        return {name: str(end) if isinstance(end, Gap) else self.traced.nodes[end] for name, end in ends}

    def places(self) -> dict[str, int]:
        """Where in ``graph`` each stage ends that it holds, in order."""
        names = set(self.stages())
        return {name: place for name, place in self._stage_places() if name in names}

    def up_to(self, stage: str) -> "TracedDesign":
        """The same model, of which another stage is the output; raises as ``graph`` does."""
        design = TracedDesign(replace(self.model, stage=stage), replace(self.text, stage=stage))
        return self._known(design)

    def whole(self) -> "TracedDesign":
        """The model of the same text up to its own output, without remedies; raises as ``graph`` does."""
        text = replace(self.text, stage="", remedies=())
        again = replace(self.model, changes=(), stage=LAST_MAP) if text.kind == "onnx" else _model(text, None)
        return self._known(TracedDesign(again, text))

    def _known(self, design: "TracedDesign") -> "TracedDesign":
        """Another end of the same model, whose stages are known already."""
        design.__dict__["traced"] = self.traced
        _ = design.graph
        return design

    def exactly(self, stage: str) -> "TracedDesign":
        """Up to ``stage``, or the model's own where it is empty; refused with the way on where it depends on a gap."""
        name = stage or self.stage
        if not isinstance(gap := self.traced.stages[name], Gap):
            return self.up_to(name) if stage else self
        before = [part for part in self.stages() if "." not in part] or self.stages()
        hint = f"; #{before[-1]} ends before it" if before else ""
        raise UserError(f"nothing exact can be said of {name!r} of {self.name}, it depends on {gap}{hint}")

    def at_input(self, size: tuple[int, ...]) -> "TracedDesign":
        """Traced again on another input."""
        model = replace(self.model.at_input(size), stage=self.stage)
        remedies = tuple(name for name in self.text.remedies if name != "even-input")  # this is the input now
        return TracedDesign(model, replace(self.text, input=model.size, remedies=remedies))

    def remedied(self, name: str) -> Design:
        """With a remedy, which is carried out on a copy of the module; that is traced again and must be as planned.

        Raises :class:`~.errors.UserError` saying why where the model cannot be changed so.
        """
        graph = self.graph
        rewrite = planned(graph, name)
        text = replace(self.text, remedies=(*self.text.remedies, name))
        if rewrite.size is not None:
            return _possible(TracedDesign(replace(self.model.at_input(rewrite.size), stage=self.stage), text))
        if rewrite.partial:
            return PartialDesign(self._patched(partial_calls(self._meta, graph), self.text))
        if rewrite.pooled or rewrite.end is not None:
            return self._ended(rewrite, text)
        design = self._patched(window_calls(self._meta, graph, rewrite.windows, rewrite.blurs), text)
        refuse_other_windows(graph, rewrite.windows, rewrite.blurs, design.graph)
        return design

    def patch_code(self) -> str:
        """The changes of the remedies so far as a script for the same model, without this project."""
        return patch_code(self.model.changes)

    def place(self, node: int | None) -> tuple[str, int] | None:
        """The line of own code that builds the part of a node; None where a library or a text does."""
        return place_of(self._noted, "" if node is None else self.graph.nodes[node].path)

    @cached_property
    def _noted(self) -> nn.Module:
        """The module, each part of which knows where it was built."""
        with places_noted(), torch.device("meta"):
            return self.model.module()

    @cached_property
    def _meta(self) -> nn.Module:
        """The module with shapes and no numbers, to be read only."""
        with torch.device("meta"):
            return self.model.module()

    def _patched(self, calls: tuple[Call, ...], text: DesignText) -> "TracedDesign":
        changes = (*self.model.changes, Patch(calls))
        return TracedDesign(replace(self.model, changes=changes, stage=self.stage), text)

    def _ended(self, rewrite: Rewrite, text: DesignText) -> "TracedDesign":
        """Ending at an earlier stage, or in one position that reads the whole map, or both."""
        end = len(self.graph.nodes) - 1 if rewrite.end is None else rewrite.end
        ends = {place: name for name, place in self._stage_places()}
        if end not in ends:
            raise UserError(f"no module ends with {self.graph.name(end)}, where the model would have to end")
        path = "" if ends[end] == OUTPUT else ends[end]
        features = None if path else self.model.features
        ending = Patch((call("cut", path=path, pooled=rewrite.pooled, method=features or "forward"),))
        changes = (*self.model.changes, ending)
        design = _possible(TracedDesign(replace(self.model, changes=changes, features=features, stage=OUTPUT), text))
        kept = [(node.op, node.size, node.inputs) for node in self.graph.nodes[: end + 1]]
        if [(node.op, node.size, node.inputs) for node in design.graph.nodes[: end + 1]] != kept:
            raise UserError(f"{ends[end]} runs several times, and the model would end with the first")
        return design

    def _stage_places(self) -> list[tuple[str, int]]:
        """Every stage that ends at a node of the graph, in the order in which they end."""
        end = self.traced.stages[self.stage]
        assert isinstance(end, int)
        place = self.traced.numbering(end)
        return [
            (name, place[node]) for name, node in self.traced.stages.items() if isinstance(node, int) and node in place
        ]


def _possible(design: TracedDesign) -> TracedDesign:
    """The same design, refused now if it does not run."""
    _ = design.graph
    return design


def module_design(module: nn.Module, size: tuple[int, ...], stage: str = "") -> TracedDesign:
    """The design of a module at hand, on an input of ``size`` (channels, then the axes); the module stays as it is.

    ``stage``: the path of the part whose result is the output, empty for what the module returns. Raises
    :class:`~.errors.UserError` where the module does not run on the input, or the stage depends on a gap.
    """
    name = type(module).__name__
    design = TracedDesign(Model(name, size, maker(name, module)).given(size))
    if stage:
        _refuse_unknown(design, stage)
    return design.exactly(stage)


def opened(text: DesignText, exact: bool = True, files: Mapping[str, object] | None = None) -> Design:
    """The model that a text says, up to its stage, with its remedies; as ``design.opening.design_of``."""
    design = TracedDesign(_model(text, files), replace(text, remedies=()))
    _ = design.traced
    if text.stage:
        _refuse_unknown(design, text.stage)
    if exact or text.remedies or isinstance(design.traced.stages[text.stage or design.stage], int):
        result: Design = design.exactly(text.stage)
        for remedy in text.remedies:
            result = result.remedied(remedy)
        return result
    return TracedDesign(replace(design.model, stage=text.stage or design.stage), text)


def changes_code(design: Design) -> str:
    """Python whose function ``patch`` changes a model as the design's remedies do; empty where none changed it."""
    return design.patch_code() if isinstance(design, TracedDesign) and design.model.changes else ""


def _model(text: DesignText, files: Mapping[str, object] | None) -> Model:
    if text.kind == "onnx":
        onnx = loaded("..live.onnx.model", __package__)
        if files is not None and text.base not in files:
            raise UserError(f"{text.base} is not here; give the file again, which no link carries")
        file = onnx.file_at(text.base) if files is None else files[text.base]
        model: Model = onnx.onnx_model(text.base, file, text.input)
        return model
    if text.kind == "zoo":
        model = zoo_model(text.base)
        return model.at_input(text.input) if text.input else model
    if text.kind == "pasted" and text.base.count("(") > text.base.count(")"):
        raise UserError("a bracket of the pasted network is not closed; add what is missing")
    if not text.input:
        what = "a pasted network" if text.kind == "pasted" else text.base
        raise UserError(f"{what} does not tell its input; give it, channels first, as in @3x96x96 or --input 3x96x96")
    make = sequential if text.kind == "pasted" else own_model
    return make(text.base, text.input)


def _refuse_unknown(design: TracedDesign, stage: str) -> None:
    if stage in design.traced.stages:
        return
    near = difflib.get_close_matches(stage, design.traced.stages, 3, cutoff=0.5)
    likely = near or [*(name for name in design.stages() if "." not in name), OUTPUT]
    raise UserError(
        f"{design.name} has no stage {stage!r}; {'the nearest are' if near else 'it has'} "
        f"{', '.join(likely)} (--stage list shows all)"
    )
