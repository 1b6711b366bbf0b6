"""How a number of models goes with another: rank correlations, with the family as a confounder.

Models of a family are built alike and trained alike, so that neither are they independent nor do they differ in one
thing alone. An interval therefore draws families, and a second correlation is that within families: of ranks less the
mean rank of their family.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..ranks import ranks
from .row import Row

_DRAWS = 1000
_SEED = 0


@dataclass(frozen=True, slots=True)
class Estimate:
    """A rank correlation (Spearman's) and its 95 % interval, the percentiles of 1,000 draws of families."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Correlation:
    """Of ``measure`` with another number, over so many models and families; None where either does not vary."""

    measure: str
    models: int
    families: int
    overall: Estimate | None
    within: Estimate | None


def correlation(rows: Sequence[Row], measure: str, beside: str) -> Correlation:
    """Over the models that have both numbers."""
    known = [row for row in rows if row.get(measure) is not None and row.get(beside) is not None]
    names, family = np.unique([str(row["family"]) for row in known], return_inverse=True)
    values, others = (np.array([row[name] for row in known], dtype=float) for name in (measure, beside))
    members = [np.flatnonzero(family == index) for index in range(len(names))]
    drawn = _drawn(members)
    estimates = []
    for centred in (False, True):
        whole = _spearman(values, others, family, centred)
        found = [_spearman(values[at], others[at], family[at], centred) for at in drawn] if whole is not None else []
        known_draws = [one for one in found if one is not None]
        estimates.append(None if whole is None else Estimate(whole, *_middle(known_draws)))
    return Correlation(measure, len(known), len(names), *estimates)


def _drawn(members: Sequence[np.ndarray]) -> list[np.ndarray]:
    """The models of as many families as there are, drawn with putting back; many times."""
    if not members:
        return []
    draws = np.random.default_rng(_SEED).integers(len(members), size=(_DRAWS, len(members)))
    return [np.concatenate([members[index] for index in draw]) for draw in draws.tolist()]


def _spearman(values: np.ndarray, others: np.ndarray, family: np.ndarray, centred: bool) -> float | None:
    """Of ranks, or of ranks less their family's mean; None where either is the same everywhere."""
    if len(values) < 2:
        return None
    pair = [_centred(ranks(one), family) if centred else ranks(one) - (len(one) + 1) / 2 for one in (values, others)]
    size = float(np.sqrt((pair[0] ** 2).sum() * (pair[1] ** 2).sum()))
    return float((pair[0] * pair[1]).sum()) / size if size > 0 else None


def _centred(places: np.ndarray, family: np.ndarray) -> np.ndarray:
    sums = np.bincount(family, weights=places)
    counts = np.bincount(family)
    mean: np.ndarray = (sums / np.maximum(counts, 1))[family]
    centred: np.ndarray = places - mean
    return centred


def _middle(values: Sequence[float]) -> tuple[float, float]:
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high)
