"""The benchmarks measure what they say, on sizes that take no time; how fast anything is, is not tested here."""

from itertools import groupby
from pathlib import Path
from time import sleep
from types import SimpleNamespace

import pytest

from core.network import parse
from core.search import request
from core.training import TrainRecipe
from tests.benchmarks import __main__ as command
from tests.benchmarks import app, classroom, counting, replicas, searching, training, zoo
from tests.benchmarks.row import HEADER, Row, fastest_ms
from tests.load.classroom import ClassResult
from tests.load.client import LoadResult
from tests.texts import section

TABLE = Path(__file__).with_name("README.md").read_text(encoding="utf-8")
README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


def assert_sane(row: Row, text: str) -> None:
    assert text in row.what
    assert all((row.against, row.found, row.target))
    assert "nan" not in row.found
    assert row.met in (True, False, None)


def test_a_chain_is_timed_against_the_gradient_that_equals_it() -> None:
    first, written = counting.chain(parse("8x8; conv k3 p1 x3"), turns=1)
    assert_sane(first, "8x8; conv k3 p1 x3")
    assert_sane(written, "64 integers")
    assert written.met is None


def test_each_depth_is_compared_with_the_one_before() -> None:
    rows = list(counting.depths(8, (2, 4, 8), turns=1))
    assert [row.what for row in rows] == ["each layer of 4, 8x8", "each layer of 8, 8x8"]
    for row in rows:
        assert_sane(row, "8x8")


def test_a_branched_network_is_timed_against_its_forward_pass() -> None:
    for row in counting.branched("a residual block", parse("8x8 c2; add(skip | conv k3 p1 x2)"), turns=1):
        assert_sane(row, "same" if row.target == "faster" else "residual")


def test_a_long_input_is_timed_with_its_memory() -> None:
    (row,) = counting.minute("WaveNet", 5000)
    assert "5,000 samples through WaveNet" in row.what
    assert f"| {row.what.replace('5,000', '960,000')} |" in TABLE
    assert row.found.endswith(" MB")


def test_volumes_are_timed_with_their_measures() -> None:
    (row,) = counting.volume("a small one", parse("5x4x3; conv k3 p1"), turns=1)
    assert_sane(row, "exact map and measures of a small one")


def test_halos_are_timed_once_their_graph_is_made() -> None:
    (row,) = counting.halos(("Dilated stack",), turns=1)
    assert_sane(row, "halo of Dilated stack")


def test_a_file_is_timed_from_its_bytes() -> None:
    assert_sane(zoo.exported("timm:test_resnet", turns=1), "test_resnet")


def test_a_model_of_the_zoo_is_timed_against_its_export() -> None:
    assert_sane(zoo.named("timm:test_resnet", 10_000, turns=1), "timm:test_resnet")


@pytest.mark.parametrize(
    ("row", "found", "met"),
    [
        (app.clicks([100.0] * 19 + [600.0]), "p50 100 ms, p95 125 ms", True),
        (app.clicks([100.0] * 9 + [400.0]), "p50 100 ms, p95 265 ms", True),
        (app.clicks([160.0] * 9), "p50 160 ms, p95 160 ms", False),
        (app.clicks([100.0] * 9 + [600.0]), "p50 100 ms, p95 375 ms", False),
        (app.empty_reruns([4.0, 5.0, 90.0]), "p50 5 ms", True),
        (app.empty_reruns([16.0]), "p50 16 ms", False),
        (app.leftovers(0), "0", True),
        (app.leftovers(1), "1", False),
        (app.cold("field", [1200.0, 1900.0], [800.0, 700.0]), "1,200 ms", True),
        (app.cold("field", [1201.0, 1900.0], [800.0, 700.0]), "1,201 ms", False),
        (
            classroom.following(ClassResult(400, 1500, 1900, 0, 1200), 60, 1500),
            "p50 400 ms, p95 1,500 ms, 0 errors",
            True,
        ),
        (
            classroom.following(ClassResult(400, 1501, 1900, 0, 1200), 60, 1500),
            "p50 400 ms, p95 1,501 ms, 0 errors",
            False,
        ),
        (app.memory(49.9, 200), "+50 MB", True),
        (app.memory(50.0, 200), "+50 MB", False),
    ],
)
def test_a_target_is_met_up_to_its_bound(row: Row, found: str, met: bool) -> None:
    assert (row.found, row.met) == (found, met)


@pytest.mark.parametrize(("p95", "errors", "met"), [(1500.0, 0, True), (1501.0, 0, False), (900.0, 2, False)])
def test_a_class_is_judged_by_its_slow_screens_and_errors(p95: float, errors: int, met: bool) -> None:
    row = classroom.following(ClassResult(400.0, p95, 1900.0, errors, 1200), 60, 1500)
    assert_sane(row, "a class of 60 follows")
    assert row.met is met


