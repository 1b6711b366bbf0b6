"""What a coding assistant may ask, as tools: each answers with a short text and a document of the commands' keys.

Nothing is written, and without leave no code of the user is run and no file is read.
"""

from argparse import Namespace
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ..checks import Finding, as_json
from ..design.analysis import DesignAnalysis
from ..design.stream_text import StreamText, sample_rate
from ..design.text import DesignText, parse
from ..errors import TextError, UserError
from ..formatting import all_digits, counted_noun, format_count, format_measure, measure_number, scientific
from ..network.axes import AXES
from ..network.graph import size_text
from ..network.limits import MAX_SEED, MAX_SIDE
from ..program import loaded
from ..review import parsed_budgets, reviewed
from ..review.budgets import budget_json
from ..search.questions import USUAL, question_of
from ..search.request import Request
from ..search.space import space_of
from . import search, stream, tile
from .designs import DesignArgument, design_argument, prints_aside
from .field import rows_of

_EXAMPLES = {"design": "ResNet-50", "space": "32x32; conv k{3,5} s2 x{1..3}"}

Json = dict[str, Any]
Answer = tuple[str, Json]

_WITHOUT_CODE = ("typed", "preset", "zoo", "pasted")  # kinds of designs that run no code of the user and read no file
_MEMBERS = 1000  # of a space, which are counted while the assistant waits
_BEST = 5  # of a front that the short text tells
_DIGITS = 60  # of a count that is told whole
_TYPES: dict[str, tuple[type, ...]] = {"string": (str,), "integer": (int,), "boolean": (bool,), "array": (list,)}
_POSITION = {"type": "array", "items": {"type": "integer"}}
_DESIGN = (
    "a network, preset, model or layers of PyTorch: '32x32; conv k3 s2 p1 x3', 'ResNet-50', "
    "'timm:resnet18@256#layer3', 'nn.Sequential(nn.Conv2d(3, 8, 3))@3x96x96'; "
    "remedies follow after +, as in 'ResNet-18+kernel-padding'"
)


@dataclass(frozen=True, slots=True)
class Tool:
    """``properties``: what it takes, each as JSON Schema with a description; all but the first may be left out."""

    title: str
    description: str
    answer: Callable[[Mapping[str, Any], bool], Answer]  # of the arguments, and of whether own code may be run
    properties: dict[str, Json]

    @property
    def first(self) -> str:
        """What it is asked about: a design, or a space of them."""
        return next(iter(self.properties))

    @property
    def input_schema(self) -> Json:
        """What it takes, as JSON Schema."""
        return {
            "type": "object",
            "properties": self.properties,
            "required": [self.first],
            "additionalProperties": False,
        }


def _about_a_design(
    title: str,
    description: str,
    answer: Callable[[DesignArgument, Mapping[str, Any]], Answer],
    properties: dict[str, Json],
) -> Tool:
    """A tool that is asked about one design, which it opens."""

    def opened(arguments: Mapping[str, Any], allow_code: bool) -> Answer:
        text = parse(arguments["design"])
        _refuse_code(text, allow_code)
        asked = Namespace(design=str(text), input=None, stage=None, gates=arguments.get("gates", False))
        subject = design_argument(asked)
        with prints_aside():
            return answer(subject, arguments)

    design = {"type": "string", "description": _DESIGN}
    gates = {"type": "boolean", "description": "read what passes through gates too"}
    return Tool(title, description, opened, {"design": design, **properties, "gates": gates})


def answered(name: str, arguments: Mapping[str, Any], allow_code: bool = False) -> Answer:
    """The answer of a tool. Raises :class:`~.errors.UserError` for whatever cannot be answered.

    >>> answered("paths", {"design": "15x15; conv k3 p1 x4"})[1]["centre"]
    '6561'
    """
    if name not in TOOLS:
        raise UserError(f"there is no tool {name!r}; there are {', '.join(TOOLS)}")
    _refuse_other_arguments(name, arguments)
    return TOOLS[name].answer(arguments, allow_code)


