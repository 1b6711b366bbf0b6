"""A network beside what remedies make of it: what each does to every imbalance, and what it costs."""

from .questions import Answer, answers
from .ranking import MEASURES, Metric, measure_of, ranked
from .scores import ImbalanceScores, imbalance_scores
from .variant import (
    Comparison,
    Refusal,
    Variant,
    accumulated,
    compared,
    comparison_parts,
    comparisons,
    plans_for,
    steps_of,
    variant,
)

__all__ = [
    "MEASURES",
    "Answer",
    "Comparison",
    "ImbalanceScores",
    "Metric",
    "Refusal",
    "Variant",
    "accumulated",
    "answers",
    "compared",
    "comparison_parts",
    "comparisons",
    "imbalance_scores",
    "measure_of",
    "plans_for",
    "ranked",
    "steps_of",
    "variant",
]
