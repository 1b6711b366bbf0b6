"""The server for coding assistants, by the SDK's own client over standard input and output; and its answers alone."""

import asyncio
import json
import os
import sys
import textwrap

import pytest
from mcp import Client, StdioServerParameters

from core.cli.assistant import TOOLS, answered
from core.design.analysis import DesignAnalysis
from core.design.opening import design_of
from core.errors import UserError
from tests.texts import ROOT, TEXTS, quoted, rows

MINE = """
    from pathlib import Path
    from torch import nn
    print("loaded")

    def build():
        Path("ran").touch()
        print("built")
        return nn.Sequential(nn.Conv2d(3, 8, 3, 2, 1), nn.ReLU())
"""
CALLS = [
    ("paths", {"design": "15x15; conv k3 p1 x4", "pixel": [0, 0]}),
    ("field", {"design": "VGG-16", "layers": True}),
    ("check", {"design": "ResNet-18", "budget": "parity=1.5"}),
    ("tile", {"design": "U-Net", "tile": [256], "overlap": 8}),
    ("stream", {"design": "WaveNet", "rate": "16000"}),
    ("search", {"space": "32x32; conv k{3,4,5} s2 p{0..2}", "where": "parity == 1", "pareto": "field"}),
    ("paths", {"design": "my.py:build@3x16x16"}),
    ("search", {"space": "{9; conv k3,my.py:build@3x16x16}"}),
    ("paths", {"design": "9; konv k3"}),
]
OWN = [CALLS[6]]


