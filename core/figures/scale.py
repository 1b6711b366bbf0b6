"""One colour scale for several maps of path counts, each as shares of its own most-read position."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go

from ..exact.counts import PathCounts
from ..formatting import power_of_ten
from . import template

_LOGARITHMIC_FROM = -1.5  # powers of ten: where shares span more, a factor of thirty, the scale is logarithmic


def log_shares(counts: PathCounts) -> np.ndarray:
    """log10 of the share of the most-read position; -inf where no path leads."""
    logs = counts.log10_counts()
    known = logs[np.isfinite(logs)]
    return np.asarray(logs - known.max() if known.size else logs)


@dataclass(frozen=True, slots=True)
class Scale:
    """From ``bottom``, a power of ten, to 1, logarithmic; or from nothing to 1, linear."""

    bottom: float

    @classmethod
    def of(cls, maps: Sequence[np.ndarray]) -> "Scale":
        """The scale on which all maps of log shares can be read."""
        known = np.concatenate([part[np.isfinite(part)] for part in maps])
        return cls(float(known.min()) if known.size else 0.0)

    @property
    def logarithmic(self) -> bool:
        return self.bottom < _LOGARITHMIC_FROM

    def values(self, logs: np.ndarray) -> np.ndarray:
        """What is coloured; nan where no path leads, on a logarithmic scale."""
        if not self.logarithmic:
            return np.asarray(10.0**logs)
        return np.where(np.isfinite(logs), logs, np.nan)

    @property
    def range(self) -> tuple[float, float]:
        """The values at both ends of the colours."""
        return (self.bottom, 0.0) if self.logarithmic else (0.0, 1.0)

    def shares(self, logs: np.ndarray) -> np.ndarray:
        """Places on the scale, from 0 to 1; nan where no path leads, on a logarithmic scale."""
        low, high = self.range
        return (self.values(logs) - low) / ((high - low) or 1.0)

    @property
    def words(self) -> str:
        """How the colours are read."""
        if self.logarithmic:
            return f"colours: log10 of the share of the most-read pixel shown, from {power_of_ten(self.bottom)} to 1"
        return "colours: share of the most-read pixel shown, from 0 to 1"


def colour_bar(low: float, high: float, name: str, logarithmic: bool = False, diverging: bool = False) -> go.Figure:
    """The colours from ``low`` to ``high`` as a strip."""
    steps = np.linspace(low, high, 128)
    strip: dict[str, Any] = {
        "type": "heatmap",
        "z": steps[None, :].astype(np.float32),
        "x0": low,
        "dx": (high - low) / 127,
        "colorscale": template.DIVERGING if diverging else template.SEQUENTIAL,
        "showscale": False,
        "hoverinfo": "skip",
    }
    shown = {"tickprefix": "10<sup>", "ticksuffix": "</sup>"} if logarithmic else {"tickformat": ".3~g"}
    return template.figure(
        [strip],
        74,
        margin={"l": 12, "r": 12, "t": 4, "b": 50},
        xaxis=template.axis(title=name, nticks=6, **shown),
        yaxis=template.axis(visible=False),
    )
