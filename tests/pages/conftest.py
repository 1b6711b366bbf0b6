"""Pages are run in this process, without the warm-up: it loads PyTorch in a thread."""

import pytest

from pages.frame import warmup


@pytest.fixture(autouse=True)
def _cold(components_scanned_once: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warmup, "once", lambda: None)