def _refuse_code(text: DesignText, allow_code: bool) -> None:
    if text.kind not in _WITHOUT_CODE and not allow_code:
        raise UserError(f"{text.base} would run code or read a file; start the server with --allow-code")


def _refuse_other_arguments(name: str, arguments: Mapping[str, Any]) -> None:
    schema, first = TOOLS[name].properties, TOOLS[name].first
    if first not in arguments:
        raise UserError(f"{name} needs a {first}, as in {_EXAMPLES[first]}")
    for key, value in arguments.items():
        if key not in schema:
            raise UserError(f"{name} takes no {key!r}; it takes {', '.join(schema)}")
        kind = schema[key]["type"]
        if not isinstance(value, _TYPES[kind]) or (kind != "boolean" and isinstance(value, bool)):
            raise UserError(f"{key} of {name} is {value!r}; give {'an' if kind[0] in 'ai' else 'a'} {kind}")
        if kind == "array" and not all(type(part) is int for part in arguments[key]):
            raise UserError(f"{key} of {name} is {value!r}; give whole numbers, one per axis")


def _paths(subject: DesignArgument, arguments: Mapping[str, Any]) -> Answer:
    analysis = subject.analysis
    unit = tuple(arguments["unit"]) if "unit" in arguments else None
    counts, measures = analysis.path_counts(unit), analysis.measures(unit)
    corner, centre = counts.at((0,) * len(counts.size)), counts.at(tuple(side // 2 for side in counts.size))
    document: Json = {
        "input": list(analysis.graph.input.size),
        "output": list(analysis.graph.output.size),
        "unit": unit,
        "total": _digits(counts.total()),
        "corner": _digits(corner),
        "centre": _digits(centre),
        "imbalance": {name: measure_number(measure) for name, measure in measures.items()},
    }
    if "pixel" in arguments:
        document["at_pixel"] = _digits(counts.at(_pixel(arguments["pixel"], counts.size)))
    goal = "all outputs" if unit is None else f"unit {','.join(map(str, unit))}"
    told = ", ".join(f"{name} {format_measure(measures[name])}" for name in ("corner_centre", "parity", "gini"))
    ends = f"{format_count(corner)} paths lead from the first corner to {goal}, {format_count(centre)} from the centre"
    return f"{ends}; {told}", _headed(subject, document)


def _pixel(position: list[int], size: tuple[int, ...]) -> tuple[int, ...]:
    if len(position) != len(size) or not all(0 <= at < side for at, side in zip(position, size, strict=True)):
        raise UserError(f"there is no pixel {','.join(map(str, position))} in an input of {size_text(size)}")
    return tuple(position)


def _field(subject: DesignArgument, arguments: Mapping[str, Any]) -> Answer:
    analysis = subject.analysis
    rows = [row.document for row in rows_of(analysis)]
    effective = analysis.effective_size
    document = {
        "input": list(analysis.graph.input.size),
        "unit": list(analysis.unit),
        "field": list(analysis.unit_field),
        "expected_field": effective and list(effective),
        "stride": rows[-1]["stride"] if rows else [1] * len(analysis.unit),
        "layers": rows if arguments.get("layers") else [],
    }
    seen = f"the unit in the middle of the output sees {size_text(analysis.unit_field)} pixels"
    text = seen + (f"; {size_text(effective)} of them hold 95 % of its paths" if effective else "")
    return text, _headed(subject, document)


def _check(subject: DesignArgument, arguments: Mapping[str, Any]) -> Answer:
    size = arguments.get("object")
    if size is not None and not 1 <= size <= MAX_SIDE:
        raise UserError(f"an object of {size} pixels is outside 1 to {MAX_SIDE}; choose a number inside")
    budgets = parsed_budgets(arguments["budget"]) if "budget" in arguments else ()
    analysis = DesignAnalysis(subject.design, size, subject.analysis.gates)
    findings = reviewed(analysis, budgets).findings
    documents = [{key: value for key, value in as_json(one).items() if key != "others"} for one in findings]
    document = {"findings": documents, "budgets": budget_json(analysis, budgets)}
    return "\n".join(map(_told, findings)) or "no findings", _headed(subject, document)


def _told(finding: Finding) -> str:
    layer = f" in {finding.layer}" if finding.layer else ""
    text = f"{finding.severity} {finding.code}{layer}: {finding.message}"
    if (fix := finding.fix) is None:
        return text
    measured = f"{fix.measure} {format_measure(fix.before)} → {format_measure(fix.after)}"
    return f"{text}. Fix, measured: {fix.words}: {measured}, {fix.price}: {fix.design.text}"


def _tile(subject: DesignArgument, arguments: Mapping[str, Any]) -> Answer:
    sides = tuple(arguments["tile"]) if "tile" in arguments else None
    if sides is not None and not all(1 <= side <= MAX_SIDE for side in sides):
        raise UserError(f"a tile of {size_text(sides)} is outside 1 to {MAX_SIDE} pixels a side; choose another")
    overlap = arguments.get("overlap")
    if overlap is not None and not 0 <= overlap <= MAX_SIDE:
        raise UserError(f"an overlap of {overlap} pixels is outside 0 to {MAX_SIDE}; choose another")
    answer = tile.answer_of(subject, Namespace(tile=sides, overlap=overlap, memory=None, prove=False, seed=0))
    document = {key: value for key, value in tile.document(answer).items() if key not in ("stages", "proved")}
    return _tile_text(document), document


def _tile_text(document: Json) -> str:
    halo = document["halo"]
    if halo is None:
        return "branches of several strides meet: no grid fits tiles"
    text = f"a tile must read {_each(halo['before'])} pixels before and {_each(halo['after'])} after its own"
    text += f", and begin at multiples of {_each(document['grid'])}"
    if not document["exact"]:
        reason = document["because"][0]
        text += f"; even so it is not exact: {reason['layer']} {reason['reason']}"
    if (lost := document["lost"]) is not None:
        changed = counted_noun(lost["outputs"], "output") if lost["outputs"] else "no output"
        text += f"; with that overlap {changed} of those kept would change"
    return text


def _stream(subject: DesignArgument, arguments: Mapping[str, Any]) -> Answer:
    axis, graph = arguments.get("axis"), subject.analysis.graph
    if axis is not None and axis not in AXES:
        raise UserError(f"there is no axis {axis!r}; give {', '.join(AXES)}")
    found = subject.analysis.stream(stream.axis_of(graph, axis))
    told = StreamText(found, sample_rate(arguments["rate"]) if "rate" in arguments else None)
    document = {key: value for key, value in stream.document(subject, told, None).items() if key != "proved"}
    text = f"past {told.length(found.past)}; future {told.length(found.future)}; latency {told.length(found.latency)}"
    return f"{text}; causal: {told.ahead}", document


def _search(arguments: Mapping[str, Any], allow_code: bool) -> Answer:
    question = question_of(arguments.get("where", ""), arguments.get("pareto", USUAL))
    sample, seed = arguments.get("sample"), arguments.get("seed", 0)
    if sample is not None and not 1 <= sample <= _MEMBERS:
        raise UserError(f"a sample of {sample} members is outside 1 to {_MEMBERS:,}; choose a number inside")
    if not 0 <= seed <= MAX_SEED:
        raise UserError(f"the seed {seed} is outside 0 to {MAX_SEED}; choose another")
    space = space_of(arguments["space"])
    request = Request(space, sample, seed)
    if request.members > _MEMBERS:
        told = f"the space has {space.size:,} members, and {_MEMBERS:,} are counted here at most"
        raise UserError(f"{told}; draw some as sample, or ask the command search")
    for _, members in request.tasks():
        for member in members:
            with suppress(TextError):  # a member that cannot be read is told as impossible
                _refuse_code(parse(space.member(member)), allow_code)
    steps, workers = (loaded(f"..search.{name}", __package__) for name in ("steps", "workers"))
    with closing(steps.search(request, question, workers.alone)) as found:
        *_, result = found
    document = search.document(request, question, result, None)
    front = document["front"]
    best = "; ".join(_member(one) for one in front[:_BEST])
    more = f"; and {len(front) - _BEST} more" if len(front) > _BEST else ""
    counted = f"of {counted_noun(result.counted, 'design')} {result.answer.met} meet the condition; the best: "
    return f"{counted}{best or 'none'}{more}", document


def _member(best: Json) -> str:
    values = ", ".join(f"{name} {value:.6g}" for name, value in best["values"].items())
    return f"{best['design']} ({values})"


def _headed(subject: DesignArgument, document: Json) -> Json:
    return {**subject.document, "gates": subject.gates, **document}


def _digits(count: int) -> str:
    """All digits, or of a very long count 17 and the power of ten."""
    return all_digits(count) if count < 10**_DIGITS else scientific(Fraction(count), 17)


def _each(values: Any) -> str:
    """One number for all axes where they agree."""
    return size_text(tuple(values)[:1] if len(set(values)) == 1 else tuple(values))


TOOLS: dict[str, Tool] = {
    "paths": _about_a_design(
        "Paths from each pixel",
        "How many paths lead from the input pixels to the outputs of a convolutional network or transformer, exactly, "
        "and how unequal they are.",
        _paths,
        {
            "unit": {**_POSITION, "description": "count the paths to this output unit alone, row first, from 0"},
            "pixel": {**_POSITION, "description": "tell the count of this pixel too"},
        },
    ),
    "field": _about_a_design(
        "Receptive field",
        "How far a unit sees: the theoretical receptive field, and the part that holds 95 % of the paths.",
        _field,
        {"layers": {"type": "boolean", "description": "tell the field, stride and padding of every layer"}},
    ),
    "check": _about_a_design(
        "Check a design",
        "What is wrong with how a network reads its input, worst first, each with the layer, the number, and the best "
        "fix, applied and measured again. None promises accuracy.",
        _check,
        {
            "object": {"type": "integer", "description": "pixels a side of what a unit should see whole"},
            "budget": {"type": "string", "description": "limits to keep to, as in parity=1.5,corner_centre=0.2"},
        },
    ),
    "tile": _about_a_design(
        "Overlap of tiles",
        "How much tiles of a larger image must overlap so that nothing changes, and what less overlap loses.",
        _tile,
        {
            "tile": {**_POSITION, "description": "pixels of a tile, one number or one per axis"},
            "overlap": {"type": "integer", "description": "pixels on every side that tiles really overlap by"},
        },
    ),
    "stream": _about_a_design(
        "Streaming",
        "How far a network along time looks back and ahead, how late it answers, and what each layer keeps.",
        _stream,
        {
            "rate": {"type": "string", "description": "input samples a second, as in 16000 or 22050/256"},
            "axis": {
                "type": "string",
                "description": "of several axes: depth, height or width; usually time: of three the depth",
            },
        },
    ),
    "search": Tool(
        "Search a space of designs",
        "Of a family of networks, every member counted exactly: those that meet a condition, and the best of them.",
        _search,
        {
            "space": {"type": "string", "description": "a design with choices: '32x32; conv k{3,5} s2 p{0..2} x{2,3}'"},
            "where": {"type": "string", "description": "a condition: 'parity == 1 and multiply_adds < 2e9'"},
            "pareto": {"type": "string", "description": "the numbers that are compared: 'corner_centre,multiply_adds'"},
            "sample": {"type": "integer", "description": "draw so many members in place of all"},
            "seed": {"type": "integer", "description": "by which they are drawn"},
        },
    ),
}
