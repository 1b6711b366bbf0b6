"""What a server tells of its work: one line of JSON for each event, where the environment has ``LOG_FORMAT=json``.

A line has ``time``, ``level``, ``event`` and numbers. Nothing that a visitor typed, pasted or uploaded is in it, nor
who it was: of an error it holds the kind and the places in the code, and not its text; of what other packages tell,
the place alone, as their texts may hold anything.
"""

import json
import logging
import os
from datetime import UTC, datetime
from pathlib import Path
from traceback import extract_tb
from typing import Any

_OURS = logging.getLogger("receptive_fields")
_PLACES = 4  # of an error, the innermost


def begin() -> None:
    """Has every logger of this process write such lines from now on, if they are wanted."""
    if os.environ.get("LOG_FORMAT") != "json" or logging.getLogRecordFactory() is Line:
        return
    logging.setLogRecordFactory(Line)
    _OURS.setLevel(logging.INFO)
    _OURS.propagate = False
    _OURS.addHandler(logging.StreamHandler())
    note("started", process=os.getpid())


def note(event: str, **numbers: float) -> None:
    """Tells of an event, with numbers alone."""
    _OURS.info(event, extra={"numbers": {name: round(number, 3) for name, number in numbers.items()}})


class Line(logging.LogRecord):
    """A record whose message is the line; a format of ``%(message)s`` prints it and nothing else."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._error = self.exc_info[1] if self.exc_info else None
        self.exc_info = None  # else its text would follow the line

    def getMessage(self) -> str:  # noqa: N802 (the name is that of the standard library)
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(self.created, UTC).isoformat(timespec="milliseconds"),
            "level": self.levelname.lower(),
        }
        if self.name == _OURS.name:
            line |= {"event": self.msg, **getattr(self, "numbers", {})}
        else:
            line |= {"event": "told", "by": self.name, "at": _place(self.pathname, self.lineno)}
        if self._error is not None:
            frames = extract_tb(self._error.__traceback__)[-_PLACES:]
            line["error"] = type(self._error).__name__
            line["places"] = [_place(frame.filename, frame.lineno or 0) for frame in frames]
        return json.dumps(line)


def _place(path: str, line: int) -> str:
    """A line of code, with the folder of its file."""
    return f"{'/'.join(Path(path).parts[-2:])}:{line}"
