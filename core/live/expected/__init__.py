"""The effective field in closed form: E[g²] by one backward pass of squared weights."""

from .field import Expected, expected_field

__all__ = ["Expected", "expected_field"]
