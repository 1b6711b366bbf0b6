"""What ``tests/benchmarks`` reports of a running app: milliseconds, threads and megabytes.

They are absolute, therefore of one machine; nothing here judges them.
"""

import asyncio
import os
from pathlib import Path
from time import sleep

from tests.load.browser import opened_browser, settle
from tests.load.client import Visitor
from tests.load.server import running_app

_SLOW = "48x48; conv k3 p1 x16"
_TINY = "9; conv k3"
_BUSY = 0.3  # share of the time that a computing thread is on the processor
_WATCHED = 1.0  # seconds
_KEPT_SESSIONS = 130  # Streamlit keeps up to 128 left sessions for two minutes, in case they come back

# Clicks a step button; answers, in milliseconds, how long the figure takes to be another one.
_CLICK = """([button, patience]) => new Promise((done, failed) => {
    const seen = () => document.querySelector(".rf-picture svg")?.innerHTML;
    const before = seen(), begun = performance.now();
    document.querySelector(button).click();
    const look = () => {
        const now = seen();
        if (now && now !== before) done(performance.now() - begun);
        else if (performance.now() - begun > patience) failed(new Error("the figure did not change"));
        else requestAnimationFrame(look);
    };
    look();
})"""


def click_to_figure(url: str, clicks: int = 40) -> list[float]:
    """Milliseconds from a click on the landing page's step buttons to the changed figure, in a real browser."""
    waits = []
    with opened_browser() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(url)
        page.wait_for_selector(".rf-picture svg")
        settle(page)
        for click in range(clicks):
            button = "_more" if click // 6 % 2 == 0 else "_less"
            waits.append(float(page.evaluate(_CLICK, [f".st-key-{button} button", 20_000])))
            settle(page)
    return waits


def empty_rerun_ms(url: str, runs: int = 30) -> list[float]:
    """Milliseconds of a rerun of the landing page that changes nothing, with PyTorch loaded in the server."""

    async def measured() -> list[float]:
        await _answer(url, "effective", _TINY)
        async with Visitor(url) as visitor:
            for _ in range(5):
                await visitor.run()
            return [(await visitor.run()).milliseconds for _ in range(runs)]

    return asyncio.run(measured())


def first_figure_ms(page: str, without: str = "") -> float:
    """Milliseconds from the first link to a fresh server to its figure; ``without``: a package it does not find."""

    async def measured(url: str) -> float:
        async with Visitor(url, page, f"net={_TINY}") as visitor:
            figure = (await visitor.run()).figure_milliseconds
            if figure is None:
                raise RuntimeError(f"/{page} shows no figure")
            return figure

    with running_app(without) as (url, *_):
        return asyncio.run(measured(url))


def leftover_threads(url: str, pid: int, changes: int = 10, after: float = 3.0) -> int:
    """Threads still computing ``after`` seconds since a visitor of the live model, who had changed a slow measurement
    ``changes`` times in a hurry, moved on to a tiny one; or, if those are more, since such a visitor closed the tab.
    """

    async def hurried(closing: bool) -> None:
        async with Visitor(url, "effective") as visitor:
            await visitor.run()
            for change in range(changes):
                await visitor.send(net=f"{_SLOW}; conv k1 x{change + 1}", samples=1024)
                await asyncio.sleep(0.2)
            if closing:
                return
            await visitor.run(net=_TINY, samples=4)
            await asyncio.sleep(after)
            counts.append(busy_threads(pid))

    counts: list[int] = []
    asyncio.run(hurried(closing=False))
    asyncio.run(hurried(closing=True))
    sleep(after)
    return max(*counts, busy_threads(pid))


def busy_threads(pid: int) -> int:
    """Threads of a process that use the processor now."""
    before = _ticks(pid)
    sleep(_WATCHED)
    enough = _BUSY * _WATCHED * os.sysconf("SC_CLK_TCK")
    return sum(ticks - before.get(thread, 0) >= enough for thread, ticks in _ticks(pid).items())


def memory_growth_mb(url: str, pid: int, sessions: int = 200) -> float:
    """Growth of the server's resident memory over visits of the three pages, each opened and closed.

    Before, so many were opened and closed that caches and Streamlit's store of left sessions are full.
    """
    asyncio.run(_visits(url, min(sessions, _KEPT_SESSIONS)))
    before = resident_mb(pid)
    asyncio.run(_visits(url, sessions))
    return resident_mb(pid) - before


def resident_mb(pid: int) -> float:
    """Resident memory of a process."""
    status = Path(f"/proc/{pid}/status").read_text()
    kilobytes = next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(kilobytes) / 1024


async def _visits(url: str, sessions: int) -> None:
    for number in range(sessions):
        page, net = ("", "field", "effective")[number % 3], f"{9 + number % 4}; conv k3 x2"
        await _answer(url, page, net)


async def _answer(url: str, page: str, net: str) -> None:
    """One visit; raises if the page tells of an error."""
    async with Visitor(url, page, f"net={net}&samples=4") as visitor:
        run = await visitor.run()
        if run.errors:
            raise RuntimeError(f"/{page}?net={net} tells {run.errors}")


def _ticks(pid: int) -> dict[str, int]:
    """Processor time of every thread, in clock ticks."""
    found = {}
    for task in Path(f"/proc/{pid}/task").iterdir():
        try:
            fields = (task / "stat").read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue  # it ended meanwhile
        found[task.name] = int(fields[11]) + int(fields[12])
    return found
