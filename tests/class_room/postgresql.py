"""A PostgreSQL server of the tests' own: in a temporary folder, behind a socket in it, ended with them."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from signal import SIGINT
from time import monotonic, sleep

MISSING = "classes are tested on PostgreSQL too: install its server with 'apt-get install postgresql' (Debian)"
_DEBIAN = Path("/usr/lib/postgresql")
_READY_WITHIN = 60  # seconds
_OPTIONS = ("listen_addresses=", "fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=16MB")


@contextmanager
def running_postgresql() -> Iterator[str]:
    """Starts a server and gives the address of its database, as SQLAlchemy writes it."""
    folder, user = programs(), _user()
    with tempfile.TemporaryDirectory(prefix="rooms-", dir="/tmp") as home:  # a socket's path must be short
        if user is not None:
            shutil.chown(home, user)
        data, log = Path(home, "data"), Path(home, "log")
        made = ["--auth=trust", "--username=rooms", "--encoding=UTF8", "--no-sync", "--no-instructions"]
        subprocess.run(
            [folder / "initdb", "-D", data, *made], check=True, capture_output=True, user=user, cwd=home, env={}
        )
        flags = [part for option in _OPTIONS for part in ("-c", option)]
        with log.open("wb") as out:
            server = subprocess.Popen(
                [folder / "postgres", "-D", data, "-k", home, *flags],
                stdout=out, stderr=out, user=user, cwd=home, env={},
            )  # fmt: skip
        try:
            _wait_until_ready(server, folder, home, log)
            yield f"postgresql+psycopg://rooms@/postgres?host={home}"
        finally:
            server.send_signal(SIGINT)  # it waits for no client then
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def programs() -> Path:
    """The folder of the newest server that is installed."""
    folders = [Path(found).resolve().parent] if (found := shutil.which("postgres")) else []
    folders += sorted(_DEBIAN.glob("*/bin"), key=lambda folder: -float(folder.parent.name))
    for folder in folders:
        if all((folder / name).exists() for name in ("initdb", "postgres", "pg_isready")):
            return folder
    raise FileNotFoundError(MISSING)


def _user() -> str | None:
    """Who runs the server, which refuses to be run by root; None: whoever runs the tests."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _wait_until_ready(server: subprocess.Popen[bytes], folder: Path, home: str, log: Path) -> None:
    until = monotonic() + _READY_WITHIN
    asked = [folder / "pg_isready", "-q", "-h", home, "-d", "postgres"]
    while monotonic() < until and server.poll() is None:
        if subprocess.run(asked, check=False).returncode == 0:
            return
        sleep(0.05)
    raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text(errors='replace')[-4000:]}")
