"""Exact pathway counts, receptive fields and effective receptive fields of convolutional networks.

A design is a typed network, a preset, a model of a library, a pasted ``nn.Sequential`` or a module at hand. What is
asked of it most is offered here, and each name is loaded when it is first used: counting needs NumPy alone, and only
what builds or traces a PyTorch model loads PyTorch.

``design_of(text)``              the design of a text: ``"32x32; conv k3 p1 x4"``, ``"ResNet-50"``, ``"timm:resnet50"``
``module_design(module, size)``  the design of a ``torch.nn.Module`` at hand, on an input of channels and sides
``DesignAnalysis(design)``       its graph, fields, stride period, path counts, measures and cost
``check(design)``                what is wrong with it, as :class:`Finding`, with fixes that were applied and measured
``compared(design, plans)``      the design beside what remedies make of it; ``plans_for(design)`` names them all
``parse``, ``graph_of``          a typed network from its text, and the graph of its nodes
``space_of(text)``               a family of designs, from a text with choices in braces (``search`` in :mod:`.search`)
``path_counts``, ``imbalance``   of a graph: paths from every pixel, and how unequal they are
``trace``, ``build``             the graph of any module; the module of a typed network
``measure``, ``expected_field``  the effective receptive field, sampled and in closed form
``design_map``                   the map of an analysis as a Plotly figure; in a notebook a design shows itself
``UserError``                    what all of them raise for what cannot be done, with what to change

>>> analysis = DesignAnalysis(design_of("15x15; conv k3 p1 x4"))
>>> analysis.counts.at((7, 7)), analysis.counts.at((0, 0)), analysis.unit_field
(6561, 1225, (9, 9))
>>> [finding.code for finding in check(design_of("64; conv k3 s2 p1"))][:1]
['parity']
>>> change = compared(design_of("64; conv k3 s2 p1"), [["kernel-padding"]]).variants[0]
>>> str(change.network), change.scores.parity
('64; conv k4 s2 p1', Fraction(1, 1))
"""

from typing import TYPE_CHECKING

from .program import loaded

if TYPE_CHECKING:
    from .checks import Finding as Finding
    from .checks import check as check
    from .comparison import compared as compared
    from .comparison import plans_for as plans_for
    from .design.analysis import DesignAnalysis as DesignAnalysis
    from .design.opening import design_of as design_of
    from .design.traced import module_design as module_design
    from .errors import UserError as UserError
    from .exact import PathCounts as PathCounts
    from .exact import imbalance as imbalance
    from .exact import path_counts as path_counts
    from .figures.panes import design_map as design_map
    from .live import ErfRecipe as ErfRecipe
    from .live import build as build
    from .live import measure as measure
    from .live.expected import expected_field as expected_field
    from .live.trace import trace as trace
    from .network import Graph as Graph
    from .network import Network as Network
    from .network import Node as Node
    from .network import graph_of as graph_of
    from .network import parse as parse
    from .search.space import space_of as space_of

_MODULES = {
    ".checks": ("Finding", "check"),
    ".comparison": ("compared", "plans_for"),
    ".design.analysis": ("DesignAnalysis",),
    ".design.opening": ("design_of",),
    ".design.traced": ("module_design",),
    ".errors": ("UserError",),
    ".exact": ("PathCounts", "imbalance", "path_counts"),
    ".figures.panes": ("design_map",),
    ".live": ("ErfRecipe", "build", "measure"),
    ".live.expected": ("expected_field",),
    ".live.trace": ("trace",),
    ".network": ("Graph", "Network", "Node", "graph_of", "parse"),
    ".search.space": ("space_of",),
}
_MODULE_OF = {name: module for module, names in _MODULES.items() for name in names}

__all__ = sorted(_MODULE_OF)


def __getattr__(name: str) -> object:
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value = getattr(loaded(_MODULE_OF[name], __name__), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
