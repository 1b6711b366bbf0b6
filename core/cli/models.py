"""Models as a command is given them: where they come from, their input, and which stage is the output."""

import difflib
import json
from dataclasses import replace

from ..design.traced import TracedDesign
from ..errors import UserError
from ..live.sources.model import Model, parsed_size
from ..live.sources.own import own_model
from ..live.sources.sequential import sequential
from ..live.sources.zoo import zoo_model
from ..live.trace import OUTPUT, Gap
from ..network.graph import size_text
from .table import columns


def design(text: str, kind: str, size: str | None) -> TracedDesign:
    """The traced model of a text: of the ``zoo``, ``own`` code or ``pasted``; ``size`` is what ``--input`` says."""
    found = TracedDesign(_model(text, kind, size))
    _ = found.traced
    return found


def at_stage(found: TracedDesign, stage: str | None, exact: bool) -> TracedDesign:
    """Up to ``stage``, or to the model's own where it is None; if ``exact``, refused where that depends on a gap."""
    if stage is not None:
        _refuse_unknown(found, stage)
    chosen = found.stage if stage is None else stage
    if not isinstance(gap := found.traced.stages[chosen], Gap):
        return found.up_to(chosen)
    if not exact:
        return TracedDesign(replace(found.model, stage=chosen))
    before = [name for name in found.stages() if "." not in name] or found.stages()
    hint = f"; --stage {before[-1]} ends before it" if before else ""
    raise UserError(f"nothing exact can be said of {chosen!r} of {found.name}, it depends on {gap}{hint}")


def listed(found: TracedDesign, as_json: bool) -> str:
    """All stages in the order in which they end, with their maps or what is in the way."""
    rows = [["stage", "map", "channels", ""]]
    documents = []
    for name, end in found.traced.stages.items():
        gap, node = (end, None) if isinstance(end, Gap) else (None, found.traced.nodes[end])
        document = {"stage": name, "output": node and node.size, "channels": node and node.channels}
        documents.append(document | {"gap": gap and str(gap)})
        remark = f"depends on {gap}" if gap else "the default" if name == found.stage else ""
        rows.append([name, size_text(node.size) if node else "-", str(node.channels) if node else "-", remark])
    return json.dumps({"model": found.name, "stages": documents}) if as_json else "\n".join(columns(rows, "<<><"))


def _model(text: str, kind: str, size: str | None) -> Model:
    given = None if size is None else parsed_size(size)
    if kind == "zoo":
        model = zoo_model(text)
        return model if given is None else model.at_input(given)
    if given is None:
        what = "a pasted network" if kind == "pasted" else text
        raise UserError(f"{what} does not tell its input; give it, channels first, as in --input 3x96x96")
    return sequential(text, given) if kind == "pasted" else own_model(text, given)


def _refuse_unknown(found: TracedDesign, stage: str) -> None:
    if stage in found.traced.stages:
        return
    near = difflib.get_close_matches(stage, found.traced.stages, 3, cutoff=0.5)
    likely = near or [*(name for name in found.stages() if "." not in name), OUTPUT]
    raise UserError(
        f"{found.name} has no stage {stage!r}; {'the nearest are' if near else 'it has'} "
        f"{', '.join(likely)} (--stage list shows all)"
    )
