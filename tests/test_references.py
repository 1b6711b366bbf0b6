"""What the references beside the code list is what there is: options, JSON keys, words, measures, limits, settings."""

import json
import re
from collections.abc import Iterator
from fractions import Fraction
from importlib import import_module

import pytest

from core.__main__ import COMMANDS, main
from core.checks.registry import CHECKS, CODES
from core.comparison import MEASURES
from core.design.text import kind_of
from core.exact import imbalance, path_counts
from core.expressions.functions import FUNCTIONS
from core.lessons import load
from core.lessons.document import FIELDS
from core.lessons.quantities import QUANTITIES
from core.network import PRESETS, graph_of, limits, parse
from core.network.axes import AXES
from core.network.kinds import KINDS
from core.network.window import BORDERS
from core.remedies import REMEDIES
from core.search.quantities import QUANTITIES as QUANTITIES_OF_SEARCH
from core.search.space import space_of
from pages.frame.page import Setting
from pages.frame.registry import PAGES
from pages.frame.settings import SHARED
from pages.frame.version_1 import translated
from tests.texts import NAMES, TEXTS, blocks, quoted, rows, section

CLI, DESIGN, EXACT, REMEDY, APP, LESSON, SEARCH = (TEXTS[name] for name in NAMES[1:8])

# Short requests whose documents, together, have every key of a command.
REQUESTS = {
    "paths": [
        ["9; conv k3", "--shares"],
        ["9; add(skip | conv k3 p1); conv k2 s2", "--live", "0"],
        ["nn.Sequential(nn.Conv2d(3, 4, 3))@3x9x9"],
    ],
    "field": [["9x9; add(skip | conv k3 p1); conv k3"]],
    "erf": [["9x9; conv k3 p1", "--samples", "2"], ["9x9; conv k3 p1", "--method", "expected"]],
    "check": [["64; conv k3 s2 p1 x3", "--budget", "field=3"], ["nn.Sequential(nn.Conv2d(3, 4, 3, 2, 1))@3x16x16"]],
    "remedies": [["9; conv k3 x4", "--remedy", "border-circular", "--remedy", "tconv-multiple"]],
    "train": [["8x8; conv k3", "--steps", "2", "--looks", "1"]],
    "tile": [["16x16; conv k3 p1 circular", "--overlap", "0", "--prove"]],
    "coverage": [["--filter", "timm:vgg11"], ["--filter", "timm:volo_d1_224"]],
    "stream": [["64; add(skip | conv k3 p1); conv k3 p1", "--rate", "16000", "--prove"]],
    "sizes": [["9; conv k3 s2 p1", "--objects", "3"]],
    "search": [["9; conv k{3,11}", "--where", "field > 1", "--sample", "2"], ["9; conv k{1..9}", "--sample", "2"]],
    "--stage list": [["VGG-16", "--stage", "list"]],
}
_UNITS = {"million": 10**6, "billion": 10**9, "MiB": 2**20, "GiB": 2**30}


def test_every_command_is_listed() -> None:
    assert {quoted(first)[0] for first, _ in rows(CLI, "command")} == set(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_is_explained(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command, "--help"]) == 0
    options = capsys.readouterr().out.split("\noptions:\n", 1)[1].split("\n\n", 1)[0]
    general = {quoted(first)[0] for first, _ in rows(CLI, "option of every command")}
    text = section(CLI, command)
    own = {option for first, _ in rows(text, "option") for option in quoted(first)} if "| option |" in text else set()
    offered = set(re.findall(r"^  (?:-h, )?(--[a-z-]+)", options, re.MULTILINE)) - {"--help"}
    shared = {name: {"--json"} for name in ("train", "coverage", "search", "atlas")} | {"mcp": set()}
    assert own | shared.get(command, general) == offered


