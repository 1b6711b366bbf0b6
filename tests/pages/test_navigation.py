"""Pages belong together: they are reached from each other and directly, and counting waits for no PyTorch."""

import subprocess
import sys

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.visit import FIGURES, PAGES, QUICK, ROOT, assert_well, net, opened


@pytest.mark.parametrize("page", PAGES)
def test_a_page_keeps_the_network_of_the_one_before(page: str) -> None:
    app = opened(net="9x11; conv k3 p1 x2", **QUICK)
    app.switch_page(f"pages/{page}.py").run()
    assert_well(app, page)
    assert net(app) == "9x11; conv k3 p1 x2"


def test_what_was_edited_on_one_page_is_on_the_next_and_back() -> None:
    app = opened(v="2")
    app.slider(key="_kernel").set_value(5).run()
    app.switch_page("pages/field.py").run()
    assert net(app) == "15x15; conv k5 p1 x4"
    app.select_slider(key="_depth").set_value(3).run()
    app.switch_page("pages/paths.py").run()
    assert net(app) == "15x15; conv k5 p1 x3"
    assert_well(app)


@pytest.mark.parametrize("page", [*PAGES, "training"])
def test_the_file_of_a_page_run_alone_is_the_whole_app(page: str) -> None:
    """On a fresh server Streamlit runs the file of a page without app.py."""
    app = AppTest.from_file(str(ROOT / "pages" / f"{page}.py"), default_timeout=60)
    for name, value in {"net": "9; conv k3 x2", **QUICK}.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    assert net(app) == "9; conv k3 x2"


@pytest.mark.parametrize("page", ["paths", "field"])
def test_a_counting_page_loads_no_pytorch(page: str) -> None:
    program = (
        "import sys; from pages.frame import warmup; warmup.once = lambda: None\n"
        f"from tests.pages.visit import figures, opened; app = opened({page!r}, net='9x9; conv k3 x2')\n"
        "print(figures(app), len(app.exception), 'torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.split() == [str(FIGURES[page]), "0", "False"]


def test_the_server_loads_pytorch_by_itself() -> None:
    program = (
        "import gc, sys, time; from pages.frame import warmup; warmup.once()\n"
        "ends = time.monotonic() + 120\n"
        "while gc.get_freeze_count() < 100_000 and time.monotonic() < ends: time.sleep(0.1)\n"
        "print('torch' in sys.modules, gc.get_freeze_count() > 100_000)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.split() == ["True", "True"]
