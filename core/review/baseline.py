"""A baseline: the findings that are known and accepted, from an earlier answer of ``check``, as JSON or as SARIF.

A finding is identified by the canonical text of its design and by its code, as a check says at most one thing about a
design. It stays known while its severity is no worse. Layers, numbers and wording may change: a limit of a number is
what a budget is for.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..checks import SEVERITIES, Finding
from ..errors import UserError

DRIVER = "receptive-fields"  # how this program calls itself in SARIF


@dataclass(frozen=True, slots=True)
class Baseline:
    """The worst known severity, as its place in ``SEVERITIES``, by design and code."""

    worst: dict[tuple[str, str], int]

    def knows(self, design: str, finding: Finding) -> bool:
        """Whether the finding is there already, no less severe."""
        known = self.worst.get((design, finding.code))
        return known is not None and known <= SEVERITIES.index(finding.severity)


def read_baseline(path: Path) -> Baseline:
    """The findings of a file. Raises :class:`~.errors.UserError` where it is none of ``check``."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UserError(f"the baseline {path} cannot be read: {error.strerror}; write one with check --json") from error
    except (ValueError, RecursionError) as error:
        raise UserError(f"the baseline {path} is no JSON; write one with check --json or check --sarif") from error
    worst: dict[tuple[str, str], int] = {}
    try:
        for design, code, severity in _known(document):
            place = SEVERITIES.index(severity)
            worst[design, code] = min(place, worst.get((design, code), place))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UserError(
            f"the baseline {path} holds no findings of check; write one with check --json or check --sarif"
        ) from error
    return Baseline(worst)


def _known(document: Any) -> Iterator[tuple[str, str, Any]]:
    """Design, code and severity of every finding, whichever form they are written in."""
    if isinstance(document, dict) and "runs" in document:
        for run in document["runs"]:
            if run["tool"]["driver"]["name"] != DRIVER:
                raise ValueError(run["tool"]["driver"]["name"])
            for result in run["results"]:
                yield result["properties"]["design"], result["ruleId"], result["level"]
        return
    for answer in document if isinstance(document, list) else [document]:
        for finding in answer["findings"]:
            yield answer["design"], finding["code"], finding["severity"]
