"""A search gives one file, bit for bit, however it was counted, stopped and taken up again."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from core.errors import UserError
from core.pool import spread
from core.program import ExtraError
from core.search import members, request, workers
from core.search.found import Found
from core.search.questions import question_of
from core.search.request import Request, Task
from core.search.results import opened
from core.search.space import space_of
from core.search.steps import found_in, search

SPACE = "24; conv k{2,3,5} s{1,2} p{0,1} x{1,2}; {conv k3,skip}; conv k{3,9}"
QUESTION = question_of("field > 4", "parity,multiply_adds")


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(request, "part_size", lambda space: 4)


def run(out: Path | None, count: Callable[..., Iterator[tuple[int, bytes]]] = workers.alone, **sample: int) -> Found:
    *_, last = search(Request(space_of(SPACE), **sample), QUESTION, count, out)
    return last


@pytest.fixture
def whole(tmp_path: Path) -> bytes:
    run(tmp_path / "whole.parquet")
    return (tmp_path / "whole.parquet").read_bytes()


def test_each_design_stands_once_in_the_order_of_the_members(tmp_path: Path) -> None:
    found = run(tmp_path / "a.parquet")
    texts = pq.read_table(tmp_path / "a.parquet").column("design").to_pylist()
    counted = members.counted(space_of(SPACE), range(96))
    assert texts == list(dict.fromkeys(text for text, _ in counted.rows))
    assert (found.done, found.total, found.counted) == (96, 96, len(texts))
    assert found.repeated == len(counted.rows) - len(texts) > 0
    assert found.impossible == counted.impossible
    assert sum(one.members for one in found.impossible) + found.repeated + found.counted == 96
    assert os.listdir(tmp_path) == ["a.parquet"]


def test_the_answer_is_the_same_without_a_file_and_from_the_file(tmp_path: Path) -> None:
    found = run(tmp_path / "a.parquet")
    assert found.answer.front
    assert run(None) == found
    assert found_in(opened(tmp_path / "a.parquet", "a"), QUESTION) == found


def test_parts_that_come_in_any_order_make_the_same_file(tmp_path: Path, whole: bytes) -> None:
    def backwards(space: str, tasks: Iterator[Task]) -> Iterator[tuple[int, bytes]]:
        yield from reversed(list(workers.alone(space, tasks)))

    run(tmp_path / "b.parquet", backwards)
    assert (tmp_path / "b.parquet").read_bytes() == whole


def test_a_search_that_was_stopped_counts_only_what_is_missing(tmp_path: Path, whole: bytes) -> None:
    asked: list[int] = []

    def noted(space: str, tasks: Iterator[Task]) -> Iterator[tuple[int, bytes]]:
        for task in tasks:
            asked.append(task[0])
            yield from workers.alone(space, iter([task]))

    with closing(search(Request(space_of(SPACE)), QUESTION, noted, tmp_path / "b.parquet")) as steps:
        for _ in range(5):
            step = next(steps)
    assert step.done == 20
    assert not (tmp_path / "b.parquet").exists()
    run(tmp_path / "b.parquet", noted)
    assert asked == list(range(24))
    assert (tmp_path / "b.parquet").read_bytes() == whole
    run(tmp_path / "b.parquet", noted)
    assert len(asked) == 24


def test_two_processes_make_the_same_file(tmp_path: Path, whole: bytes) -> None:
    run(tmp_path / "b.parquet", workers.in_processes(2, print))
    assert (tmp_path / "b.parquet").read_bytes() == whole


def test_a_sample_is_a_part_of_the_space_and_another_search(tmp_path: Path) -> None:
    found = run(tmp_path / "a.parquet", sample=50, seed=2)
    assert found.total == 50
    with pytest.raises(UserError, match=r"holds another search, '24; .*', 50 members drawn by seed 2; name another"):
        run(tmp_path / "a.parquet", sample=50, seed=3)
    assert run(tmp_path / "a.parquet", sample=50, seed=2) == found


def test_parts_of_another_search_are_not_taken_up(tmp_path: Path) -> None:
    with closing(search(Request(space_of(SPACE)), QUESTION, workers.alone, tmp_path / "a.parquet")) as steps:
        next(steps)
    with pytest.raises(UserError, match=r"a\.parquet\.parts holds parts of another search, .*; remove it, or name"):
        run(tmp_path / "a.parquet", sample=50)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("a.csv", "does not end in .parquet"),
        ("none/a.parquet", "there is no folder"),
        ("b.parquet", "holds no results"),
    ],
)
def test_a_file_that_cannot_be_one_is_refused(name: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "b.parquet").write_text("no table")
    with pytest.raises(UserError, match=words):
        run(tmp_path / name)


def test_a_foreign_table_is_no_search(tmp_path: Path) -> None:
    pq.write_table(pq.read_table(_kept(tmp_path)).select(["design"]), tmp_path / "c.parquet")
    with pytest.raises(UserError, match="c holds no results of a search"):
        opened(tmp_path / "c.parquet", "c")


def _kept(folder: Path) -> Path:
    run(folder / "a.parquet", sample=5)
    return folder / "a.parquet"


def test_a_space_too_large_is_refused_with_its_size() -> None:
    with pytest.raises(UserError, match="the space has 100,000,000 members, and 10,000,000 are counted at most"):
        Request(space_of("9; conv k{1..10000}; conv k{1..10000}"))


@pytest.mark.parametrize("text", ["9; conv k{3,x}", "9; {conv k3,con k3}", "{9; conv k3,ResNet-18#99}"])
def test_an_alternative_that_cannot_be_read_is_told_at_once(text: str) -> None:
    with pytest.raises(UserError, match=r"the member '.*' cannot be read: "):
        Request(space_of(text))


def test_a_package_that_is_missing_ends_the_search(monkeypatch: pytest.MonkeyPatch) -> None:
    def needy(text: object) -> None:
        raise ExtraError("models need PyTorch")

    monkeypatch.setattr(members, "design_of", needy)
    with pytest.raises(ExtraError):
        run(None)


def die_once(task: tuple[int, str]) -> int:
    number, folder = task
    marks = [path for path in Path(folder).iterdir() if path.name.startswith(f"{number}-")]
    if number == 3 and len(marks) < 2:
        (Path(folder) / f"{number}-{len(marks)}").touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def die(number: int) -> int:
    os.kill(os.getpid(), signal.SIGKILL)
    return number


def refuse(number: int) -> int:
    raise UserError(f"{number} is refused")


def test_the_task_of_a_process_that_is_killed_is_done_again(tmp_path: Path) -> None:
    lost: list[tuple[tuple[int, str], int]] = []
    tasks = [(number, str(tmp_path)) for number in range(6)]
    done = dict(spread(die_once, tasks, 2, attempts=3, lost=lambda task, attempt: lost.append((task, attempt))))
    assert done == {task: task[0] for task in tasks}
    assert lost == [(tasks[3], 1), (tasks[3], 2)]


def test_a_task_that_kills_every_process_ends_the_work() -> None:
    with pytest.raises(UserError, match="a process was ended from outside 2 times, for want of memory perhaps"):
        list(spread(die, [1, 2], 1, attempts=2))


def test_what_a_process_refuses_is_raised_here() -> None:
    with pytest.raises(UserError, match=r"[12] is refused"):
        list(spread(refuse, [1, 2], 2))
