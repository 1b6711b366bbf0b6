"""The effective field in closed form: E[g²] by one backward pass of squared weights."""

from core.live.expected.field import Expected, expected_field

__all__ = ["Expected", "expected_field"]
