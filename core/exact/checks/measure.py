"""Measures that tell whether a fix helped: one number of a design, and which way is better."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from core.errors import UserError
from core.exact.checks.examined import Examined
from core.exact.checks.finding import Fix
from core.exact.remedies import REMEDIES
from core.network.graph import size_text

Candidate = tuple[str, Examined | None]  # what is done, in words; the design after it, None where it is impossible


@dataclass(frozen=True, slots=True)
class Measure:
    """``of`` gives None where a design has no such number."""

    name: str
    of: Callable[[Examined], Fraction | None]
    larger_is_better: bool = False

    def fixes(self, examined: Examined, candidates: Iterable[Candidate]) -> tuple[Fix, ...]:
        """The candidates that do better than ``examined``, the best first; of those within a tenth, the first first."""
        before = self.of(examined)
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

    def _again(self, candidate: Examined) -> Fraction | None:
        """The measure of a changed design; None where it is beyond a limit."""
        try:
            return self.of(candidate)
        except UserError:
            return None

    def _better(self, after: Fraction, before: Fraction) -> bool:
        return after > before if self.larger_is_better else after < before


def after_remedies(examined: Examined, *names: str) -> Iterator[Candidate]:
    """The design after each remedy."""
    for name in names:
        yield REMEDIES[name].does, examined.after(name)


def at_inputs(examined: Examined, sizes: Iterable[tuple[int, ...]]) -> Iterator[Candidate]:
    """The design at each input size."""
    for size in sizes:
        yield f"use an input of {size_text(size)}", examined.at_input(size)
