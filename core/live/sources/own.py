"""Own code, ``file.py:factory`` or ``package.module:factory``: for the command line and Python only, as it is run."""

import difflib
import importlib
import importlib.util
import re
import sys
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from types import ModuleType

import torch
from torch import nn

from ...errors import UserError
from .model import Model, explaining
from .places import places_noted

OWN = re.compile(r"(?P<where>.+\.py|[A-Za-z_][\w.]*):(?P<factory>[A-Za-z_]\w*)")
_LIBRARIES = ("timm", "torchvision")  # of the zoo


def own_model(spec: str, size: tuple[int, ...]) -> Model:
    """The model that a factory returns: a function without arguments, a module's class, or a module itself."""
    parts = OWN.fullmatch(spec)
    if parts is None:
        raise UserError(f"{spec!r} names no code; give file.py:factory or package.module:factory")
    where, name = parts["where"], parts["factory"]
    with explaining(f"{where} cannot be loaded"), places_noted():
        code = _file(where) if where.endswith(".py") else _package(where)
    if not hasattr(code, name):
        near = difflib.get_close_matches(name, dir(code), 1)
        hint = f"did you mean {near[0]}?" if near else "give a function without arguments that returns the model"
        raise UserError(f"{where} has no {name!r}; {hint}")
    return Model(spec, size, maker(spec, getattr(code, name))).given(size)


def maker(spec: str, factory: object) -> Callable[[], nn.Module]:
    """What makes the module of a factory, a class or a module on the default device; a module stays as it is."""

    def make() -> nn.Module:
        if isinstance(factory, nn.Module):  # it exists: its numbers are its own
            copy = deepcopy(factory)
            return copy.to("meta") if _on_meta() else copy
        made = _called(factory) if callable(factory) else factory
        if not isinstance(made, nn.Module):
            raise UserError(f"{spec} gives {type(made).__name__}, not a torch.nn.Module")
        return made

    return make


def _called(factory: Callable[[], object]) -> object:
    """What a factory returns; one that cannot do without numbers (it loads weights, say) is given them."""
    if not _on_meta():
        return factory()
    try:
        return factory()
    except Exception:  # noqa: BLE001 (foreign code raises anything; what it raises again is told)
        with torch.device("cpu"):
            made = factory()
        return made.to("meta") if isinstance(made, nn.Module) else made


def _on_meta() -> bool:
    return torch.empty(0).device.type == "meta"


def _file(where: str) -> ModuleType:
    """A file's code, loaded as a module of its own, with its folder on the path as Python itself does."""
    path = Path(where)
    if not path.is_file():
        raise UserError(f"there is no file {where}; give its path from {Path.cwd()}")
    folder = str(path.resolve().parent)
    if folder not in sys.path:
        sys.path.insert(0, folder)
    name = path.stem if path.stem not in {*sys.modules, *sys.stdlib_module_names} else f"own_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # where dataclasses and others look up the module of what it defines
    spec.loader.exec_module(module)
    return module


def _package(where: str) -> ModuleType:
    if "" not in sys.path and str(Path.cwd()) not in sys.path:
        sys.path.insert(0, str(Path.cwd()))
    near = difflib.get_close_matches(where, _LIBRARIES, 1, cutoff=0.75)
    if near and "." not in where and importlib.util.find_spec(where) is None:
        raise UserError(f"there is no module {where!r}; did you mean {near[0]}:?")
    return importlib.import_module(where)
