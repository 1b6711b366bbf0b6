"""A traced PyTorch model as a design: at other inputs, up to a stage, and with remedies."""

import difflib
from dataclasses import dataclass, replace
from functools import cached_property

from torch import nn

from ..errors import UserError
from ..live.patches.kernel_padding import pad_kernels
from ..live.sources.model import Model, end_of
from ..live.sources.own import maker, own_model
from ..live.sources.sequential import sequential
from ..live.sources.zoo import zoo_model
from ..live.trace import OUTPUT, Gap, Traced
from ..network.graph import Graph, Node
from ..remedies import REMEDIES
from .design import Design
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
        """Up to the model's stage; raises :class:`~core.errors.UserError` where that depends on a gap."""
        return self.traced.graph(self.stage)

    @property
    def stage(self) -> str:
        """The stage that is the output."""
        return end_of(self.model, self.traced)

    def stages(self) -> list[str]:
        """The stages that are feature maps, outermost name first where several end at one node, in order."""
        found: dict[int, str] = {}
        for name, end in self.traced.stages.items():
            if name == OUTPUT or name.count(".") >= _DEEP or not isinstance(end, int):
                continue
            if end and self.traced.nodes[end].positions > 1:
                found[end] = min((found.get(end, name), name), key=lambda each: each.count("."))
        return [found[end] for end in sorted(found)]

    def stage_nodes(self) -> dict[str, Node | str]:
        """The node in which every stage ends, or the gap that it depends on."""
        ends = self.traced.stages.items()
        return {name: str(end) if isinstance(end, Gap) else self.traced.nodes[end] for name, end in ends}

    def places(self) -> dict[str, int]:
        """Where in ``graph`` each stage ends that it holds, in order."""
        end = self.traced.stages[self.stage]
        assert isinstance(end, int)
        held = {0, end}
        for index in range(end, 0, -1):
            if index in held:
                held.update(self.traced.nodes[index].inputs, self.traced.nodes[index].gates)
        place = {old: new for new, old in enumerate(sorted(held))}
        ends = ((name, self.traced.stages[name]) for name in self.stages())
        return {name: place[at] for name, at in ends if isinstance(at, int) and at in place}

    def up_to(self, stage: str) -> "TracedDesign":
        """The same model, of which another stage is the output; raises as ``graph`` does."""
        design = TracedDesign(replace(self.model, stage=stage), replace(self.text, stage=stage))
        design.__dict__["traced"] = self.traced  # the stages are known already
        _ = design.graph
        return design

    def exactly(self, stage: str) -> "TracedDesign":
        """Up to ``stage``, or the model's own where it is empty; refused with the way on where it depends on a gap."""
        name = stage or self.stage
        if not isinstance(gap := self.traced.stages[name], Gap):
            return self.up_to(name) if stage else self
        before = [each for each in self.stages() if "." not in each] or self.stages()
        hint = f"; #{before[-1]} ends before it" if before else ""
        raise UserError(f"nothing exact can be said of {name!r} of {self.name}, it depends on {gap}{hint}")

    def at_input(self, size: tuple[int, ...]) -> "TracedDesign":
        """Traced again on another input."""
        model = replace(self.model.at_input(size), stage=self.stage)
        return TracedDesign(model, replace(self.text, input=model.size))

    def remedied(self, name: str) -> "TracedDesign":
        """With padded kernels, traced again; of the remedies, the one that can be applied to any module."""
        if name != "kernel-padding":
            known = "there is no such remedy" if name not in REMEDIES else "it applies to typed networks"
            raise UserError(f"{name} cannot be applied to a PyTorch model: {known}")
        model = replace(self.model, changes=(*self.model.changes, pad_kernels), stage=self.stage)
        return TracedDesign(model, replace(self.text, remedies=(*self.text.remedies, name)))


def module_design(module: nn.Module, size: tuple[int, ...], stage: str = "") -> TracedDesign:
    """The design of a module at hand, on an input of ``size`` (channels, then the axes); the module stays as it is.

    ``stage``: the path of the part whose result is the output, empty for what the module returns. Raises
    :class:`~core.errors.UserError` where the module does not run on the input, or the stage depends on a gap.
    """
    name = type(module).__name__
    design = TracedDesign(Model(name, size, maker(name, module)).given(size))
    if stage:
        _refuse_unknown(design, stage)
    return design.exactly(stage)


def opened(text: DesignText, exact: bool = True) -> Design:
    """The model that a text says, up to its stage, with its remedies; raises as ``core.design.opening.design_of``."""
    design = TracedDesign(_model(text), text)
    _ = design.traced
    if text.stage:
        _refuse_unknown(design, text.stage)
    if exact or text.remedies or isinstance(design.traced.stages[text.stage or design.stage], int):
        result: Design = design.exactly(text.stage)
        for remedy in text.remedies:
            result = result.remedied(remedy)
        return result
    return TracedDesign(replace(design.model, stage=text.stage or design.stage), text)


def _model(text: DesignText) -> Model:
    if text.kind == "zoo":
        model = zoo_model(text.base)
        return model.at_input(text.input) if text.input else model
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
