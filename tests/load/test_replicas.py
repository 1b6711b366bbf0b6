"""Several processes behind one address: a class across them loses nothing when one of them is gone."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from signal import SIGKILL
from urllib.request import Request

import pytest
from sqlalchemy import NullPool, create_engine, func, select

from pages.class_room.tables import seats
from tests.load.classroom import Student, Teacher
from tests.load.replicas import MISSING, Replicas, composed, connections, proxy_program, running_replicas
from tests.load.server import loopback

STUDENTS = 8


@pytest.fixture(scope="module")
def replicas() -> Iterator[Replicas]:
    with running_replicas() as running:
        yield running


def test_a_browser_stays_with_one_process_by_a_cookie_that_names_nobody(replicas: Replicas) -> None:
    given = [cookie(replicas) for _ in range(3)]
    assert len(set(given)) == 3
    assert all("HttpOnly" in text and "SameSite=Lax" in text for text in given)
    kept = given[0].partition(";")[0]
    assert cookie(replicas, kept).partition(";")[0] == kept


def cookie(replicas: Replicas, kept: str = "") -> str:
    request = Request(f"{replicas.url}/_stcore/health", headers={"Cookie": kept} if kept else {})
    with loopback().open(request, timeout=10) as answer:
        (given,) = (text for text in answer.headers.get_all("Set-Cookie", []) if text.startswith("replica="))
        return str(given)


def test_every_process_is_ready_and_tells_of_its_work_in_lines(replicas: Replicas) -> None:
    ready = composed()["services"]["app"]["healthcheck"]["test"][3]
    for app in replicas.apps:
        subprocess.run([sys.executable, "-c", ready.replace("http://127.0.0.1:8501", app.url)], check=True, timeout=60)
        told = [json.loads(line)["event"] for line in app.log.read_text().splitlines()]
        assert told[:1] == ["started"]


def test_a_class_across_two_processes_goes_on_when_one_is_ended(replicas: Replicas) -> None:
    tabs = asyncio.run(given_class(replicas))
    assert [tab.errors for tab in tabs] == [[]] * STUDENTS
    assert {tab.seen[-1][1] for tab in tabs} == {"15x15; conv k3 p1 x4"}
    with create_engine(replicas.database, poolclass=NullPool).connect() as db:
        assert db.execute(select(func.count()).select_from(seats)).scalar() == STUDENTS  # nobody sat down twice


async def given_class(replicas: Replicas) -> list[Student]:
    """A teacher steps; in the middle, the process is ended in which the teacher's tab is not."""
    async with Teacher(replicas.url) as teacher:
        code = await teacher.start()
        (own,) = (app for app in replicas.apps if connections(app))
        tabs = [Student(replicas.url, code, f"replica=student{number}", returns=True) for number in range(STUDENTS)]
        teacher.page = ""
        await teacher.run()
        await teacher.run(net="9x9; conv k3 p1 x2")
        following = [asyncio.create_task(tab.follow()) for tab in tabs]
        try:
            await shown(tabs, "9x9; conv k3 p1 x2")
            (other,) = (app for app in replicas.apps if app is not own)
            assert connections(other)  # students are in both
            assert connections(own) > 1
            os.kill(other.pid, SIGKILL)
            await teacher.run(net="15x15; conv k3 p1 x4")
            await shown(tabs, "15x15; conv k3 p1 x4")
        finally:
            for task in following:
                task.cancel()
            await asyncio.gather(*following, return_exceptions=True)
    return tabs


async def shown(tabs: list[Student], design: str) -> None:
    async with asyncio.timeout(60):
        while not all(tab.seen and tab.seen[-1][1] == design for tab in tabs):
            await asyncio.sleep(0.05)


def test_a_machine_without_the_proxy_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.load.replicas.shutil.which", lambda name: None)
    monkeypatch.setattr("tests.load.replicas.Path.exists", lambda path: False)
    with pytest.raises(FileNotFoundError) as refused:
        proxy_program()
    assert str(refused.value) == MISSING
