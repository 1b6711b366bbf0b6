"""Reviews as SARIF 2.1.0, which code hosts show beside the lines of a change.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/sarif-v2.1.0-os.html
"""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from ..checks import CHECKS, CODES, Finding
from ..formatting import format_measure
from ..search.quantities import QUANTITIES
from .baseline import DRIVER
from .budgets import PREFIX, is_least
from .review import Review

Json = dict[str, Any]
SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_NO_PROMISE = "A finding states geometry and promises no accuracy."


def sarif(reviews: Sequence[Review], folder: Path, compared: bool) -> Json:
    """One run with a result for every finding.

    Files below ``folder`` are named from there. ``compared``: whether there was a baseline, so that each result says
    if it is new.
    """
    rules = [*(_rule(code) for code in CODES), *(_budget_rule(name) for name in QUANTITIES)]
    places = {rule["id"]: place for place, rule in enumerate(rules)}
    results = []
    for review in reviews:
        for finding in review.findings:
            result = {**_result(review, finding, folder), "ruleIndex": places[finding.code]}
            if compared:
                result["baselineState"] = "new" if finding in review.new else "unchanged"
            results.append(result)
    run = {"tool": {"driver": {"name": DRIVER, "rules": rules}}, "columnKind": "unicodeCodePoints", "results": results}
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(code: str) -> Json:
    check = CHECKS[code]
    return {
        "id": code,
        "shortDescription": {"text": check.title},
        "fullDescription": {"text": _sentence(check.why)},
        "help": {"text": f"{check.title}. {_sentence(check.why)} See {check.reference}. {_NO_PROMISE}"},
    }


def _budget_rule(name: str) -> Json:
    way = "least" if is_least(name) else "most"
    text = f"The project's own budget says how much {name} may be at {way}. It is: {QUANTITIES[name].meaning}."
    return {
        "id": f"{PREFIX}{name}",
        "shortDescription": {"text": f"The budget of {name} is not kept"},
        "fullDescription": {"text": text},
        "help": {"text": text},
    }


def _result(review: Review, finding: Finding, folder: Path) -> Json:
    identity = hashlib.sha256(f"{review.design}\n{finding.code}".encode()).hexdigest()
    return {
        "ruleId": finding.code,
        "level": finding.severity,
        "message": {"text": _message(review, finding)},
        "locations": [_location(review, finding, folder)],
        "partialFingerprints": {"designAndCode/v1": identity},
        "properties": {"design": review.design, "layer": finding.layer, "number": finding.number},
    }


def _message(review: Review, finding: Finding) -> str:
    text = f"{finding.title} in {review.design}: {_sentence(finding.message, False)}"
    if fix := finding.fix:
        text += f" Measured fix: {fix.words}; {fix.measure} {format_measure(fix.before)} → {format_measure(fix.after)}"
        text += f", {fix.price}."
    return text


def _location(review: Review, finding: Finding, folder: Path) -> Json:
    """The line that builds the layer, or else lists the design; the layer's name, and the design's, always."""
    whole = " ".join(filter(None, (review.design, finding.layer)))
    logical = {"fullyQualifiedName": whole, "name": finding.layer or review.design}
    place = review.analysis.design.place(finding.node) or review.listed
    if place is None:
        return {"logicalLocations": [logical]}
    path, line = Path(place[0]), place[1]
    if path.is_relative_to(folder):
        file = {"uri": quote(path.relative_to(folder).as_posix()), "uriBaseId": "%SRCROOT%"}
    else:
        file = {"uri": path.as_uri()}
    return {
        "physicalLocation": {"artifactLocation": file, "region": {"startLine": line}},
        "logicalLocations": [logical],
    }


def _sentence(text: str, capital: bool = True) -> str:
    first = text[:1].upper() if capital else text[:1]
    return f"{first}{text[1:]}{'' if text.endswith('.') else '.'}"
