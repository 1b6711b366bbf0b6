"""Measures that tell whether a fix helped: one number of a design, and which way is better."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from ..design.analysis import DesignAnalysis
from ..errors import UserError
from ..network.graph import size_text
from ..remedies import REMEDIES
from .finding import Fix

Candidate = tuple[
    str, DesignAnalysis | None
]  # what is done, in words; the design after it, None where it is impossible


@dataclass(frozen=True, slots=True)
class Measure:
    """``of`` gives None where a design has no such number."""

    name: str
    of: Callable[[DesignAnalysis], Fraction | None]
    larger_is_better: bool = False

    def fixes(self, analysis: DesignAnalysis, candidates: Iterable[Candidate]) -> tuple[Fix, ...]:
        """The candidates that do better than ``analysis``, the best first; of those within a tenth, the first first."""
        before = self.of(analysis)
        if before is None:
            return ()
        found: list[Fix] = []
        for words, candidate in candidates:
            after = None if candidate is None else self._again(candidate)
            if candidate is None or after is None or not self._better(after, before):
                continue
            design = candidate.design
            if design.network is None or all(fix.design.network != design.network for fix in found):
                found.append(Fix(words, design, self.name, before, after))
        return tuple(sorted(found, key=lambda fix: round(fix.after * (-10 if self.larger_is_better else 10))))

    def _again(self, candidate: DesignAnalysis) -> Fraction | None:
        """The measure of a changed design; None where it is beyond a limit."""
        try:
            return self.of(candidate)
        except UserError:
            return None

    def _better(self, after: Fraction, before: Fraction) -> bool:
        return after > before if self.larger_is_better else after < before


def after_remedies(analysis: DesignAnalysis, *names: str) -> Iterator[Candidate]:
    """The design after each remedy."""
    for name in names:
        yield REMEDIES[name].does, analysis.after(name)


def at_inputs(analysis: DesignAnalysis, sizes: Iterable[tuple[int, ...]]) -> Iterator[Candidate]:
    """The design at each input size."""
    for size in sizes:
        yield f"use an input of {size_text(size)}", analysis.at_input(size)
