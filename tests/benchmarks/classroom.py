"""What a class waits for: how long after each step of its teacher the students' screens show it."""

from collections.abc import Iterator

from tests.benchmarks.row import Row, digits
from tests.load.classroom import ClassResult, run_class
from tests.load.measures import empty_rerun_ms, resident_mb
from tests.load.server import running_app

CLASSES = {30: 1000, 60: 1500}  # students, and the milliseconds within which 95 % of their screens follow
SECONDS = 20
_BEFORE = 2  # classes until Streamlit's store of left sessions is full


def rows() -> Iterator[Row]:
    """Every promise about classes; each class has a server of its own, so that none inherits another's load."""
    for students, target in CLASSES.items():
        with running_app() as (url, pid, _):
            empty_rerun_ms(url, 1)  # loads PyTorch, which a class need not wait for
            for _ in range(_BEFORE):
                run_class(url, students, 2)
            yield following(run_class(url, students, SECONDS), students, target)
            before = resident_mb(pid)
            again = run_class(url, students, SECONDS)
            yield memory(resident_mb(pid) - before, students, again.errors)


def following(result: ClassResult, students: int, target: float) -> Row:
    """A class that follows; ``target``: milliseconds."""
    return Row(
        f"a class of {students} follows a teacher who steps once a second: from the step to each screen",
        f"the clock, {result.screens:,} screens",
        f"p50 {digits(result.p50_ms)} ms, p95 {digits(result.p95_ms)} ms, {result.errors} errors",
        f"p95 ≤ {target:,g} ms, 0 errors",
        bool(result.p95_ms <= target and not result.errors),
    )


def memory(growth: float, students: int, errors: int) -> Row:
    """Whether a class leaves something behind."""
    return Row(
        f"memory of the server after another class of {students}",
        "before it",
        f"{growth:+.0f} MB, {errors} errors",
        "< 50 MB, 0 errors",
        growth < 50 and not errors,
    )
