"""Kernel padding flattens the grid, keeps the sizes, and keeps what a network without max pools computes."""

import pytest
import torch
from torch import nn

from core.errors import UserError
from core.exact import imbalance, path_counts, stride_period
from core.live.patches.kernel_padding import pad_kernels
from core.live.trace import trace


def plain() -> nn.Module:
    """Convolutions of many kinds that stride, with batch norm; none is dilated."""
    return nn.Sequential(
        nn.Conv2d(3, 8, 7, 2, 3),
        nn.BatchNorm2d(8),
        nn.ReLU(),
        nn.Conv2d(8, 8, 3, 2, 1, groups=4, bias=False),
        nn.Conv2d(8, 12, (3, 1), (2, 1), (1, 0)),
        nn.Conv2d(12, 12, 1, 2),
        nn.Conv2d(12, 4, 3, padding=1),
    )


def strided(conv: type[nn.Module], *sizes: int, **options: object) -> nn.Module:
    return nn.Sequential(conv(*sizes, **options))


def test_the_function_is_kept_where_no_max_pool_sees_more():
    torch.manual_seed(0)
    module, x = plain().eval(), torch.randn(2, 3, 96, 64)
    before = module(x)
    pad_kernels(module)
    assert [tuple(part.weight.shape[2:]) for part in module if isinstance(part, nn.Conv2d)] == [
        (8, 8), (4, 4), (4, 1), (2, 2), (3, 3),
    ]  # fmt: skip
    torch.testing.assert_close(module(x), before, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("size", [224, 96, 64])
def test_sizes_are_unchanged_and_the_grid_is_flat(size):
    def tower():
        return nn.Sequential(nn.Conv2d(3, 4, 7, 2, 3), nn.MaxPool2d(3, 2, 1), nn.Conv2d(4, 4, 3, 2, 1))

    padded = tower()
    pad_kernels(padded)
    before, after = (trace(module.to("meta").eval(), (3, size, size)).graph() for module in (tower(), padded))
    assert [node.size for node in after.nodes] == [node.size for node in before.nodes]
    contrasts = [imbalance(path_counts(graph), stride_period(graph))["parity"] for graph in (before, after)]
    assert contrasts[0] > 2
    assert contrasts[1] == 1


def test_one_dimension_and_pools_are_padded_too():
    module = nn.Sequential(nn.Conv1d(1, 1, 3, 2, 1), nn.MaxPool1d(3, 2, 1), nn.AvgPool1d(3, 2, 1))
    pad_kernels(module)
    assert [module[0].kernel_size, module[1].kernel_size] == [(4,), 4]
    assert module[2].kernel_size == (4,)
    graph = trace(module[:1].to("meta").eval(), (1, 64)).graph()
    assert imbalance(path_counts(graph), stride_period(graph))["parity"] == 1


@pytest.mark.parametrize(
    ("module", "message"),
    [
        (strided(nn.Conv2d, 3, 4, 2, 2), "changes nothing here: every stride divides its kernel"),
        (strided(nn.Conv2d, 3, 4, 3), "changes nothing here"),
        (nn.ReLU(), "changes nothing here"),
        (strided(nn.Conv2d, 3, 4, 3, 2, dilation=2), "does not apply to 0: it is strided and dilated"),
        (strided(nn.Conv2d, 3, 4, 3, 2, 1, padding_mode="circular"), "does not apply to 0: Conv2d pads by itself"),
    ],
)
def test_what_it_cannot_do_is_refused(module, message):
    with pytest.raises(UserError, match=message):
        pad_kernels(module)
