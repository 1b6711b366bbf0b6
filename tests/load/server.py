"""The app as visitors meet it: started from the repository on a free loopback port, ended by its process id."""

import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import NamedTuple
from urllib.error import URLError
from urllib.request import OpenerDirector, ProxyHandler, build_opener

ROOT = Path(__file__).parents[2]
_HEALTHY_WITHIN = 90  # seconds
_ENDED_WITHIN = 10


class App(NamedTuple):
    """A running server; no page of it has been opened yet."""

    url: str  # without a slash at its end
    pid: int
    log: Path  # what it printed


@contextmanager
def running_app(
    without: str = "", port: int | None = None, environment: Mapping[str, str] | None = None
) -> Iterator[App]:
    """Starts the app with a home of its own, waits until it is healthy, and ends it.

    ``without``: a package that it does not find, though it is installed. ``port``: one that is free, any by default.
    ``environment``: more than this process has.
    """
    port = port or free_port()
    url = f"http://127.0.0.1:{port}"
    options = {"headless": "true", "port": str(port), "address": "127.0.0.1"}
    flags = [part for name, value in options.items() for part in (f"--server.{name}", value)]
    with tempfile.TemporaryDirectory(prefix="app-home-") as home:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("STREAMLIT_")}
        log = Path(home, "server.log")
        if without:
            Path(home, f"{without}.py").write_text(f"raise ModuleNotFoundError('hidden', name={without!r})\n")
            kept["PYTHONPATH"] = home
        with log.open("wb") as out:
            server = subprocess.Popen(
                [sys.executable, "-m", "streamlit", "run", "app.py", *flags],
                cwd=ROOT,
                env={**kept, "HOME": home, **(environment or {})},
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        try:
            _wait_until_healthy(url, server, log)
            yield App(url, server.pid, log)
        finally:
            server.terminate()
            try:
                server.wait(_ENDED_WITHIN)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def free_port() -> int:
    """A port of this machine that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def loopback() -> OpenerDirector:
    """Opens addresses of this machine, whatever proxy others are reached through."""
    return build_opener(ProxyHandler({}))


def _wait_until_healthy(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    opener = loopback()
    until = monotonic() + _HEALTHY_WITHIN
    while monotonic() < until and server.poll() is None:
        try:
            with opener.open(f"{url}/_stcore/health", timeout=2) as answer:
                if answer.status == 200:
                    return
        except (URLError, OSError):
            sleep(0.1)
    raise RuntimeError(f"the app did not start at {url}:\n{log.read_text(errors='replace')[-4000:]}")
