"""Property tests draw the same examples on every run, and no example has a deadline: machines differ.

PyTorch computes on one thread, here and in what tests start: several that wait for each other on a processor that
they share take ten times as long.
"""

import os
from collections.abc import Iterator
from importlib import import_module

import pytest
from hypothesis import HealthCheck, settings

os.environ.setdefault("OMP_NUM_THREADS", "1")

settings.register_profile(
    "repeatable",
    max_examples=50,  # unless a test says otherwise
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],  # a random network takes a while to write down
)
settings.load_profile("repeatable")


@pytest.fixture(scope="session")
def components_scanned_once() -> Iterator[None]:
    """Streamlit's testing reads the metadata of every installed package at each first run of a page, for components.

    That takes several times as long as the page; what is installed stays the same throughout.
    """
    scanner = import_module("streamlit.components.v2.manifest_scanner")  # here: few tests need Streamlit
    scanned = scanner.scan_component_manifests()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scanner, "scan_component_manifests", lambda: scanned)
        yield
