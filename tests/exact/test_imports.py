"""The exact half stands alone: whoever only counts does not wait for PyTorch."""

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize("package", ["core.network", "core.exact", "core.exact.imbalance", "core.network.presets"])
def test_counting_needs_neither_torch_nor_plotly_nor_streamlit(package: str) -> None:
    program = f"import sys, {package}; print(sorted({{'torch', 'plotly', 'streamlit'}} & sys.modules.keys()))"
    assert printed(program) == "[]"


def test_networks_do_not_need_what_is_counted_on_them() -> None:
    program = "import sys, core.network; print(any(name.startswith('core.exact') for name in sys.modules))"
    assert printed(program) == "False"


def printed(program: str) -> str:
    """What a fresh interpreter prints."""
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=root)
    return done.stdout.strip()
