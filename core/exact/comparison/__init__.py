"""A network beside what remedies make of it: what each does to every imbalance, and what it costs."""

from core.exact.comparison.evenness import Evenness, evenness
from core.exact.comparison.questions import Answer, answers
from core.exact.comparison.ranking import MEASURES, Ranking, measure_of, ranked
from core.exact.comparison.variant import (
    Comparison,
    Refusal,
    Variant,
    compared,
    comparisons,
    plans_for,
    steps_of,
    variant,
)

__all__ = [
    "MEASURES",
    "Answer",
    "Comparison",
    "Evenness",
    "Ranking",
    "Refusal",
    "Variant",
    "answers",
    "compared",
    "comparisons",
    "evenness",
    "measure_of",
    "plans_for",
    "ranked",
    "steps_of",
    "variant",
]
