"""Values in, Plotly figures out. Without Plotly, importing this package says how to install it."""

from ..program import loaded

loaded("plotly")
