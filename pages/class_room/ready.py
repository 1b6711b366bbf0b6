"""Questions about the design that is looked at, whose answers are computed: a teacher asks them by one click."""

import numpy as np

from core.design.analysis import DesignAnalysis
from core.design.text import parse
from core.errors import UserError
from core.exact import PathCounts
from core.network.graph import size_text
from pages.class_room.question import POSITIONS, Question
from pages.frame import settings
from pages.work import cache

_SIDE = 64  # pixels up to which one of them can be asked for with a finger


def questions() -> list[tuple[Question, str]]:
    """Each with its answer; none where the design cannot be had, or counting it would hold up the class."""
    try:
        analysis = cache.analysis(str(parse(str(settings.value("net")))))
        found = [_field(analysis)]
        if analysis.is_counted():
            found += _paths(analysis)
    except UserError:
        return []
    return [(question, answer) for question, answer in found if answer]


def input_size() -> str:
    """The input of the design, as a size is typed."""
    try:
        return size_text(cache.analysis(str(parse(str(settings.value("net"))))).graph.input.size)
    except UserError:
        return "9x9"


def _field(analysis: DesignAnalysis) -> tuple[Question, str]:
    question = Question("number", "How many pixels a side does one output unit see?", covers=True)
    return question, str(max(analysis.unit_field))


def _paths(analysis: DesignAnalysis) -> list[tuple[Question, str]]:
    counts = analysis.path_counts()
    centre = tuple(side // 2 for side in counts.size)
    corner = tuple(0 for _ in counts.size)
    middle, end = counts.at(centre), counts.at(corner)
    where = "the corner" if len(counts.size) == 2 else "the end"
    words = ("fewer", "as many", "more")
    than = Question("choice", f"Has {where} fewer paths to the outputs than the centre?", words, covers=True)
    found = [
        (Question("number", "How many paths lead from the centre pixel to the outputs?", covers=True), str(middle)),
        (than, words[(end > middle) - (end < middle) + 1]),
    ]
    if middle:
        share = Question("number", f"What share of the centre's paths has {where}?", covers=True)
        found.append((share, f"{end}/{middle}"))
    if max(counts.size) <= _SIDE:
        weakest = Question("pixel", "Click a pixel with the fewest paths", size=counts.size, covers=True)
        found.append((weakest, _fewest(counts)))
    return found


def _fewest(counts: PathCounts) -> str:
    """The pixels with the fewest paths; nothing where they are too many for a guess to mean anything."""
    whole = counts.array()
    places = np.argwhere(whole == whole.min())
    if len(places) > POSITIONS:
        return ""
    return " ".join(",".join(str(int(index)) for index in place) for place in places)
