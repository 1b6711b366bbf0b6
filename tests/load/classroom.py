"""A class without screens: a teacher who steps, and students whose tabs follow as browsers do.

A following page has a fragment that asks to be run again now and then; here, as in a browser, a timer does it.
"""

import asyncio
import re
from dataclasses import dataclass, field
from time import perf_counter
from urllib.parse import parse_qs

import numpy as np
from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from tests.load.client import Visitor

_PACE = 1.0  # seconds between two steps of the teacher
_PATIENCE = 60.0  # seconds until all must be in
_AGAIN = 0.5  # seconds after which a tab that lost its server asks again
_AFTER = 5.0  # seconds after the last step until all must have seen it
_DESIGN = re.compile(r"^`(.+)`$")  # how a screen that follows names the design


@dataclass(frozen=True, slots=True)
class ClassResult:
    """How long after each step of the teacher the students' screens showed it, or a later one."""

    p50_ms: float
    p95_ms: float
    worst_ms: float
    errors: int  # error boxes and exceptions, and screens that never came to the last step
    screens: int  # steps times students


@dataclass(slots=True)
class Student:
    """A tab that follows; ``cookie``: what the browser was given by a proxy, and sends with every request.

    A connection that ends is an error, unless the tab ``returns``: then it connects again, as a browser does.
    """

    url: str
    code: str
    cookie: str = ""
    returns: bool = False
    seen: list[tuple[float, str]] = field(default_factory=list)  # when which design was drawn to its end
    errors: list[str] = field(default_factory=list)
    _query: str = ""
    _page: str = ""  # the hash of the script that it shows
    _drawn: str = ""
    _timers: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    _asked: set[str] = field(default_factory=set)  # fragments that the run now in progress wants to be run again
    _socket: ClientConnection | None = None

    async def follow(self) -> None:
        """Joins and follows until it is cancelled."""
        self._query = f"room={self.code}"
        while True:
            try:
                await self._connected()
            except (OSError, WebSocketException):
                if not self.returns:
                    raise
            await asyncio.sleep(_AGAIN)

    async def _connected(self) -> None:
        address = f"ws{self.url.removeprefix('http')}/_stcore/stream"
        headers = {"Cookie": self.cookie} if self.cookie else {}
        async with connect(
            address,
            subprotocols=["streamlit"],  # type: ignore[list-item]
            max_size=None,
            proxy=None,
            additional_headers=headers,
        ) as socket:
            self._socket = socket
            first = BackMsg()
            first.rerun_script.query_string, first.rerun_script.page_name = self._query, "class"
            await socket.send(first.SerializeToString())
            try:
                while True:
                    data = await socket.recv()
                    message = ForwardMsg()
                    message.ParseFromString(data if isinstance(data, bytes) else data.encode())
                    self._take(message)
            finally:
                self._stop()

    def _take(self, message: ForwardMsg) -> None:
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self._page = message.new_session.page_script_hash
        elif kind == "page_info_changed":
            self._query = message.page_info_changed.query_string
        elif kind == "auto_rerun":
            self._start(message.auto_rerun.fragment_id, message.auto_rerun.interval)
        elif kind == "delta":
            self._look(message)
        elif kind == "script_finished" and message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
            for fragment in set(self._timers) - self._asked:
                self._timers.pop(fragment).cancel()
            self._asked = set()
            if self._drawn:
                self.seen.append((perf_counter(), self._drawn))
                self._drawn = ""

    def _look(self, message: ForwardMsg) -> None:
        element = message.delta.new_element
        if element.WhichOneof("type") == "exception":
            self.errors.append(element.exception.message)
        elif element.WhichOneof("type") == "alert" and element.alert.format == Alert.ERROR:
            self.errors.append(element.alert.body)
        elif element.WhichOneof("type") == "markdown" and (found := _DESIGN.match(element.markdown.body)):
            self._drawn = found[1]

    def _start(self, fragment: str, interval: float) -> None:
        if (old := self._timers.pop(fragment, None)) is not None:
            old.cancel()
        self._asked.add(fragment)
        self._timers[fragment] = asyncio.create_task(self._ask_again(fragment, interval))

    def _stop(self) -> None:
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()

    async def _ask_again(self, fragment: str, interval: float) -> None:
        while self._socket is not None:
            await asyncio.sleep(interval)
            message = BackMsg()
            again = message.rerun_script
            again.query_string, again.page_script_hash = self._query, self._page
            again.fragment_id, again.is_auto_rerun = fragment, True
            await self._socket.send(message.SerializeToString())