@pytest.mark.parametrize(("growth", "errors", "met"), [(-3.0, 0, True), (50.0, 0, False), (1.0, 2, False)])
def test_a_class_is_to_leave_little_memory_behind(growth: float, errors: int, met: bool) -> None:
    assert classroom.memory(growth, 60, errors).met is met


@pytest.mark.parametrize(
    ("changed", "met"),
    [
        ({}, [True, True]),
        ({"p95_ms": 250.0}, [True, True]),
        ({"p95_ms": 250.1}, [False, True]),
        ({"errors": 1}, [False, True]),
        ({"largest_message_bytes": 10**6}, [True, False]),
    ],
)
def test_a_load_is_judged_by_its_slow_runs_errors_and_messages(changed: dict[str, float], met: list[bool]) -> None:
    result = SimpleNamespace(**{"p50_ms": 40.0, "p95_ms": 90.0, "errors": 0, "largest_message_bytes": 30_000} | changed)
    assert [row.met for row in app.load(result, 30, 250)] == met


@pytest.mark.parametrize(
    ("slow", "most"),
    [({10: 100, 20: 500, 30: 501}, 20), ({10: 501}, 0), ({10: 100, 20: 900, 30: 100}, 10)],
)
def test_visitors_are_added_until_they_wait_too_long(
    slow: dict[int, float], most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def load(url: str, clients: int, seconds: float) -> LoadResult:
        return LoadResult(10.0, slow[clients], 0, 1000, 100)

    monkeypatch.setattr(replicas, "run_load", load)
    found, told = replicas.most("http://nowhere")
    assert found == most
    assert_sane(replicas.served("one process", "the clock", found, told), "by one process")


def test_a_search_is_timed_by_one_and_by_two_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(request, "part_size", lambda space: 2)
    two, ratio = searching.rates("9; conv k{1..8} x{1,2}", parts=3)
    assert_sane(two, "a search of 16 ")
    assert_sane(ratio, "the same")


def test_a_search_is_weighed_with_its_file() -> None:
    row = searching.memory("9; conv k{1..4}")
    assert_sane(row, "all 4 members")
    assert "MB in a process" in row.found


def test_jobs_take_turns_and_the_fastest_run_of_each_is_kept() -> None:
    log: list[str] = []

    def long() -> None:
        log.append("long")
        sleep(0.03)

    def short() -> None:
        log.append("short")
        sleep(0.001)

    slow, quick = fastest_ms([long, short], turns=2)
    assert [name for name, _ in groupby(log)] == ["long", "short"] * 2
    assert log.count("long") == 2
    assert log.count("short") > 2
    assert slow >= 30
    assert quick < slow


def test_the_exit_status_tells_of_a_missed_target() -> None:
    kept, missed, open_ = (Row("a", "b", "c", "d", met) for met in (True, False, None))
    assert command.status([kept, open_]) == 0
    assert command.status([kept, missed]) == 1


def test_an_unknown_part_is_refused_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        command.main(["speed"])
    known = "counting, searching, zoo, expected, training, app, classroom"
    assert f"there is no part speed; there are {known}" in capsys.readouterr().err


def test_the_table_stands_beside_the_command_that_prints_it() -> None:
    shown = TABLE.split("python -m tests.benchmarks", 1)[1]
    assert f"| {' | '.join(HEADER)} |" in shown
    for row in (app.clicks([1.0]), app.empty_reruns([1.0]), app.leftovers(0), app.memory(0.0, app.SESSIONS)):
        assert f"| {row.what} |" in shown
    for students in classroom.CLASSES:
        assert f"| {classroom.memory(0.0, students, 0).what} |" in shown


def test_the_readme_quotes_rows_of_the_table() -> None:
    quoted = [line for line in section(README, "How fast it is").splitlines() if line.startswith("| ")]
    assert len(quoted) > 5
    assert set(quoted) <= set(TABLE.splitlines())


def test_a_training_is_timed_against_its_bare_steps() -> None:
    networks = (parse("5x5; conv k3"), parse("5x5; conv k3 p1"))
    row = training.trained("a small one", networks, TrainRecipe(steps=3, width=2, looks=1), seeds=2)
    assert_sane(row, "2 networks from 2 seeds, 3 steps each")


def test_remedies_are_timed_against_counting() -> None:
    row = training.remedies("a small one", parse("9x9; conv k3 s2 p1 x2"), turns=1)
    assert_sane(row, "remedies of a small one")
    assert row.met is None
