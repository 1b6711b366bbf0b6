"""SARIF: valid by the official schema, and each result on the line of own code that builds the layer.

``sarif-2.1.0-rtm.4.json`` is the schema of SARIF 2.1.0 as it comes with Microsoft's sarif-om 1.0.4, under the licence
beside it.
"""

import json
import re
import sys
import textwrap
from pathlib import Path

import pytest
from jsonschema import Draft4Validator

from core.__main__ import main
from core.checks import CHECKS, check
from core.design.analysis import DesignAnalysis
from core.design.opening import design_of
from core.review import Baseline, parsed_budgets, reviewed, sarif
from core.search.quantities import QUANTITIES

FOLDER = Path(__file__).parent
VALIDATOR = Draft4Validator(json.loads((FOLDER / "sarif-2.1.0-rtm.4.json").read_text(encoding="utf-8")))

CODE = """
    import copy
    from torch import nn
    from blocks import Block

    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.stem = nn.Sequential(
                nn.Conv2d(3, 8, 3, 2, 1),  # in the class
                nn.ReLU(),
            )
            self.body = nn.Identity()

        def forward(self, x):
            return self.body(self.stem(x))

    def build():
        return Net()  # the model

    def by_function():
        return nn.Sequential(make(3), make(8))

    def make(width):
        return nn.Conv2d(width, 8, 3, 2, 1)  # in a function

    def copied():
        part = nn.Conv2d(3, 3, 3, 2, 1)  # before it was copied
        return nn.Sequential(copy.deepcopy(part), copy.deepcopy(part))

    def of_blocks():
        return nn.Sequential(Block(3), Block(3))

    def derived():
        return nn.Sequential(Halving())  # of an own class of layers

    class Halving(nn.Conv2d):
        def __init__(self):
            super().__init__(3, 8, 3, 2, 1)

    ready = nn.Sequential(nn.Conv2d(3, 8, 3, 2, 1))  # ready
"""
BLOCKS = """
    from torch import nn

    class Block(nn.Sequential):
        def __init__(self, width):
            super().__init__(nn.Conv2d(width, width, 3, 2, 1))  # in another file
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    for name, code in (("layers.py", CODE), ("blocks.py", BLOCKS)):
        (tmp_path / name).write_text(textwrap.dedent(code))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", sys.path.copy())
    yield tmp_path
    for name in ("layers", "own_layers", "blocks"):
        sys.modules.pop(name, None)


def results(design, folder, budgets=""):
    """The results of a design, by rule; the whole is valid."""
    review = reviewed(DesignAnalysis(design_of(design)), parsed_budgets(budgets) if budgets else ())
    document = json.loads(json.dumps(sarif([review], folder, False)))
    VALIDATOR.validate(document)
    (run,) = document["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in run["results"])
    return {result["ruleId"]: result for result in run["results"]}


def test_the_schema_refuses_what_is_no_sarif():
    document = sarif([reviewed(DesignAnalysis(design_of("64; conv k1 s2")))], FOLDER, False)
    assert VALIDATOR.is_valid(document)
    document["runs"][0]["results"][0]["level"] = "fatal"
    assert not VALIDATOR.is_valid(document)


@pytest.mark.parametrize("design", ["ResNet-18", "64; conv k1 s2", "U-Net", "9; conv k9"])
def test_there_is_a_result_for_every_finding_at_its_level(design):
    found = results(design, FOLDER)
    assert [(code, result["level"]) for code, result in found.items()] == [
        (finding.code, finding.severity) for finding in check(design_of(design))
    ]


def test_every_rule_has_help_and_its_id_is_the_code():
    rules = sarif([], FOLDER, False)["runs"][0]["tool"]["driver"]["rules"]
    assert {rule["id"] for rule in rules} == {*CHECKS, *(f"budget-{name}" for name in QUANTITIES)}
    assert all(len(rule["help"]["text"]) > 40 for rule in rules)
    (own,) = (rule for rule in rules if rule["id"] == "parity")
    assert CHECKS["parity"].reference in own["help"]["text"]


def test_a_typed_network_has_the_layer_for_a_place():
    result = results("64; conv k3 s2 p1", FOLDER)["parity"]
    (location,) = result["locations"]
    assert "physicalLocation" not in location
    assert location["logicalLocations"][0] == {
        "fullyQualifiedName": "64; conv k3 s2 p1 layer 1 (conv k3 s2 p1)",
        "name": "layer 1 (conv k3 s2 p1)",
    }


@pytest.mark.parametrize(
    ("name", "file", "mark"),
    [
        ("build", "layers.py", "in the class"),
        ("Net", "layers.py", "in the class"),
        ("by_function", "layers.py", "in a function"),
        ("copied", "layers.py", "before it was copied"),
        ("of_blocks", "blocks.py", "in another file"),
        ("derived", "layers.py", "of an own class of layers"),
        ("ready", "layers.py", "ready"),
    ],
)
def test_a_result_is_on_the_line_that_calls_the_class_of_its_layer(name, file, mark, folder):
    result = results(f"layers.py:{name}@3x64x64", folder)["parity"]
    physical = result["locations"][0]["physicalLocation"]
    assert physical["artifactLocation"]["uri"] == file
    lines = (folder / file).read_text().splitlines()
    assert lines[physical["region"]["startLine"] - 1].endswith(f"# {mark}")


@pytest.mark.parametrize(
    ("name", "line"), [("build", "        return Net()  # the model"), ("Net", "class Net(nn.Module):")]
)
def test_what_is_said_of_the_whole_is_on_the_line_that_builds_it_or_on_its_class(name, line, folder):
    result = results(f"layers.py:{name}@3x64x64", folder, "parity=1.5")["budget-parity"]
    assert result["level"] == "error"
    place = result["locations"][0]["physicalLocation"]["region"]["startLine"]
    assert (folder / "layers.py").read_text().splitlines()[place - 1].strip() == line.strip()


def test_a_file_elsewhere_is_named_in_whole(folder, tmp_path_factory):
    result = results("layers.py:build@3x64x64", tmp_path_factory.mktemp("elsewhere"))["parity"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"] == {"uri": (folder / "layers.py").as_uri()}


@pytest.mark.parametrize("design", ["timm:resnet18", "nn.Sequential(nn.Conv2d(3, 8, 3, 2, 1))@3x64x64"])
def test_what_no_own_code_builds_has_no_line(design):
    assert all("physicalLocation" not in result["locations"][0] for result in results(design, FOLDER).values())


def test_noting_places_leaves_pytorch_as_it_was(folder):
    from torch import nn  # noqa: PLC0415  # loaded by the design in any case

    before = nn.Module.__init__
    results("layers.py:build@3x64x64", folder)
    assert nn.Module.__init__ is before
    assert "_built_at" not in vars(nn.Conv2d(3, 8, 3))


def test_the_message_holds_the_measured_fix():
    text = results("64; conv k3 s2 p1", FOLDER)["parity"]["message"]["text"]
    assert re.search(r"Measured fix: .*contrast within the stride period 2 → 1", text)


def test_beside_a_baseline_each_result_says_whether_it_is_new():
    analysis = DesignAnalysis(design_of("64; conv k3 s2 p1"))
    codes = [finding.code for finding in reviewed(analysis).findings]
    known = Baseline({("64; conv k3 s2 p1", codes[0]): 0})
    document = sarif([reviewed(analysis, (), known)], FOLDER, True)
    VALIDATOR.validate(json.loads(json.dumps(document)))
    states = [result["baselineState"] for result in document["runs"][0]["results"]]
    assert states == ["unchanged", *["new"] * (len(codes) - 1)]


def test_the_command_writes_the_file_and_a_finding_keeps_its_identity(folder, capsys):
    for file in ("one.sarif", "two.sarif"):
        assert main(["check", "layers.py:build@3x64x64", "--sarif", file]) == 0
    documents = [json.loads((folder / file).read_text()) for file in ("one.sarif", "two.sarif")]
    VALIDATOR.validate(documents[0])
    assert documents[0] == documents[1]
    prints = [result["partialFingerprints"]["designAndCode/v1"] for result in documents[0]["runs"][0]["results"]]
    assert len(set(prints)) == len(prints) > 2
    assert main(["check", "layers.py:build@3x64x64", "--sarif", "nowhere/one.sarif"]) == 2
    assert "nowhere/one.sarif cannot be written" in capsys.readouterr().err


def test_what_no_own_code_builds_is_on_the_line_that_lists_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    designs = ["ResNet-18", "64; conv k1 s2"]
    table = ["[tool.receptive-fields]", "# 64; or so", "designs = [", *(f'    "{one}",' for one in designs), "]"]
    (tmp_path / "pyproject.toml").write_text("\n".join(table))
    main(["check", "--sarif", "all.sarif"])
    main(["check", "64; conv k1 s2", "64; conv k2 s2 p1", "--sarif", "named.sarif"])
    documents = [json.loads((tmp_path / name).read_text()) for name in ("all.sarif", "named.sarif")]
    for document in documents:
        VALIDATOR.validate(document)
    lines = [
        {(one["properties"]["design"], line_of(one)) for one in document["runs"][0]["results"]}
        for document in documents
    ]
    assert lines == [{("ResNet-18", 4), ("64; conv k1 s2", 5)}, {("64; conv k1 s2", 5), ("64; conv k2 s2 p1", None)}]


def line_of(result):
    """The line of ``pyproject.toml`` that a result is on."""
    physical = result["locations"][0].get("physicalLocation")
    if physical is None:
        return None
    assert physical["artifactLocation"] == {"uri": "pyproject.toml", "uriBaseId": "%SRCROOT%"}
    return physical["region"]["startLine"]
