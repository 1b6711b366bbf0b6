"""What a network is: its text, its layers, its graph and the axis maps between feature maps (numpy only)."""

from core.network.graph import Graph, Node, graph_of
from core.network.network import Network
from core.network.presets import PRESETS
from core.network.text import parse

__all__ = ["PRESETS", "Graph", "Network", "Node", "graph_of", "parse"]
