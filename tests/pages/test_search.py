"""The page on searches: counted, asked, picked, refused, opened from a file."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from core.__main__ import main
from core.search.members import counted
from core.search.quantities import QUANTITIES
from core.search.space import space_of
from pages.design_search import PAGE, START, request, words
from tests.pages.visit import assert_explained, assert_well, boxes, insight, opened

SPACE = "24; conv k{3,4,5} s2 p{0..2}; conv k{3,5} p{1,2}; conv k{3,99} p1"


def texts(app) -> list[str]:
    return [block.value for block in (*app.markdown, *app.code, *app.caption)]


def test_the_first_space_is_counted_and_its_front_drawn() -> None:
    app = opened("search")
    assert_well(app, "search")
    assert insight(app).startswith("Of 324 designs, **")
    assert "best** in effective share (more is better) and multiply-adds (less is better)." in insight(app)
    assert "324 members, 324 designs." in texts(app)
    assert app.text_input(key="space").value == START


def test_the_front_is_that_of_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    app = opened("search", space=SPACE, where="unread == 0", y="parity", x="multiply_adds")
    assert insight(app) == (
        "Of 28 designs that meet the condition, **2 are best** in parity (less is better) and multiply-adds "
        "(less is better)."
    )
    shown = app.dataframe[0].value["design"].tolist()
    assert main(["search", SPACE, "--where", "unread == 0", "--pareto", "parity,multiply_adds"]) == 0
    told = capsys.readouterr().out
    assert all(f"  {design}\n" in told for design in shown)
    assert len(shown) == 2
    assert "72 members, 36 designs, 36 impossible." in texts(app)


@pytest.mark.parametrize("name", QUANTITIES)
def test_every_number_can_be_drawn(name: str) -> None:
    app = opened("search", space="24; conv k{3,5} s2 p{0,1}", x=name, y="field")
    assert boxes(app) == []
    assert app.get("plotly_chart")


def test_a_picked_design_leads_to_the_other_pages() -> None:
    picked = "24; conv k4 s2; conv k3 p1 x2"
    app = opened("search", space=SPACE, y="parity", pick=picked)
    assert "**Picked**" in texts(app)
    assert picked in texts(app)
    links = [link.proto for link in app.get("page_link")]
    assert {link.label for link in links} == {"See its paths", "Check it", "Tile it", "Compare the two"}


def test_of_a_large_space_members_are_drawn_and_the_command_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(request, "MAX_PARTS", 1)
    app = opened("search", space="16; conv k{1..9} p{0..9}; conv k{1..9} p{0..9}", where="field > 3")
    assert boxes(app) == []
    assert any(text.startswith("8,100 members, 1,000 drawn by the seed, ") for text in texts(app))
    (command,) = (text for text in texts(app) if text.startswith("python -m core search"))
    assert '--where "field > 3" --pareto effective_share,multiply_adds --out found.parquet' in command


@pytest.mark.parametrize(
    ("parameters", "told"),
    [
        ({"space": "24; conv k{3"}, "this brace is not closed"),
        ({"space": "24; conv k{3,x}"}, "cannot be read"),
        ({"where": "size > 3"}, "there is no 'size' to search by"),
        ({"space": "my.py:{build,make}"}, "is own code"),
    ],
)
def test_what_cannot_be_searched_is_told(parameters: dict[str, str], told: str) -> None:
    assert_explained(opened("search", **parameters), told)


def test_nothing_possible_and_nothing_met_are_told() -> None:
    assert "No member of this space is possible" in insight(opened("search", space="4; conv k{9,11}"))
    assert "None of 4 designs** meets" in insight(
        opened("search", space="24; conv k{3,5} s2 p{0,1}", where="field > 99")
    )


def test_a_file_of_the_command_is_the_same_search(tmp_path: Path) -> None:
    out = tmp_path / "found.parquet"
    assert main(["search", SPACE, "--out", str(out)]) == 0
    found = request.read(out.read_bytes(), "found.parquet", "1")
    assert (found.space, found.size, found.total, found.done) == (SPACE, 72, 72, 72)
    assert found.table.column("design").to_pylist() == pq.read_table(out).column("design").to_pylist()
    assert words.size_told(found) == "72 members, 36 designs, 36 impossible"


def test_a_foreign_file_is_refused() -> None:
    with pytest.raises(ValueError, match="x holds no results of a search"):
        request.read(b"PAR1 nothing", "x", "1")


def test_designs_of_own_code_are_not_run_for_a_visitor() -> None:
    part = counted(space_of("my.py:build"), [0], runs_code=False)
    assert part.impossible[0].message.startswith("own code is not run here")


def test_every_axis_has_a_title() -> None:
    assert all(words.title(name) for name in PAGE.settings["x"].choices)
