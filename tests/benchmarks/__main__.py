"""Prints the benchmark table: ``python -m tests.benchmarks [PART …]``. Exit status 1: a target is missed."""

import argparse
import importlib
import os
import platform
import sys
from collections.abc import Sequence
from importlib.metadata import version

from tests.benchmarks.row import Row, table

PARTS = ("counting", "searching", "zoo", "expected", "training", "app", "classroom", "replicas")


def main(argv: Sequence[str] | None = None) -> int:
    """Measures the chosen parts, all unless told otherwise."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", help=f"of {', '.join(PARTS)}; default: all")
    chosen = parser.parse_args(argv).parts or PARTS
    if unknown := set(chosen) - set(PARTS):
        parser.error(f"there is no part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    found: list[Row] = []
    for part in chosen:
        for row in importlib.import_module(f"tests.benchmarks.{part}").rows():
            print(f"{row.what}: {row.found}", file=sys.stderr, flush=True)
            found.append(row)
    print(table(found))
    print(f"\n{machine()}")
    return status(found)


def machine() -> str:
    """What the figures were measured on."""
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    names = [f"{name} {version(name)}" for name in ("torch", "streamlit")]
    return f"{processors} processors ({platform.machine()}), Python {platform.python_version()}, {', '.join(names)}."


def status(rows: Sequence[Row]) -> int:
    """0 where every promise is kept, else 1."""
    return int(any(row.met is False for row in rows))


if __name__ == "__main__":
    sys.exit(main())
