"""What the page on effective fields draws."""

import plotly.graph_objects as go

from core.figures.erf import comparison, profiles
from pages.effective_field.request import ErfView


def maps(view: ErfView) -> go.Figure:
    """Measured, predicted, and their difference."""
    return comparison(view.measured, view.prediction.share, view.box)


def profile(view: ErfView) -> go.Figure:
    """The row through the middle of what is looked at."""
    middle = view.middle
    row, share = middle[:-1], view.prediction.share
    name = "position" if not row else f"column, along row {row[0]}"
    return profiles(view.measured[row], view.errors[row], None if share is None else share[row], middle[-1], name)
