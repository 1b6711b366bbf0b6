"""One line of the benchmark table, and how things are timed: in turns, so that all share the machine's moods."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter

HEADER = ("what", "against", "found", "target", "met")
_TURN = 0.02  # seconds


@dataclass(frozen=True, slots=True)
class Row:
    """One measurement; ``met`` is None where nothing is promised."""

    what: str
    against: str
    found: str
    target: str
    met: bool | None


def table(rows: Sequence[Row]) -> str:
    """The rows as a Markdown table.

    >>> print(table([Row("a", "b", "3 times faster", "2 times", True)]))
    | what | against | found | target | met |
    | --- | --- | --- | --- | --- |
    | a | b | 3 times faster | 2 times | yes |
    """
    told = {True: "yes", False: "no", None: ""}
    cells = [HEADER, ("---",) * len(HEADER)]
    cells += [(row.what, row.against, row.found, row.target, told[row.met]) for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in cells)


def fastest_ms(jobs: Sequence[Callable[[], object]], turns: int) -> list[float]:
    """The fastest run of each job in milliseconds: the one that other work on the machine disturbed least.

    The jobs take ``turns`` turns; in each, a job runs once, and short ones again until ``_TURN`` has passed.
    """
    best = [float("inf")] * len(jobs)
    for _ in range(turns):
        for index, job in enumerate(jobs):
            turn = perf_counter()
            while (begun := perf_counter()) < turn + _TURN:
                job()
                best[index] = min(best[index], 1000 * (perf_counter() - begun))
    return best


def digits(value: float) -> str:
    """A figure with two digits, or all before the point.

    >>> digits(0.387), digits(41.6), digits(1234.5)
    ('0.39', '42', '1,234')
    """
    return f"{value:,.0f}" if value >= 10 else f"{value:.2g}"
