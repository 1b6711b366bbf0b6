"""What a network is: its text, its layers, its graph and the axis maps between feature maps (numpy only)."""

from .graph import Graph, Node, graph_of
from .network import Network
from .presets import PRESETS
from .text import parse

__all__ = ["PRESETS", "Graph", "Network", "Node", "graph_of", "parse"]
