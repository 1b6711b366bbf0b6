"""Input sizes side by side on the page Check."""

from streamlit.testing.v1 import AppTest

from tests.pages.visit import assert_explained, assert_well, opened


def _table(app: AppTest, name: str) -> list[dict[str, str]]:
    """The table whose first column is ``name``, row by row."""
    (table,) = [table.value for table in app.table if table.value.columns[0] == name]
    return table.to_dict("records")


def _words(app: AppTest) -> str:
    return "\n".join(box.value for box in app.markdown)


def test_a_link_shows_its_sizes_side_by_side() -> None:
    app = opened("check", net="ResNet-18@64", sizes="64,65,96")
    assert_well(app, "check")
    assert "An input of n positions gives **floor((n − 1)/32) + 1**." in _words(app)
    assert "divides evenly where **n mod 32 = 1**" in _words(app)
    output, evenly, left, *_ = _table(app, "Input")
    assert output == {"Input": "Output", "64×64": "2×2", "65×65": "3×3", "96×96": "3×3"}
    assert list(evenly.values())[1:] == ["no", "yes", "no"]
    assert list(left.values())[1:] == ["16 positions", "0 positions", "16 positions"]
    (uneven,) = [row for row in _table(app, "Found") if row["Found"].endswith("One side is padded more than the other")]
    assert list(uneven.values())[1:] == ["16 positions", "–", "16 positions"]  # noqa: RUF001


def test_an_impossible_size_says_why() -> None:
    app = opened("check", net="U-Net@32", sizes="32,36")
    assert_well(app, "check")
    assert _table(app, "Input")[0] == {"Input": "Output", "32×32": "32×32", "36×36": "impossible"}
    assert any("36×36: layer 13 (concat): its branches give maps" in caption.value for caption in app.caption)
    assert "It is possible where **n mod 8 = 0**." in _words(app)


def test_the_stages_that_see_the_object_whole_stand_below() -> None:
    app = opened("check", net="256x256; conv k4 s2 p1 x3; conv k4 p1 x2", sizes="256", object="70")
    rows = _table(app, "Stage")
    assert [row["Field"] for row in rows] == ["4", "10", "22", "46", "70"]
    assert (rows[-1]["Seen whole at"], rows[-1]["By units"]) == ("1.6 % of places", "0 to 1")
    assert "seen whole at **1.6 %** of its places at most, by layer 5 (conv k4 p1)" in _words(app)


def test_without_sizes_the_table_is_folded_away() -> None:
    app = opened("check", net="64x64; conv k3 s2 p1 x2")
    assert_well(app, "check")
    assert not [table for table in app.table if table.value.columns[0] == "Input"]


def test_what_is_no_size_is_told_and_the_report_stays() -> None:
    app = opened("check", net="64x64; conv k3 s2 p1 x2", sizes="large")
    assert_explained(app, "'large' is no list of sizes; give sides, as in 224,256 or 192x256")
    assert app.header[0].value