@dataclass(slots=True)
class Teacher(Visitor):
    """A tab that starts a class."""

    async def start(self) -> str:
        """Starts one and returns its code."""
        self.page = "class"
        await self.run()
        message = BackMsg()
        message.rerun_script.page_name = "class"
        state = message.rerun_script.widget_states.widgets.add()
        state.id, state.trigger_value = self.ids["_class_start"], True
        await self._connected.send(message.SerializeToString())
        async with asyncio.timeout(_PATIENCE):
            while True:
                data = await self._connected.recv()
                answer = ForwardMsg()
                answer.ParseFromString(data if isinstance(data, bytes) else data.encode())
                if answer.WhichOneof("type") == "page_info_changed":
                    self.query = answer.page_info_changed.query_string
                elif answer.WhichOneof("type") == "script_finished" and "teach" in self.query:
                    return parse_qs(self.query)["teach"][0]


def run_class(url: str, students: int = 30, seconds: int = 20) -> ClassResult:
    """Lets a class follow a teacher who changes the design once a second, each time to a new one."""
    return asyncio.run(_run(url, students, seconds))


async def _run(url: str, students: int, seconds: int) -> ClassResult:
    async with Teacher(url) as teacher:
        code = await teacher.start()
        tabs = [Student(url, code) for _ in range(students)]
        teacher.page = ""
        first = _design(0)
        await teacher.run(net=first) if "net" in teacher.ids else await _open(teacher, first)
        following = [asyncio.create_task(tab.follow()) for tab in tabs]
        try:
            await _until(lambda: all(tab.seen for tab in tabs), _PATIENCE)
            await asyncio.sleep(2)
            steps = []
            for step in range(1, seconds + 1):
                begun = perf_counter()
                steps.append((begun, _design(step)))
                run = await teacher.run(net=_design(step))
                assert not run.errors, run.errors
                await asyncio.sleep(max(0.0, _PACE - (perf_counter() - begun)))
            await _until(lambda: all(tab.seen[-1][1] == steps[-1][1] for tab in tabs), _AFTER)
        finally:
            for task in following:
                task.cancel()
            ended = await asyncio.gather(*following, return_exceptions=True)
    return _result(tabs, steps, sum(isinstance(end, Exception) for end in ended))


async def _open(teacher: Visitor, net: str) -> None:
    await teacher.run()
    await teacher.run(net=net)


def _design(step: int) -> str:
    return f"{11 + step % 9}x{11 + step}; conv k3 p1 x{2 + step % 5}"


async def _until(done: object, seconds: float) -> None:
    assert callable(done)
    until = perf_counter() + seconds
    while perf_counter() < until and not done():
        await asyncio.sleep(0.05)


def _result(tabs: list[Student], steps: list[tuple[float, str]], broken: int) -> ClassResult:
    order = {design: number for number, (_, design) in enumerate(steps)}
    lags, lost = [], broken
    for tab in tabs:
        for number, (begun, _) in enumerate(steps):
            when = [at for at, design in tab.seen if order.get(design, -1) >= number]
            lags += [1000 * (min(when) - begun)] if when else []
            lost += not when and number == len(steps) - 1
    errors = lost + sum(len(tab.errors) for tab in tabs)
    p50, p95 = np.percentile(lags, (50, 95)) if lags else (float("inf"), float("inf"))
    return ClassResult(float(p50), float(p95), max(lags, default=float("inf")), errors, len(tabs) * len(steps))
