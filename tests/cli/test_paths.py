"""``paths``: the counts that are printed are the counts, in every digit; what is rounded or left out says so."""

import json
from fractions import Fraction

import numpy as np
import pytest

from core.__main__ import main
from core.cli import counts as counts_module
from core.cli.counts import count_json, count_lines, spread
from core.exact import PathCounts, imbalance, path_counts, stride_period
from core.formatting import measure_number
from core.network import graph_of, parse


def _document(capsys, *argv):
    assert main(["paths", *argv, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize(
    ("argv", "expected"),
    [
        (["9; conv k3 p1 x4"], "35 61 75 80 81 80 75 61 35"),
        (["9; conv k3 x4", "--unit", "0"], "1 4 10 16 19 16 10 4 1"),
        (["9; conv k3 p1 x4", "--unit", "4"], "1 4 10 16 19 16 10 4 1"),
        (["11; conv k3 x4"], "1 5 15 30 45 51 45 30 15 5 1"),
        (["9; conv k3 x2", "--pixel", "4"], "1 2 3 2 1"),
        (["3; conv k1 c5; conv k1 c2", "--channels"], "10 10 10"),
        (["4; conv k1 s2"], "1 0 1 0"),
    ],
)
def test_counts_are_those_worked_out_by_hand(argv, expected, capsys):
    assert _document(capsys, *argv)["counts"] == expected.split()


@pytest.mark.parametrize("text", ["4x6; conv k3 p1 x2", "4x6; add(skip | conv k3 p1) x2", "6x5; conv k3 s2; global"])
def test_counts_of_two_axes_are_nested_rows(text, capsys):
    array = path_counts(graph_of(parse(text))).array()
    document = _document(capsys, text)
    assert document["counts"] == [[str(count) for count in row] for row in array.tolist()]
    assert document["input"] == list(array.shape)


def test_a_pixel_is_counted_over_the_outputs(capsys):
    document = _document(capsys, "5x7; conv k3", "--pixel", "0,6")
    assert (document["input"], document["output"]) == ([5, 7], [3, 5])
    assert document["counts"] == [["0", "0", "0", "0", "1"], ["0"] * 5, ["0"] * 5]


@pytest.mark.parametrize("text", ["16; conv k3 s2 p1 x2", "9x12; conv k3 s2", "8; conv k1 s2"])
def test_imbalance_is_every_measure_or_null(text, capsys):
    graph = graph_of(parse(text))
    measures = imbalance(path_counts(graph), stride_period(graph))
    assert _document(capsys, text)["imbalance"] == {name: measure_number(value) for name, value in measures.items()}
    assert _document(capsys, "8; conv k1 s2")["imbalance"]["parity"] is None


def test_numbers_of_any_length_keep_all_digits(capsys):
    counts = _document(capsys, "9; conv k1000 p999 replicate x4")["counts"]
    assert counts == [str(count) for count in path_counts(graph_of(parse("9; conv k1000 p999 replicate x4"))).array()]
    long = PathCounts((np.array([10**5000, 0], dtype=object),))
    assert json.loads("".join(count_json(long))) == ["1" + "0" * 5000, "0"]


def test_endless_output_is_refused_in_words(monkeypatch, capsys):
    monkeypatch.setattr(counts_module, "MAX_CHARACTERS", 50)
    assert main(["paths", "9; conv k3", "--json"]) == 0
    assert main(["paths", "99; conv k3", "--json"]) == 2
    assert "characters, more than 5.0e+01; use a smaller input" in capsys.readouterr().err


def test_a_short_row_is_shown_whole(capsys):
    assert main(["paths", "9; conv k3 p1 x4"]) == 0
    out = capsys.readouterr().out
    assert "\n35  61  75  80  81  80  75  61  35\n" in out
    assert "total    583\n" in out
    assert "max_min          2.314   largest count over smallest" in out


def test_a_long_row_is_broken_at_the_terminal_and_numbered(monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "30")
    assert main(["paths", "12; conv k3 p1 x9"]) == 0
    lines = capsys.readouterr().out.splitlines()[6:9]
    assert [line.split()[0] for line in lines] == ["0:", "3:", "6:"]
    assert max(map(len, lines)) <= 30


def test_a_small_map_is_shown_whole_with_grouped_digits(capsys):
    assert main(["paths", "15x15; conv k3 p1 x4"]) == 0
    out = capsys.readouterr().out
    grid = [line.split() for line in out.splitlines()[6:21]]
    assert grid[0] == ["1,225", "2,135", "2,625", "2,800", *["2,835"] * 7, "2,800", "2,625", "2,135", "1,225"]
    assert grid == grid[::-1] == [list(column) for column in zip(*grid, strict=True)]
    assert "total    1,142,761" in out


def test_a_large_map_is_sampled_and_says_so(monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "60")
    assert main(["paths", "100x64; conv k3 p1"]) == 0
    out = capsys.readouterr().out
    assert "15 of 100 rows and 15 of 64 columns are shown; --json gives them all" in out
    assert "centre row 50: least 6 (column 0), most 9 (column 1)" in out
    assert max(map(len, out.split("\n\n")[1].splitlines())) <= 60


def test_counts_too_long_to_read_are_rounded_and_say_so():
    counts = PathCounts((np.array([5, 10**30, 123456789], dtype=object),))
    row, _, note = count_lines(counts, 80)
    assert row.split() == ["5", "1.000e30", "1.235e8"]
    assert note == "counts beyond a million are rounded to four digits; --json gives every digit"


@pytest.mark.parametrize("side", range(1, 60))
def test_sampled_positions_hold_both_ends_and_the_centre(side):
    found = spread(side, 7)
    assert {0, side // 2, side - 1} <= set(found)
    assert len(found) == min(side, 7) == len(set(found))


@pytest.mark.parametrize(
    ("argv", "question"),
    [
        ([], "paths from each input pixel to all output units"),
        (["--unit", "0"], "paths from each input pixel to output unit 0"),
        (["--pixel", "0"], "paths from input pixel 0 to each output unit"),
        (["--channels"], "paths from each input pixel to all output units, weighed by channels"),
    ],
)
def test_the_table_says_what_it_counts(argv, question, capsys):
    assert main(["paths", "5; conv k3", *argv]) == 0
    assert f"counts   {question}\n" in capsys.readouterr().out


def test_shares_are_numerators_over_one_denominator(capsys):
    shares = _document(capsys, "4; attn causal x2", "--unit", "3", "--shares")["shares"]
    parts = [Fraction(int(part), int(shares["denominator"])) for part in shares["numerators"]]
    assert parts == [Fraction(25, 48), Fraction(13, 48), Fraction(7, 48), Fraction(1, 16)]  # (1/4)(1/(j+1) + ... + 1/4)
    assert shares["imbalance"]["corner_centre"] == float(Fraction(1, 16) / Fraction(7, 48))
    assert _document(capsys, "4; attn causal x2")["shares"] is None


def test_shares_are_printed_as_fractions_where_these_are_short(capsys):
    assert main(["paths", "4; attn causal x2", "--unit", "3", "--shares"]) == 0
    printed = capsys.readouterr().out
    assert "25/48      13/48       7/48       1/16" in printed
    assert "of output unit 3, each unit being the mean of what it reads" in printed


def test_shares_of_one_pixel_in_each_output_are_refused(capsys):
    assert main(["paths", "4; attn causal", "--pixel", "3", "--shares"]) == 2
    assert "leave --pixel out" in capsys.readouterr().err
