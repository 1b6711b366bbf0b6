"""The model zoo: every name of timm, and torchvision's models for images and video beside it."""

import difflib
from collections.abc import Callable
from functools import cache
from typing import Any

from torch import nn

from ...errors import UserError
from . import libraries
from .copies import Copies
from .model import LAST_MAP, Model
from .numbers import NumbersOnCpu

_USUAL = (3, 224, 224)
_FRAMES = 16  # of a clip, as torchvision trained and evaluated its video models; Swin's with 32
_NORMS = (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d, nn.GroupNorm, nn.LayerNorm)


@cache
def names() -> tuple[str, ...]:
    """``timm:…`` and ``torchvision:…``, in the order of their lists."""
    vision = libraries.torchvision().models
    return (
        *(f"timm:{name}" for name in libraries.timm().list_models()),
        *(f"torchvision:{name}" for name in vision.list_models(module=vision)),
        *(f"torchvision:{name}" for name in _videos()),
    )


def zoo_model(name: str) -> Model:
    """The model of a full name, on the input that it is made for; its weights are not loaded.

    Raises :class:`~.errors.UserError` for an unknown name, with the nearest known.
    """
    if not name.partition(":")[2]:
        raise UserError(f"{name} is followed by the name of a model, as in {name}resnet50")
    if name not in names():
        near = nearest(name)
        hint = f"the nearest are {', '.join(near)}" if near else "names begin with timm: or torchvision:"
        raise UserError(f"the zoo has no model {name!r}; {hint}")
    library, _, short = name.partition(":")
    if library == "torchvision":
        side = _side_of(short)
        frames = ((32 if short.startswith("swin3d") else _FRAMES),) if short in _videos() else ()
        size = (3, *frames, side, side)
        return Model(name, size, _torchvision(short), stage=LAST_MAP, made_for=size)
    size = _input_of(short)
    return Model(name, size, _timm(short), features="forward_features", made_for=size)


def family(name: str) -> str:
    """The file of the library that builds the model of a full name: ``resnet``, ``convnext``, ``swin_transformer``."""
    library, _, short = name.partition(":")
    if library == "timm":
        module: str = libraries.timm().models.model_entrypoint(short).__module__
    else:
        module = libraries.torchvision().models.get_model_builder(short).__module__
    return module.rpartition(".")[2]


@cache
def _videos() -> tuple[str, ...]:
    """torchvision's models for video, by their short names."""
    vision = libraries.torchvision().models
    return tuple(vision.list_models(module=vision.video))


def nearest(name: str) -> list[str]:
    """Up to three names like ``name``; none where it only names a library."""
    if not name.partition(":")[2]:
        return []
    return difflib.get_close_matches(name, names(), 3, cutoff=0.5)


def _timm(name: str) -> Callable[[], nn.Module]:
    return Copies(lambda: _opened(libraries.timm().create_model(name)))


def _torchvision(name: str) -> Callable[[], nn.Module]:
    options: dict[str, Any] = {"init_weights": False} if name in ("googlenet", "inception_v3") else {}
    if name.startswith("vit_"):
        options = {"image_size": _side_of(name)}

    def make() -> nn.Module:
        with NumbersOnCpu():
            return _opened(libraries.torchvision().models.get_model(name, **options))

    return Copies(make)


def _opened(module: nn.Module) -> nn.Module:
    """The drawn module, with ones for the scales of norms that all begin at zero.

    Such a norm shuts its branch off until training opens it; the branch is part of what the model will see.
    """
    for part in module.modules():
        scale = part.weight if isinstance(part, _NORMS) else None
        if scale is not None and not scale.is_meta and not scale.any():
            nn.init.ones_(scale)
    return module


def _side_of(name: str) -> int:
    """The side that torchvision's own weights were evaluated at."""
    best = libraries.torchvision().models.get_model_weights(name).DEFAULT
    crop = best.transforms.keywords["crop_size"]  # of video one number a side
    return int(crop if isinstance(crop, int) else crop[0])


def _input_of(name: str) -> tuple[int, ...]:
    """The input size in timm's table of configurations."""
    config = libraries.timm().get_pretrained_cfg(name, allow_unregistered=True)
    return tuple(config.input_size) if config is not None and config.input_size else _USUAL
