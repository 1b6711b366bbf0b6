"""A traced PyTorch model as a design that can be checked: at other inputs, and with kernel padding."""

from dataclasses import dataclass, replace
from functools import cached_property

from ..errors import UserError
from ..live.patches.kernel_padding import pad_kernels
from ..live.sources.model import Model, end_of
from ..live.trace import OUTPUT, Traced
from ..network.graph import Graph
from ..remedies import REMEDIES

_DEEP = 3  # names with so many dots are parts of blocks, not stages


@dataclass(frozen=True)
class ModelDesign:
    """A model, up to one of its stages; traced once."""

    model: Model

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

    def places(self) -> dict[str, int]:
        """Where in ``graph`` each stage ends that it holds, in order."""
        end = self.traced.stages[self.stage]
        assert isinstance(end, int)
        held = {0, end}
        for index in range(end, 0, -1):
            if index in held:
                held.update(self.traced.nodes[index].inputs)
        place = {old: new for new, old in enumerate(sorted(held))}
        ends = ((name, self.traced.stages[name]) for name in self.stages())
        return {name: place[at] for name, at in ends if isinstance(at, int) and at in place}

    def up_to(self, stage: str) -> "ModelDesign":
        """The same model, of which another stage is the output; raises as ``graph`` does."""
        design = ModelDesign(replace(self.model, stage=stage))
        design.__dict__["traced"] = self.traced  # the stages are known already
        _ = design.graph
        return design

    def at_input(self, size: tuple[int, ...]) -> "ModelDesign":
        """Traced again on another input."""
        return ModelDesign(replace(self.model.at_input(size), stage=self.stage))

    def remedied(self, name: str) -> "ModelDesign":
        """With padded kernels, traced again; of the remedies, the one that can be applied to any module."""
        if name != "kernel-padding":
            known = "there is no such remedy" if name not in REMEDIES else "it applies to typed networks"
            raise UserError(f"{name} cannot be applied to a PyTorch model: {known}")
        return ModelDesign(replace(self.model, changes=(*self.model.changes, pad_kernels), stage=self.stage))
