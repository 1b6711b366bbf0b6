"""Findings as the JSON of the command line and of whatever reads it: plain dicts, lists, numbers and text."""

from ..formatting import measure_number
from ..network.graph import size_text
from .finding import Finding, Fix

Json = dict[str, object]


def as_json(finding: Finding) -> Json:
    """A finding as a dict; ``fix`` is None where no fix did better.

    >>> fix = as_json(check(design_of("64; conv k1 s2"))[0])["fix"]
    >>> fix["network"], fix["before"], fix["after"]
    ('64; conv k1', 0.5, 0.0)
    """
    return {
        "code": finding.code,
        "severity": finding.severity,
        "layer": finding.layer,
        "message": finding.message,
        "why": finding.why,
        "reference": finding.reference,
        "title": finding.title,
        "number": finding.number,
        "fix": None if finding.fix is None else fix_json(finding.fix),
        "others": [fix_json(fix) for fix in finding.others],
    }


def fix_json(fix: Fix) -> Json:
    """A fix: its ``network`` where it is a typed one, and always its ``design``, its ``input`` size and its cost.

    A cost is a pair, before and after.
    """
    network = fix.design.network
    return {
        "words": fix.words,
        **({} if network is None else {"network": str(network)}),
        "input": size_text(fix.design.graph.input.size),
        "measure": fix.measure,
        "before": measure_number(fix.before),
        "after": measure_number(fix.after),
        "design": str(fix.design.text),
        "multiply_adds": [fix.cost_before.multiply_adds, fix.cost.multiply_adds],
        "parameters": [fix.cost_before.parameters, fix.cost.parameters],
        "pixels": list(fix.pixels),
    }
