"""The examples in docstrings know the public names of the package, as after ``from receptive_fields import *``.

So they read alike in this repository, where the package is the folder ``core``, and where it is installed. It lies here
and not in ``core``, as it is no part of the package.
"""

import os
import re
from pathlib import Path

import pytest

import core

collect_ignore = [str(path) for path in Path(__file__).parent.glob("pages/*.py")]  # scripts, which Streamlit runs

if "PYTEST_XDIST_WORKER" in os.environ:  # a processor for each worker: PyTorch, not yet loaded, would take them all
    os.environ.setdefault("OMP_NUM_THREADS", "1")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Two for each processor: tests in a browser, or of a server, wait for other processes most of their time."""
    return 2 * (os.cpu_count() or 1)


@pytest.fixture(autouse=True)
def public_names(request: pytest.FixtureRequest) -> None:
    """Loads those names that an example uses; what its own module calls so comes first."""
    if isinstance(request.node, pytest.DoctestItem) and request.node.dtest is not None:
        source = "".join(example.source for example in request.node.dtest.examples)
        for name in set(re.findall(r"\w+", source)).intersection(core.__all__):
            if name not in request.node.dtest.globs:
                request.node.dtest.globs[name] = getattr(core, name)
