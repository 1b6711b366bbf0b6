"""What a visitor takes away is exact, and a link restores everything."""

import csv
import io
import re
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
import segno
import streamlit as st

from core.exact import path_counts
from core.figures.cuts import profile
from core.live import ACTIVATIONS, REDUCTIONS, WEIGHTS
from core.live.erf.inputs import IMAGES
from core.network import graph_of, parse
from core.training import TASKS
from pages import effective_field, training_run
from pages.frame import settings
from pages.frame.registry import PAGES
from pages.parts import share
from pages.parts.qr_code import LONGEST, qr_svg

DEEP = "64x65; conv k3 p1 x200"  # counts of hundreds of digits


def test_the_tables_of_settings_name_what_the_live_model_takes() -> None:
    assert sorted(effective_field.WEIGHTS) == sorted(WEIGHTS)
    assert sorted(effective_field.ACTIVATIONS) == sorted(ACTIVATIONS)
    assert sorted(effective_field.REDUCTIONS) == sorted(REDUCTIONS)
    assert ("noise", *IMAGES) == effective_field.IMAGES
    assert sorted(training_run.TASKS) == sorted(TASKS)


@pytest.mark.parametrize("page", PAGES)
def test_a_link_restores_every_setting_of_its_page(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    state = {"_page": page, **{name: other(page, name) for name in settings.table(page)}}
    monkeypatch.setattr(st, "session_state", state)
    link = settings.link("http://host/address?net=old")
    assert link.startswith("http://host/address?")
    expected = {name: str(value) for name, value in state.items() if name != "_page"}
    assert carried(link) == {"v": settings.VERSION, **expected}
    assert settings.rejected(carried(link)) == []


@pytest.mark.parametrize("page", PAGES)
def test_a_link_holds_only_what_differs_from_the_defaults(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(st, "session_state", {"_page": page, "pixel": "3,4"})
    assert carried(settings.link("http://host/")) == {"v": settings.VERSION, "pixel": "3,4"}


def test_a_link_is_short_and_its_code_is_drawn_where_it_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(st, "session_state", {"_page": "compare", "net": "U-Net", "second": "+border-circular"})
    link = settings.link("https://paths.example.edu/compare")
    assert len(link) < 200
    assert len(qr_svg(link)) > 1_000
    assert qr_svg("a" * LONGEST)
    with pytest.raises(segno.DataOverflowError):
        qr_svg("a" * (LONGEST + 1))


def test_every_setting_of_a_link_is_changed_by_this_test() -> None:
    assert all(other(page, name) != setting.default for page in PAGES for name, setting in settings.table(page).items())


def test_a_table_holds_every_digit() -> None:
    counts = path_counts(graph_of(parse(DEEP)))
    rows = list(csv.DictReader(io.StringIO(share.to_csv(share.exact_arrays(counts)))))
    assert len(rows) == 64 * 65
    for row in rows[::97]:
        assert int(row["counts"]) == counts.at((int(row["row"]), int(row["column"])))
        assert float(row["log10_counts"]) == pytest.approx(len(row["counts"]), abs=1.01)


def test_a_file_of_arrays_holds_every_digit_and_no_pickle() -> None:
    counts = path_counts(graph_of(parse("11; conv k3 x4")))
    with np.load(io.BytesIO(share.to_npz(share.exact_arrays(counts))), allow_pickle=False) as held:
        assert held["counts"].tolist() == ["1", "5", "15", "30", "45", "51", "45", "30", "15", "5", "1"]
        assert held["log10_counts"] == pytest.approx(np.log10(held["counts"].astype(np.float64)))


def test_unread_pixels_are_zero_in_files() -> None:
    arrays = share.exact_arrays(path_counts(graph_of(parse("4; conv k1 s2"))))
    assert share.to_csv(arrays).split() == [
        "column,counts,log10_counts",
        "0,1,0.0",
        "1,0,-inf",
        "2,1,0.0",
        "3,0,-inf",
    ]


def test_the_figure_to_hand_out_needs_nothing_else() -> None:
    figure = profile(path_counts(graph_of(parse("9; conv k3 x3"))), linear=True)
    page = share.to_html(figure, "The **answer** & more")
    assert "Plotly.newPlot" in page
    assert not re.findall(r"<(?:script|link|img)[^>]+(?:src|href)=.?(?:https?:)?//", page)
    assert "The answer" in page


def carried(link: str) -> dict[str, str]:
    """The parameters of a link."""
    return {name: values[0] for name, values in parse_qs(urlsplit(link).query, keep_blank_values=True).items()}


def other(page: str, name: str) -> str | int | bool:
    """A legal value that is not the default."""
    setting = settings.table(page)[name]
    if isinstance(setting.default, bool):
        return not setting.default
    if setting.legal is not None:
        return next(value for value in list(setting.legal)[::-1] if value != setting.default)
    return "9x9; conv k3 & x; é" if name == "net" else "3,4"
