"""Trained weights from a ``.safetensors`` file: numbers only, never pickle, so nothing in the file is executed."""

from collections.abc import Mapping

import torch
from safetensors import SafetensorError
from safetensors.torch import load
from torch import nn

from ...errors import LimitError, UserError

MAX_BYTES = 1_000_000_000
_LISTED = 4  # mismatches named in a message


def trained_weights(data: bytes) -> dict[str, torch.Tensor]:
    """The tensors of a file.

    Raises :class:`~.errors.LimitError` for one too large, :class:`~.errors.UserError` for one that is no
    safetensors file.
    """
    if len(data) > MAX_BYTES:
        raise LimitError(f"a weights file of {len(data):,} bytes is larger than {MAX_BYTES:,}")
    try:
        return load(data)
    except (SafetensorError, ValueError, KeyError, TypeError, RuntimeError, OverflowError) as error:
        raise UserError(f"the file is no readable .safetensors file: {_line(error)}") from error


def refuse_unfit(module: nn.Module, weights: Mapping[str, torch.Tensor]) -> None:
    """Raises :class:`~.errors.UserError` listing what is missing, what is too much and whose shape is another."""
    own = module.state_dict()
    needed = {name for name in own if not name.endswith("num_batches_tracked")}
    given = {name for name in weights if not name.endswith("num_batches_tracked")}
    shapes = [
        f"{name} is {tuple(weights[name].shape)} instead of {tuple(own[name].shape)}"
        for name in sorted(needed & given)
        if weights[name].shape != own[name].shape
    ]
    complaints = [
        _listed("missing", sorted(needed - given)),
        _listed("not in the model", sorted(given - needed)),
        _listed("of another shape", shapes),
    ]
    if message := "; ".join(complaint for complaint in complaints if complaint):
        raise UserError(f"the weights do not fit the model: {message}")
    unreal = [name for name in sorted(needed) if not torch.isfinite(weights[name].float()).all()]
    if unreal:
        raise UserError(f"the weights hold numbers that are not finite: {_listed('in', unreal)}")


def load_weights(module: nn.Module, weights: Mapping[str, torch.Tensor]) -> None:
    """Puts weights into a module, all or none; raises as ``refuse_unfit``."""
    refuse_unfit(module, weights)
    with torch.no_grad():
        module.load_state_dict({name: weights.get(name, value) for name, value in module.state_dict().items()})


def _listed(what: str, names: list[str]) -> str:
    """``2 missing (a, b)``."""
    if not names:
        return ""
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    return f"{len(names)} {what} ({', '.join(names[:_LISTED])}{more})"


def _line(error: Exception) -> str:
    words = " ".join(str(error).split())
    return words if len(words) <= 120 else words[:119] + "…"