@pytest.mark.parametrize("command", REQUESTS)
def test_every_key_of_every_json_document_is_explained(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    shared = {key for first, _ in rows(CLI, "key |") for key in quoted(first)}
    own = {key for first, _ in rows(CLI, f"key of `{command}`") for key in quoted(first)}
    keys: set[str] = set()
    for request in REQUESTS[command]:
        program = ["paths"] if command == "--stage list" else [command]
        assert main([*program, *request, "--json"]) == 0
        keys |= set(leaves(json.loads(capsys.readouterr().out), shared | own))
    assert own - keys <= containers(own)
    assert keys - own - containers(own) <= (set() if command == "coverage" else shared)
    assert command != "paths" or shared <= keys


def leaves(value: object, known: set[str], key: str = "") -> Iterator[str]:
    """The keys of a document, down to those that the reference explains as a whole."""
    if key in known and key not in containers(known):
        yield key
    elif isinstance(value, dict):
        for name, part in value.items():
            yield from leaves(part, known, f"{key}.{name}" if key else name)
    elif isinstance(value, list):
        for part in value:
            yield from leaves(part, known, f"{key}[]")
    else:
        yield key


def containers(keys: set[str]) -> set[str]:
    """What the keys lie in: at times it is null."""
    return {key[: match.start()] for key in keys for match in re.finditer(r"\[\]\.|(?<!\])\.", key)}


def test_the_checks_are_those_there_are() -> None:
    titles = {code: CHECKS[code].title for code in CODES}
    listed = [(quoted(first)[0], title) for first, title in rows(CLI, "code")]
    assert listed == [(code, title[:1].lower() + title[1:]) for code, title in titles.items()]


def test_the_measures_of_a_ranking_are_those_there_are() -> None:
    options = dict(rows(section(CLI, "remedies"), "option"))
    assert quoted(options["`--rank`"]) == list(MEASURES)


def test_what_a_design_is_made_from_is_read_so() -> None:
    kinds = [kind_of(text) for first, _ in rows(DESIGN, "BASE") for text in quoted(first)]
    assert kinds == ["typed", "preset", "zoo", "zoo", "pasted", "onnx", "onnx", "own", "own"]
    assert all(f"`{name}`" in DESIGN.replace("\n", " ") for name in PRESETS)


def test_every_layer_is_listed_with_what_it_takes() -> None:
    listed = {quoted(first)[0]: given.replace("`", "") for first, given, _ in rows(DESIGN, "layer")}
    assert listed.popitem() == ("add(a | b)", "branches")
    assert listed == {name: " ".join(kind.options) for name, kind in KINDS.items()}


def test_every_word_of_a_layer_is_explained() -> None:
    words = [word for first, _ in rows(DESIGN, "word") for word in quoted(first)]
    assert set(BORDERS) < set(words)
    letters = {found for word in words for found in re.findall(r"\b([a-z]+)\d", word)}
    named = {option for kind in KINDS.values() for option in kind.options}
    assert letters == named - {"border", "mode", "causal", "r", "seed"} | {"x"}


def test_the_networks_of_the_grammar_are_read() -> None:
    (networks,) = (block.splitlines() for block in blocks(DESIGN, "") if "\n" in block.strip())
    assert len(networks) == 7
    for text in networks:
        assert str(parse(text)) == text
        assert graph_of(parse(text)).output.positions > 0


def test_the_measures_are_those_there_are_and_say_when_all_pixels_are_equal() -> None:
    listed = {quoted(first)[0]: float(value) for first, _, value in rows(EXACT, "measure")}
    even = imbalance(path_counts(graph_of(parse("8; conv k4 s2 p1 circular"))), (2,))
    box = imbalance(path_counts(graph_of(parse("8x8x8; conv k3"))), (1, 1, 1))
    even |= {"face_centre": Fraction(1)}
    assert listed == {name: float(value) for name, value in even.items() if value is not None}
    assert {name for name in box if name not in listed} == {f"asymmetry_{axis}" for axis in AXES}
    assert all(f"`{name}`" in EXACT for name in box)


def test_the_limits_are_those_that_are_checked() -> None:
    names = []
    for head in ("of a network", "of one count", "of a live model", "of a training"):
        package = quoted(re.findall(rf"^\| {head} .*$", EXACT, re.MULTILINE)[0])[0]
        for _, value, cell in rows(EXACT, head):
            *inside, name = quoted(cell)[0].split(".")
            number, _, unit = value.partition(" ")
            limit = getattr(import_module(".".join([package, *inside])), name)
            assert float(number.replace(",", "")) * _UNITS.get(unit, 1) == limit, cell
            names.append(name)
    assert {name for name in vars(limits) if name.isupper()} <= set(names)


def test_every_remedy_is_listed_as_it_describes_itself() -> None:
    for (name, does, cost, removes, models), remedy in zip(rows(REMEDY, "remedy"), REMEDIES.values(), strict=True):
        assert quoted(name) == [remedy.name]
        assert (does, cost) == (remedy.does, remedy.cost)
        given = f", where {remedy.given}" if remedy.given else ""
        assert removes == ", ".join(remedy.removes) + given
        assert models == (f"no: {remedy.not_for_models}" if remedy.not_for_models else "yes")


def test_every_number_that_a_lesson_may_name_is_listed() -> None:
    listed = {quoted(first)[0]: meaning for first, meaning in rows(LESSON, "name")}
    assert listed == {
        f"{name}({', '.join(quantity.takes)})" if quantity.takes else name: quantity.meaning
        for name, quantity in QUANTITIES.items()
    }


def test_every_number_of_a_search_is_listed_with_the_way_that_is_better() -> None:
    listed = [(quoted(name)[0], better, meaning) for name, better, meaning in rows(SEARCH, "number")]
    assert listed == [(one.name, one.better, one.meaning) for one in QUANTITIES_OF_SEARCH.values()]


def test_every_choice_of_the_table_is_read() -> None:
    choices = [text for first, _ in rows(SEARCH, "choice") for text in quoted(first)]
    assert [space_of(text).size for text in choices] == [3, 3, 4, 3, 2, 4]


def test_the_limits_of_a_lesson_are_those_that_are_checked() -> None:
    for _, value, cell in rows(LESSON, "of a lesson"):
        module, _, name = quoted(cell)[0].rpartition(".")
        assert float(value.replace(",", "")) == getattr(import_module(f"core.{module}"), name)


def test_every_line_of_a_lesson_is_explained_and_the_example_is_one() -> None:
    (example,) = blocks(LESSON, "markdown")
    assert [step.question.kind for step in load(example).steps if step.question] == ["number", "choice", "pixel"]
    listed = {quoted(first)[0] for first, _ in rows(LESSON, "line")}
    assert listed == {"# ", "## ", "- ", *(f"{name}:" for name in FIELDS)}
    assert all(f"`{name}" in LESSON for name in FUNCTIONS)


def test_every_page_is_listed() -> None:
    listed = [(question, place) for question, place, _ in rows(APP, "page")]
    assert listed == [
        (page.question, f"{page.group} · {page.name}") for page in sorted(PAGES.values(), key=lambda page: page.order)
    ]


def test_every_setting_of_a_link_is_listed() -> None:
    shared = {quoted(name)[0]: default for name, _, default in rows(APP, "setting | is")}
    assert shared == {name: default_text(setting) for name, setting in SHARED.items()}
    own = [(quoted(name)[0], page, legal, default) for name, page, _, legal, default in rows(APP, "setting | on")]
    assert own == [
        (name, page.name, legal_text(setting), default_text(setting))
        for page in PAGES.values()
        for name, setting in page.settings.items()
    ]


def default_text(setting: Setting) -> str:
    return "" if setting.default == "" else f"`{setting.default}`"


def legal_text(setting: Setting) -> str:
    """What a setting may be, as the table writes it; nothing for free text."""
    if isinstance(setting.default, bool):
        return "`True`, `False`"
    if isinstance(setting.legal, range):
        return f"{setting.span.start} to {setting.span.stop - 1:,}"
    return ", ".join(f"`{choice}`" for choice in setting.legal or ())


def test_the_addresses_of_version_1_open_what_is_listed() -> None:
    for then, now in rows(APP, "address of then"):
        params = {"compare": "pins"} if "pinned" in then else {}
        assert translated(quoted(then)[0], {"v": "1", **params})[0] == quoted(now)[0]
