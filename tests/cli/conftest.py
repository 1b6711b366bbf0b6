"""Own code for the commands that run it, and the zoo, loaded once."""

import sys
import textwrap
import warnings
from importlib import import_module

import pytest

CODE = """
    from torch import nn

    class Attention(nn.Module):
        def __init__(self, width):
            super().__init__()
            self.parts = nn.Conv2d(width, 3 * width, 1)

        def forward(self, x):
            q, k, v = self.parts(x).flatten(2).chunk(3, 1)
            return (v @ (q.transpose(1, 2) @ k).softmax(-1)).view(x.shape)

    class Gate(nn.Module):
        def __init__(self, width):
            super().__init__()
            self.inner = nn.Conv2d(width, width, 1)

        def forward(self, x):
            return x * self.inner(x.mean((2, 3), keepdim=True)).sigmoid()

    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.stem = nn.Sequential(nn.Conv2d(3, 8, 3, 2, 1), nn.BatchNorm2d(8), nn.ReLU())
            self.body = nn.Conv2d(8, 8, 3, padding=1)

        def forward(self, x):
            return self.body(self.stem(x))

    def build():
        print("built")
        return Net()

    def attentive():
        return nn.Sequential(nn.Conv2d(3, 8, 3, padding=1), Attention(8))

    def gated():
        return nn.Sequential(nn.Conv2d(3, 8, 3, padding=1), Gate(8), nn.Conv2d(8, 8, 3, padding=1))

    def normed():
        return nn.Sequential(nn.Conv2d(3, 8, 3, padding=1), nn.InstanceNorm2d(8), nn.Conv2d(8, 8, 3, padding=1))

    def even():
        return nn.Sequential(nn.Conv2d(3, 8, 2, 2), nn.ReLU(), nn.MaxPool2d(2))

    def skipping():
        return nn.Conv2d(3, 3, 1, 2)

    def broken():
        raise RuntimeError("no GPU\\nin this machine")

    def wrong():
        return {"weights": 1}
"""


@pytest.fixture
def mine(tmp_path, monkeypatch):
    """The path of a file of own code, in the current folder; what is loaded from it is forgotten afterwards."""
    (tmp_path / "mine.py").write_text(textwrap.dedent(CODE))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", sys.path.copy())
    yield tmp_path / "mine.py"
    for name in ("mine", "own_mine"):
        sys.modules.pop(name, None)


@pytest.fixture(scope="session")
def zoo():
    """Loads both libraries; what they warn of is theirs."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return import_module("core.live.sources.zoo").names()
