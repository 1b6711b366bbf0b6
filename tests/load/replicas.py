"""Several processes of the app behind a real proxy, as ``compose.yaml`` has them, with a real database for classes."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Any, NamedTuple
from urllib.error import URLError

import yaml

from tests.class_room.postgresql import running_postgresql
from tests.load.server import ROOT, App, free_port, loopback, running_app

MISSING = "several processes are tested behind a proxy: install it with 'apt-get install nginx-light' (Debian)"
_DEBIAN = Path("/usr/sbin/nginx")
_READY_WITHIN = 20  # seconds


class Replicas(NamedTuple):
    """What runs, and the address that visitors open, without a slash at its end."""

    url: str
    apps: tuple[App, ...]
    database: str


@contextmanager
def running_replicas(count: int = 2) -> Iterator[Replicas]:
    """Starts a database, so many processes of the app, and the proxy before them; ends them all."""
    with ExitStack() as running:
        database = running.enter_context(running_postgresql())
        named = {"CLASSROOM_DATABASE": database, "STREAMLIT_SERVER_COOKIE_SECRET": 64 * "0"}
        shared = {**composed()["services"]["app"]["environment"], **named}
        apps = tuple(running.enter_context(running_app(environment=shared)) for _ in range(count))
        yield Replicas(running.enter_context(running_proxy([app.url for app in apps])), apps, database)


def connections(app: App) -> int:
    """How many tabs are connected to a process: the connections that are open at its port."""
    port = f":{int(app.url.rpartition(':')[2]):04X}"
    lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return sum(local.endswith(port) and state == "01" for _, local, _, state, *_ in lines)


def proxy_program() -> str:
    """The proxy that is installed."""
    if (found := shutil.which("nginx") or (str(_DEBIAN) if _DEBIAN.exists() else None)) is None:
        raise FileNotFoundError(MISSING)
    return found


@contextmanager
def running_proxy(urls: list[str]) -> Iterator[str]:
    """Starts nginx with the configuration of ``compose.yaml``, but for the names of machines, and gives its address."""
    port, program = free_port(), proxy_program()
    with tempfile.TemporaryDirectory(prefix="proxy-", dir="/tmp") as home:
        Path(home, "nginx.conf").write_text(_configuration(urls, port, home))
        with Path(home, "log").open("wb") as log:
            server = subprocess.Popen(
                [program, "-p", home, "-c", f"{home}/nginx.conf", "-e", f"{home}/errors", "-g", _alone()],
                stdout=log,
                stderr=log,
            )
        try:
            until = monotonic() + _READY_WITHIN
            while not _answers(f"http://127.0.0.1:{port}"):
                if monotonic() > until or server.poll() is not None:
                    raise RuntimeError(f"nginx did not start:\n{Path(home, 'log').read_text()}")
                sleep(0.05)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(10)


def composed() -> dict[str, Any]:
    """What ``compose.yaml`` says."""
    return dict(yaml.safe_load((ROOT / "compose.yaml").read_text()))


def _configuration(urls: list[str], port: int, home: str) -> str:
    """That of the file, on this machine: processes by their ports, and every file in ``home``."""
    text: str = composed()["configs"]["proxy"]["content"].replace("$$", "$")
    (named,) = (line for line in text.splitlines() if "server app:8501 resolve" in line)
    settings = named.strip().removeprefix("server app:8501 resolve")
    text = text.replace(named, "\n".join(f"server {url.removeprefix('http://')}{settings}" for url in urls))
    text = text.replace("resolver 127.0.0.11 valid=5s;", "").replace("listen 8501;", f"listen 127.0.0.1:{port};")
    kept = "".join(f"{name}_temp_path {home}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    return f"pid {home}/pid;\n" + text.replace("access_log off;", f"access_log off;{kept}")


def _alone() -> str:
    """Whoever runs the tests runs its processes too; root's would be another's, who may not read the folder."""
    return "daemon off;" + (" user root;" if os.geteuid() == 0 else "")


def _answers(url: str) -> bool:
    try:
        with loopback().open(f"{url}/_stcore/health", timeout=2) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False