def conversation(folder, calls, options=()):
    """The tools of a server that was started in ``folder``, and its results for ``calls``."""

    async def talk():
        program = StdioServerParameters(
            command=sys.executable,
            args=["-m", "core", "mcp", *options],
            cwd=folder,
            env={"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
        )
        with open(os.devnull, "w") as nowhere:
            from mcp.client.stdio import stdio_client  # noqa: PLC0415  # here, as errors go to a file of the test

            async with Client(stdio_client(program, nowhere)) as client:
                listed = await client.list_tools()
                return listed.tools, [await client.call_tool(name, arguments) for name, arguments in calls]

    return asyncio.run(talk())


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("project")
    (path / "my.py").write_text(textwrap.dedent(MINE))
    return path


@pytest.fixture(scope="module")
def results(folder):
    tools, answers = conversation(folder, CALLS)
    assert not (folder / "ran").exists()
    return tools, answers


def test_the_tools_are_listed_with_what_they_take_and_read_only(results):
    tools, _ = results
    listed = {quoted(name)[0]: set(quoted(taken)) for name, _, taken in rows(TEXTS["core/cli/README.md"], "tool")}
    assert listed == {tool.name: set(tool.input_schema["properties"]) - {"design", "space", "gates"} for tool in tools}
    assert all(tool.annotations.read_only_hint and tool.description and tool.title for tool in tools)
    assert {tuple(tool.input_schema["required"]) for tool in tools} == {("design",), ("space",)}


def test_every_tool_answers_with_a_short_text_and_structured_content(results):
    _, answers = results
    for (name, arguments), answer in list(zip(CALLS, answers, strict=True))[:6]:
        assert not answer.is_error, answer.content
        first = "space" if name == "search" else "design"
        assert answer.structured_content[first] == arguments[first]
        (text,) = answer.content
        assert 20 < len(text.text) < 3000, name


def test_the_numbers_are_those_of_the_package(results):
    _, (paths, field, check, tile, stream, search, *_) = results
    analysis = DesignAnalysis(design_of("15x15; conv k3 p1 x4"))
    assert paths.structured_content["at_pixel"] == paths.structured_content["corner"] == "1225"
    assert paths.structured_content["centre"] == str(analysis.counts.at((7, 7))) == "6561"
    assert field.structured_content["field"] == [212, 212]
    assert len(field.structured_content["layers"]) == 18
    findings = check.structured_content["findings"]
    assert [finding["code"] for finding in findings[:2]] == ["budget-parity", "parity"]
    assert findings[1]["fix"]["after"] < findings[1]["fix"]["before"]
    assert "Fix, measured: " in check.content[0].text
    assert tile.structured_content["halo"]["before"] == [46, 46]
    assert tile.structured_content["lost"]["outputs"] > 0
    assert (stream.structured_content["past"], stream.structured_content["past_ms"]) == (3069, 191.8125)
    assert [best["design"] for best in search.structured_content["front"]] == ["32x32; conv k4 s2"]
    assert search.structured_content["counted"] == 9


def test_own_code_is_not_run_and_mistakes_are_one_line(results):
    _, (*_, own, member, typo) = results
    for answer in (own, member):
        assert answer.is_error
        assert answer.content[0].text == "my.py:build would run code or read a file; start the server with --allow-code"
    assert typo.is_error
    assert "there is no layer 'konv'; did you mean conv?" in typo.content[0].text
    assert "\n" not in typo.content[0].text
    assert typo.structured_content is None


def test_own_code_is_run_where_that_is_allowed_and_what_it_prints_is_no_answer(folder):
    tools, (own,) = conversation(folder, OWN, ["--allow-code"])
    assert not any(tool.annotations.read_only_hint for tool in tools)
    assert not own.is_error, own.content
    assert own.structured_content["model"] == "my.py:build"
    assert (folder / "ran").exists()


@pytest.mark.parametrize(
    ("name", "arguments", "words"),
    [
        ("zzz", {}, "there is no tool 'zzz'; there are paths, field, check, tile, stream, search"),
        ("paths", {}, "paths needs a design"),
        ("paths", {"design": 3}, "design of paths is 3; give a string"),
        (
            "paths",
            {"design": "9; conv k3", "units": [1]},
            "paths takes no 'units'; it takes design, unit, pixel",
        ),
        ("paths", {"design": "9; conv k3", "unit": 1}, "unit of paths is 1; give an array"),
        ("paths", {"design": "9; conv k3", "unit": ["1"]}, "give whole numbers, one per axis"),
        ("paths", {"design": "9; conv k3", "unit": [True]}, "give whole numbers, one per axis"),
        ("paths", {"design": "9; conv k3", "unit": [9]}, "there is no output unit 9"),
        ("paths", {"design": "9; conv k3", "pixel": [9]}, "there is no pixel 9 in an input of 9"),
        ("paths", {"design": "9; conv k3", "pixel": [-1]}, "there is no pixel -1 in an input of 9"),
        ("paths", {"design": "9; conv k3", "gates": 1}, "gates of paths is 1; give a boolean"),
        ("check", {"design": "9; conv k3", "object": True}, "object of check is True; give an integer"),
        ("check", {"design": "9; conv k3", "object": 0}, "an object of 0 pixels is outside"),
        ("check", {"design": "9; conv k3", "budget": "zzz=1"}, "can be given a budget"),
        ("tile", {"design": "9x9; conv k3", "tile": [0]}, "a tile of 0 is outside 1 to"),
        ("tile", {"design": "9x9; conv k3", "overlap": -1}, "an overlap of -1 pixels is outside"),
        ("stream", {"design": "9; conv k3", "axis": "time"}, "there is no axis 'time'; give depth, height, width"),
        ("stream", {"design": "9; conv k3", "axis": "width"}, "has one axis"),
        ("stream", {"design": "9; conv k3", "rate": "fast"}, "'fast' is no rate"),
        ("search", {}, "search needs a space, as in 32x32; conv k"),
        (
            "search",
            {"space": "{2000..3999}; conv k3"},
            "the space has 2,000 members, and 1,000 are counted",
        ),
        ("search", {"space": "{2000..3999}; conv k3", "sample": 0}, "a sample of 0 members is outside 1 to 1,000"),
        ("search", {"space": "9; conv k3", "seed": -1}, "the seed -1 is outside 0 to"),
        ("search", {"space": "9; conv k3", "where": "zzz > 1"}, "zzz"),
        ("search", {"space": "9; conv k3", "design": "9; conv k3"}, "search takes no 'design'"),
        ("paths", {"design": "-"}, "character 1|a design is missing"),
        ("paths", {"design": "package.module:Net@3x8x8"}, "start the server with --allow-code"),
        ("paths", {"design": "/tmp/net.onnx@8"}, "start the server with --allow-code"),
        ("search", {"space": "net.onnx@{8,16}"}, "start the server with --allow-code"),
        ("paths", {"design": "/etc/passwd"}, "."),
    ],
)
def test_what_cannot_be_answered_is_told(name, arguments, words):
    with pytest.raises(UserError, match=words):
        answered(name, arguments)


@pytest.mark.parametrize("name", TOOLS)
def test_every_answer_is_json(name):
    text, document = answered(name, {TOOLS[name].first: "64; conv k3 s2 p1; conv k3 p1"})
    assert text
    assert "\n" not in text or name == "check"
    json.loads(json.dumps(document, allow_nan=False))


def test_a_count_of_many_digits_is_rounded_and_looks_so():
    told = answered("paths", {"design": "65; conv k3 p1 x400"})[1]["centre"]
    assert "." in told
    assert "e1" in told
