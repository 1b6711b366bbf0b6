"""How many visitors one process serves well, and how many two behind a proxy, on the same machine."""

from collections.abc import Iterator

from tests.benchmarks.row import Row, digits
from tests.load.client import LoadResult, run_load
from tests.load.replicas import running_replicas

WELL = 500  # milliseconds that 95 % of the changes may take
_STEP = 10  # visitors more, each time
_MOST = 150
_SECONDS = 10


def rows() -> Iterator[Row]:
    """Visitors on mixed pages with one change a second each, as many as are served well."""
    with running_replicas(2) as replicas:
        one = replicas.apps[0].url
        for url in (one, replicas.apps[1].url):
            run_load(url, clients=8, seconds=3)  # each has loaded what it loads once
        alone, told = most(one)
        yield served("one process", "the clock", alone, told)
        yield served("two processes behind a proxy", f"one, {alone}", *most(replicas.url))


def most(url: str) -> tuple[int, LoadResult | None]:
    """The most visitors that are served well, and how well; none if not even the first few are."""
    best: tuple[int, LoadResult | None] = (0, None)
    for clients in range(_STEP, _MOST + 1, _STEP):
        result = run_load(url, clients=clients, seconds=_SECONDS)
        if result.errors or result.p95_ms > WELL:
            break
        best = clients, result
    return best


def served(by: str, against: str, clients: int, result: LoadResult | None) -> Row:
    """How many visitors are served, by one process or by two."""
    told = f", p50 {digits(result.p50_ms)} ms, p95 {digits(result.p95_ms)} ms" if result else ""
    return Row(f"visitors served with p95 ≤ 0.5 s by {by}", against, f"{clients}{told}", "none", None)
