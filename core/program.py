"""Under which name this package was loaded, and what is installed beside it.

In a checkout the package is the folder ``core``, and the commands are started with ``python -m core``; installed, it is
``receptive_fields`` with the command ``receptive-fields``. NumPy alone comes with it: what PyTorch and the others are
for is asked of an *extra* of the installation, which may be missing.
"""

from importlib import import_module
from types import ModuleType

from .errors import UserError

INSTALLED = __name__.partition(".")[0] != "core"
PROGRAM = "receptive-fields" if INSTALLED else "python -m core"

# Of each package that is no requirement: the need that it meets, and the extra that brings it.
EXTRAS = {
    "torch": ("models need PyTorch", "live"),
    "safetensors": ("trained weights need safetensors", "live"),
    "onnx": ("ONNX files need onnx", "onnx"),
    "timm": ("models of timm need timm", "zoo"),
    "torchvision": ("models of the zoo need torchvision", "zoo"),
    "scipy": ("a training needs SciPy", "training"),
    "plotly": ("figures need Plotly", "app"),
    "PIL": ("images need Pillow", "app"),
    "pyarrow": ("a search needs PyArrow", "search"),
    "distributed": ("a cluster needs Dask", "cluster"),
    "mcp": ("a server for coding assistants needs the SDK mcp", "mcp"),
}


class ExtraError(UserError, ImportError):
    """A package that is no requirement is needed and missing; the message says how to install it."""


def loaded(module: str, package: str | None = None) -> ModuleType:
    """The module, imported now. Raises :class:`ExtraError` where it needs an extra that is not installed.

    >>> loaded("math").gcd(12, 18)
    6
    """
    try:
        return import_module(module, package)
    except ModuleNotFoundError as error:
        if (missing := (error.name or "").partition(".")[0]) not in EXTRAS:
            raise
        raise missing_extra(missing) from error


def missing_extra(package: str) -> ExtraError:
    """What is said where ``package`` is not installed.

    >>> print(missing_extra("torch"))
    models need PyTorch: pip install '.[live]'
    """
    need, extra = EXTRAS[package]
    return ExtraError(f"{need}: pip install '{'receptive-fields' if INSTALLED else '.'}[{extra}]'")
