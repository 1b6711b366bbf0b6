"""One case for each operator that leaves positions and channels where they are."""

import torch

from core.live.operators.registry import POINTWISE
from tests.live.trace.building import after_conv

aten = torch.ops.aten


def pointwise_case(operator):
    """An operator that leaves positions and channels where they are, between two convolutions."""
    name = operator._schema.name.removeprefix("aten::")
    more = {
        "_prelu_kernel": (torch.rand(4, 1, 1),),
        "threshold": (0.1, 2.0),
        "threshold_": (0.1, 2.0),
        "hardtanh": (-1.0, 1.0),
        "clamp": (-1.0, 1.0),
        "clamp_": (-1.0, 1.0),
        "native_batch_norm": (torch.ones(4), torch.ones(4), torch.ones(4), torch.ones(4), False, 0.1, 1e-5),
        "_native_batch_norm_legit_no_training": (torch.ones(4), torch.ones(4), torch.ones(4), torch.ones(4), 0.1, 1e-5),
        "_native_batch_norm_legit": (torch.ones(4), torch.ones(4), True, 0.1, 1e-5),
        "native_layer_norm": ([4, 7, 8], None, None, 1e-5),
        "native_group_norm": (torch.ones(4), torch.ones(4), 1, 4, 56, 2, 1e-5),
        "native_dropout": (0.5, False),
    }.get(name)
    if more is None:
        needed = [a for a in operator._schema.arguments[1:] if a.default_value is None and not a.kwarg_only]
        more = tuple(2.0 for argument in needed if "Optional" not in str(argument.type))
    first = operator._schema.arguments[0]

    def run(m, x):
        constants = [value.to(x.device) if isinstance(value, torch.Tensor) else value for value in more]
        found = operator(*((2.0, x) if str(first.type) != "Tensor" else (x, *constants)))
        return found if isinstance(found, torch.Tensor) else found[0]

    return after_conv(run)


POINTWISE_CASES = {
    f"{reason.split(':')[0]}: {operator}": pointwise_case(operator)
    for operator, reason in POINTWISE.items()
    if operator._schema.name.removeprefix("aten::").rstrip("_") not in ("rrelu_with_noise", "masked_fill")
}
