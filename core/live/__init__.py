"""What needs PyTorch: the module of a network, its effective field measured by gradients, and its prediction.

``comparison`` and ``erf_size`` themselves are plain numpy.
"""

from .erf.agreement import Agreement, Prediction, agreement, prediction
from .erf.sampling import REDUCTIONS, ErfRecipe, Measurement, Progress, measure
from .erf.sizes import ErfSizes, Size, erf_sizes, replknet_area_ratio
from .modules.model import ACTIVATIONS, WEIGHTS, LiveModel, ModelRecipe, build
from .modules.proof import Proof, prove

__all__ = [
    "ACTIVATIONS",
    "REDUCTIONS",
    "WEIGHTS",
    "Agreement",
    "ErfRecipe",
    "ErfSizes",
    "LiveModel",
    "Measurement",
    "ModelRecipe",
    "Prediction",
    "Progress",
    "Proof",
    "Size",
    "agreement",
    "build",
    "erf_sizes",
    "measure",
    "prediction",
    "prove",
    "replknet_area_ratio",
]
