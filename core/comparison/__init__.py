"""A network beside what remedies make of it: what each does to every imbalance, and what it costs."""

from .evenness import Evenness, evenness
from .questions import Answer, answers
from .ranking import MEASURES, Ranking, measure_of, ranked
from .variant import (
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
