"""A browser tab without a screen: it speaks Streamlit's protocol, so that many of them fit one machine.

A rerun is a ``BackMsg.rerun_script`` on ``/_stcore/stream``; it has ended when ``script_finished`` comes back. Sizes
are those of the messages, before compression.
"""

import asyncio
import re
from dataclasses import dataclass, field
from time import perf_counter
from types import TracebackType
from typing import Any, Self

import numpy as np
from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

_PATIENCE = 60.0  # seconds until a rerun counts as failed
_PACE = 1.0  # seconds between two clicks of a visitor
MIXED = ("", "field", "check", "compare")  # pages that count; the others work in a queue, one visitor at a time
_FIGURES = ("plotly_chart", "bidi_component")
_KEYED = re.compile(r"\$\$ID-[0-9a-f]+-(.+)")


@dataclass(frozen=True, slots=True)
class Run:
    """What one rerun brought."""

    milliseconds: float
    figure_milliseconds: float | None  # until the first figure; None: there is none
    largest_message_bytes: int
    errors: tuple[str, ...]  # texts of exceptions and error boxes
    texts: tuple[str, ...]  # of markdown, headings and boxes: what a visitor can read


@dataclass(frozen=True, slots=True)
class LoadResult:
    """Latencies of all reruns together, and the failed ones."""

    p50_ms: float
    p95_ms: float
    errors: int
    largest_message_bytes: int
    runs: int


@dataclass(slots=True)
class Visitor:
    """One open tab on ``page`` of the app at ``url``; used as an asynchronous context."""

    url: str
    page: str = ""
    query: str = ""
    ids: dict[str, str] = field(default_factory=dict)  # of widgets, by their keys
    _socket: ClientConnection | None = None

    async def __aenter__(self) -> Self:
        address = f"ws{self.url.removeprefix('http')}/_stcore/stream"
        self._socket = await connect(address, subprotocols=["streamlit"], max_size=None, proxy=None)  # type: ignore[list-item]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._socket is not None:
            await self._socket.close()

    async def send(self, **widgets: str | int | bool) -> None:
        """Asks for a rerun in which widgets, named by their keys, hold new values; waits for nothing."""
        message = BackMsg()
        message.rerun_script.query_string = self.query
        message.rerun_script.page_name = self.page
        for key, value in widgets.items():
            state = message.rerun_script.widget_states.widgets.add()
            state.id = self.ids[key]
            kind = {str: "string_value", int: "int_value", bool: "bool_value"}[type(value)]
            setattr(state, kind, value)
        await self._connected.send(message.SerializeToString())

    async def run(self, **widgets: str | int | bool) -> Run:
        """Asks for a rerun and waits for its end."""
        begun, largest, errors, texts = perf_counter(), 0, list[str](), list[str]()
        figure: float | None = None
        await self.send(**widgets)
        async with asyncio.timeout(_PATIENCE):
            while True:
                data = await self._connected.recv()
                largest = max(largest, len(data))
                message = ForwardMsg()
                message.ParseFromString(data if isinstance(data, bytes) else data.encode())
                if message.WhichOneof("type") == "delta":
                    self._note(message, errors, texts)
                    if figure is None and message.delta.new_element.WhichOneof("type") in _FIGURES:
                        figure = 1000 * (perf_counter() - begun)
                elif message.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                    continue
                elif message.WhichOneof("type") == "script_finished":
                    if message.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
                        errors.append("the script does not compile")
                    return Run(1000 * (perf_counter() - begun), figure, largest, tuple(errors), tuple(texts))

    @property
    def _connected(self) -> ClientConnection:
        if self._socket is None:
            raise AssertionError("a visitor is used as a context")
        return self._socket

    def _note(self, message: ForwardMsg, errors: list[str], texts: list[str]) -> None:
        element = message.delta.new_element
        kind = element.WhichOneof("type")
        content: Any = getattr(element, kind) if kind else None
        if kind == "exception":
            errors.append(content.message)
        elif kind == "alert" and content.format == Alert.ERROR:
            errors.append(content.body)
        if kind in ("markdown", "heading", "alert"):
            texts.append(content.body)
        if match := _KEYED.fullmatch(getattr(content, "id", "") or ""):
            self.ids[match.group(1)] = content.id


def run_load(url: str, clients: int = 30, seconds: float = 20) -> LoadResult:
    """Lets ``clients`` visitors, spread over ``MIXED`` pages, change the design about once a second, each time to a new
    one, and each at a moment of the second of its own: those who waited together do not click together.
    """
    return asyncio.run(_load(url, clients, seconds))


async def _load(url: str, clients: int, seconds: float) -> LoadResult:
    visits = await asyncio.gather(*(_clicking(url, number, clients, seconds) for number in range(clients)))
    runs = [run for found, _ in visits for run in found]
    failed = sum(lost for _, lost in visits) + sum(bool(run.errors) for run in runs)
    p50, p95 = np.percentile([run.milliseconds for run in runs], (50, 95)) if runs else (float("inf"), float("inf"))
    return LoadResult(
        float(p50), float(p95), failed, max((run.largest_message_bytes for run in runs), default=0), len(runs)
    )


async def _clicking(url: str, number: int, clients: int, seconds: float) -> tuple[list[Run], int]:
    """The runs of one visitor, the first (which opens the page) left out, and how many never ended."""
    runs: list[Run] = []
    await asyncio.sleep(_PACE * number / clients)
    try:
        async with Visitor(url, MIXED[number % len(MIXED)]) as visitor:
            await visitor.run()
            until = perf_counter() + seconds
            while perf_counter() < until:
                await asyncio.sleep((number / clients - perf_counter() / _PACE) % 1 * _PACE)
                runs.append(await visitor.run(net=f"{9 + number}x{9 + len(runs)}; conv k3 p1 x{2 + number % 5}"))
    except (TimeoutError, OSError, WebSocketException):
        return runs, 1
    return runs, 0
