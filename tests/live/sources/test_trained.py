"""Trained weights: all of a file that fits, or nothing; never anything but numbers."""

import pickle

import pytest
import torch
from safetensors.torch import save
from torch import nn

from core.errors import LimitError, UserError
from core.live.sources import trained
from core.live.sources.trained import load_weights, trained_weights


def network() -> nn.Module:
    return nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4))


def given(**changes: torch.Tensor | None) -> dict[str, torch.Tensor]:
    """The weights of a network, all two, with some changed or (None) left out; ``_`` stands for a dot."""
    state = {name: torch.full_like(value, 2) for name, value in network().state_dict().items()}
    state |= {name.replace("__", "."): value for name, value in changes.items()}
    return {name: value for name, value in state.items() if value is not None}


def test_weights_of_a_file_become_those_of_the_module():
    module = network()
    load_weights(module, trained_weights(save(given())))
    assert all(bool((value == 2).all()) for value in module.state_dict().values())


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float64])
def test_other_precisions_are_converted(dtype):
    module = network()
    load_weights(module, trained_weights(save({name: value.to(dtype) for name, value in given().items()})))
    assert module[0].weight.dtype == torch.float32
    assert bool((module[0].weight == 2).all())


@pytest.mark.parametrize("count", [None, torch.tensor(9)])
def test_the_number_of_batches_seen_may_be_missing(count):
    module = network()
    load_weights(module, given(**{"1__num_batches_tracked": count}))
    assert module[1].num_batches_tracked == (0 if count is None else 9)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"0__weight": None}, r"1 missing \(0.weight\)"),
        ({"head__weight": torch.ones(2)}, r"1 not in the model \(head.weight\)"),
        ({"0__weight": torch.ones(4, 3, 5, 5)}, r"1 of another shape \(0.weight is \(4, 3, 5, 5\) instead of \(4, 3, "),
        ({"0__weight": None, "0__bias": torch.ones(5)}, r"1 missing \(0.weight\); 1 of another shape \(0.bias is"),
        ({f"x{at}": torch.ones(1) for at in range(9)}, r"9 not in the model \(x0, x1, x2, x3 and 5 more\)"),
        ({"0__bias": torch.full((4,), torch.nan)}, "not finite: .*0.bias"),
        ({"0__bias": torch.full((4,), torch.inf)}, "not finite: .*0.bias"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_listed_and_nothing_is_loaded(changes, message):
    module = network()
    before = {name: value.clone() for name, value in module.state_dict().items()}
    with pytest.raises(UserError, match=message):
        load_weights(module, given(**changes))
    assert all(torch.equal(value, before[name]) for name, value in module.state_dict().items())


WHOLE = save({"a": torch.ones(100)})
FILES = {
    "empty": b"",
    "truncated": WHOLE[:-50],
    "header only": WHOLE[:40],
    "with a tail": WHOLE + b"tail",
    "garbage": bytes(range(256)) * 8,
    "zeros": b"\0" * 64,
    "a header of 2^63 bytes": (2**63).to_bytes(8, "little") + b"{}",
    "no JSON": (8).to_bytes(8, "little") + b"[1, 2, 3",
    "offsets beyond the end": WHOLE.replace(b"400]", b"900]"),
    "an unknown type": WHOLE.replace(b"F32", b"X32"),
    "pickle": pickle.dumps({"a": [1, 2]}),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_no_safetensors_is_refused(name):
    with pytest.raises(UserError, match=r"the file is no readable \.safetensors file: ") as raised:
        trained_weights(FILES[name])
    assert "\n" not in str(raised.value)


class Payload:
    """Leaves a trace if anybody unpickles it."""

    ran = False

    def __reduce__(self):
        return setattr, (Payload, "ran", True)


def test_a_pickle_is_not_executed(tmp_path):
    torch.save({"0.weight": Payload()}, tmp_path / "weights.safetensors")
    for data in ((tmp_path / "weights.safetensors").read_bytes(), pickle.dumps(Payload())):
        with pytest.raises(UserError, match="no readable"):
            trained_weights(data)
    assert not Payload.ran


def test_a_file_too_large_is_refused_before_it_is_read(monkeypatch):
    monkeypatch.setattr(trained, "MAX_BYTES", 100)
    monkeypatch.setattr(trained, "load", None)
    with pytest.raises(LimitError, match="a weights file of 101 bytes is larger than 100"):
        trained_weights(b"x" * 101)
