"""One design after some remedies, measured: every imbalance, how far it sees, and what it costs.

Typed networks and traced models are compared alike; a remedy that cannot be carried out on a model says why.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from ..design.analysis import DesignAnalysis
from ..design.design import Design
from ..errors import UserError
from ..exact.cost import Cost
from ..exact.imbalance import Measures
from ..network.network import Network
from ..remedies import REMEDIES, chosen
from .scores import ImbalanceScores, imbalance_scores

Plan = tuple[str, ...]  # remedies in the order in which they are taken; none: the design as it is


@dataclass(frozen=True, slots=True, eq=False)
class Variant:
    """A design after ``remedies``; ``analysis`` holds its maps, for whoever draws them.

    ``field`` and ``expected`` are those of the centre unit, in pixels along each axis: all that it sees, the padding
    included, and the part about the field's centre that holds 95 % of its paths; None where it has none.
    """

    remedies: Plan
    analysis: DesignAnalysis
    scores: ImbalanceScores
    measures: Measures
    left_over: int  # positions after the last window, all layers and axes
    field: tuple[int, ...]
    expected: tuple[int, ...] | None
    cost: Cost

    @property
    def design(self) -> Design:
        return self.analysis.design

    @property
    def network(self) -> Network | None:
        """The changed network; None for a model, and for what no text form writes."""
        return self.design.network

    @property
    def size(self) -> tuple[int, ...]:
        """The output's size."""
        return self.analysis.graph.output.size

    @property
    def pixels(self) -> int:
        """Positions of the input."""
        return self.analysis.graph.input.positions


@dataclass(frozen=True, slots=True)
class Refusal:
    """Remedies that do not apply to a design, and why."""

    remedies: Plan
    reason: str


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """A design as it is, and after each plan that applies to it, in the order in which the plans were given."""

    original: Variant
    variants: tuple[Variant, ...]
    refused: tuple[Refusal, ...]


def compared(design: Design, plans: Iterable[Sequence[str]], gates: bool = False) -> Comparison:
    """The design beside what each plan makes of it; ``gates``: whether what passes through gates is read too.

    Raises :class:`~.errors.UserError` for a design beyond a limit, and for a remedy that there is not; one that
    does not apply is told among the refusals.

    >>> comparison = compared(design_of("32; conv k3 s2 p1 x2"), [["kernel-padding"], ["degridding-layers"]])
    >>> change = comparison.variants[0]
    >>> str(change.network), change.scores.parity, comparison.original.scores.parity
    ('32; conv k4 s2 p1 x2', Fraction(1, 1), Fraction(1, 3))
    >>> comparison.refused[0].reason
    'the network has no dilated convolution; nothing to change'
    """
    *_, complete = comparisons(design, plans, gates)
    return complete


def comparisons(design: Design, plans: Iterable[Sequence[str]], gates: bool = False) -> Iterator[Comparison]:
    """The comparison before the first plan, and after each: for whoever shows progress. Raises as ``compared``."""
    return accumulated(comparison_parts(design, plans, gates))


def comparison_parts(
    design: Design, plans: Iterable[Sequence[str]], gates: bool = False
) -> Iterator[Variant | Refusal]:
    """What a comparison is made of, each once: the design as it is, then what each plan makes of it."""
    yield variant(design, (), gates)
    yield from steps_of(design, plans, gates)


def accumulated(parts: Iterator[Variant | Refusal]) -> Iterator[Comparison]:
    """The comparison after each of its parts."""
    original = next(parts)
    assert isinstance(original, Variant)
    comparison = Comparison(original, (), ())
    yield comparison
    for step in parts:
        if isinstance(step, Variant):
            comparison = replace(comparison, variants=(*comparison.variants, step))
        else:
            comparison = replace(comparison, refused=(*comparison.refused, step))
        yield comparison


def plans_for(design: Design) -> list[Plan]:
    """Every remedy alone; what does not apply to the design is told with its reason."""
    return [(name,) for name in REMEDIES]


def steps_of(design: Design, plans: Iterable[Sequence[str]], gates: bool = False) -> Iterator[Variant | Refusal]:
    """What each plan makes of the design, one after the other: for whoever shows progress."""
    all_plans = [tuple(plan) for plan in plans]
    for name in (name for plan in all_plans for name in plan):
        chosen(name)  # refused now, and not told as a remedy that does not apply
    for plan in all_plans:
        try:
            yield variant(design, plan, gates)
        except UserError as error:
            yield Refusal(plan, str(error))


def variant(design: Design, plan: Plan, gates: bool = False) -> Variant:
    """The design after all remedies of ``plan``; raises :class:`~.errors.UserError` where one does not apply."""
    for name in plan:
        design = design.remedied(name)
    analysis = DesignAnalysis(design, gates=gates)
    return Variant(
        plan,
        analysis,
        imbalance_scores(analysis),
        analysis.measures(),
        analysis.left_over,
        analysis.unit_field,
        analysis.effective_size,
        analysis.cost,
    )
