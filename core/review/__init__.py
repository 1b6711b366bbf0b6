"""What a check tells a build and a code review: budgets, a baseline, SARIF, and the project's own settings.

A review is the findings of one design with those of its missed budgets, of which a baseline knows some already.
"""

from .baseline import Baseline, read_baseline
from .budgets import Budget, is_least, parsed_budgets
from .review import Review, reviewed
from .sarif import sarif
from .settings import Settings, project_settings

__all__ = [
    "Baseline",
    "Budget",
    "Review",
    "Settings",
    "is_least",
    "parsed_budgets",
    "project_settings",
    "read_baseline",
    "reviewed",
    "sarif",
]
