"""The atlas: its rows say what the commands say, a run that was stopped goes on, and the file says what it is of."""

import json
import pickle
import warnings
from importlib import import_module

import pytest

from core.__main__ import main
from core.atlas import run as run_module
from core.atlas.accuracy import published
from core.atlas.row import model_row
from core.atlas.run import Parts, row_alone
from core.atlas.table import SCHEMA, about, read_atlas, table_bytes
from core.checks import check
from core.design.analysis import DesignAnalysis
from core.design.opening import design_of
from core.errors import UserError
from core.search.quantities import QUANTITIES
from tests.texts import TEXTS, quoted, rows

CSV = "model,img_size,top1\nresnet10t.c3_in1k,224,68.4\nresnet10t.a1,176,70.0\nresnet18.a1_in1k,224,71.5\n"


@pytest.fixture(scope="module", autouse=True)
def _zoo():
    """Loads both libraries; what they warn of is theirs."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import_module("core.live.sources.zoo").names()


@pytest.fixture(scope="module")
def resnet():
    return model_row("timm:resnet18")


def test_a_row_has_the_numbers_of_the_typed_network_of_the_same_name(resnet):
    analysis = DesignAnalysis(design_of("ResNet-18"))
    for name, measure in analysis.measures().items():
        if name in resnet:
            assert resnet[name] == float(measure), name
    assert resnet["field_sides"] == [435, 435] == list(analysis.unit_field)
    assert (resnet["field"], resnet["grid"], resnet["output"]) == (435, [32, 32], 49)
    halo = analysis.halo.axes
    assert resnet["halo_before"] == [axis.before for axis in halo]
    assert resnet["halo"] == max(max(axis.before, axis.after) for axis in halo)
    assert (resnet["library"], resnet["family"], resnet["input"]) == ("timm", "resnet", "3x224x224")


def test_findings_are_those_of_the_check_though_no_fix_is_tried(resnet):
    found = [f"{finding.severity} {finding.code}" for finding in check(design_of("ResNet-18"))]
    assert resnet["findings"] == found


def test_every_stage_has_its_field_and_stride(resnet):
    stages = {stage["stage"]: stage for stage in resnet["stages"]}
    known = {"conv1": (7, 2, 112), "maxpool": (11, 4, 56), "layer1": (43, 4, 56), "layer4": (435, 32, 7)}
    for name, (field, stride, output) in known.items():
        assert stages[name] == {
            "stage": name,
            "output": [output, output],
            "field": [field, field],
            "stride": [stride, stride],
        }


def test_what_is_not_exact_has_a_reason_and_no_number():
    row = model_row("timm:volo_d1_224")
    assert row["reason"].startswith("depends on im2col in ")
    assert not set(row) & {*QUANTITIES, "stages", "findings"}
    assert model_row("timm:no_such_model")["reason"].startswith("the zoo has no model")


def test_the_file_holds_the_rows_and_says_what_it_is_of(resnet, tmp_path):
    told = {**about(), "made": "2026-01-01"}
    path = tmp_path / "one.parquet"
    path.write_bytes(table_bytes([resnet, {"model": "a", "seconds": 0.0}], told))
    held, metadata = read_atlas(path)
    assert metadata == told
    assert [row["model"] for row in held] == ["a", "timm:resnet18"]
    assert {name: value for name, value in held[1].items() if value is not None} == resnet
    assert {"timm", "torchvision", "torch"} == set(metadata["versions"])


def test_the_columns_are_those_that_are_explained():
    listed = {name for first, _ in rows(TEXTS["core/cli/README.md"], "column of `atlas`") for name in quoted(first)}
    assert {name.partition("[")[0] for name in listed} | set(QUANTITIES) == set(SCHEMA.names)


def test_a_run_goes_on_where_it_was_stopped(tmp_path, monkeypatch, capsys):
    counted = []

    def counting(name):
        if len(counted) == 2 and name.endswith("stop"):
            raise KeyboardInterrupt
        counted.append(name)
        return {"model": name, "library": "timm", "family": "x", "input": "1", "reason": "none", "seconds": 0.5}

    names = ["timm:a", "timm:b/c", "timm:stop"]
    monkeypatch.setattr("core.cli.atlas.names", lambda: names)
    monkeypatch.setattr(run_module, "model_row", counting)
    monkeypatch.chdir(tmp_path)
    assert main(["atlas", "--out", "a.parquet"]) == 130
    assert not (tmp_path / "a.parquet").exists()
    (tmp_path / "a.parquet.parts" / "timm%3Aa.json").write_text('{"half')  # as if the disk had been full
    counted.clear()
    assert main(["atlas", "--out", "a.parquet", "--json"]) == 0
    assert counted == ["timm:a", "timm:stop"]
    answer = json.loads(capsys.readouterr().out)
    assert (answer["models"], answer["exact"], answer["seconds"]) == (3, 0, 1.5)
    assert [row["model"] for row in read_atlas(tmp_path / "a.parquet")[0]] == names
    assert [path.name for path in tmp_path.iterdir()] == ["a.parquet"]


def test_several_workers_are_given_what_is_not_known_yet(tmp_path, monkeypatch, capsys):
    given = []

    def spread(work, tasks, processes, attempts, lost):
        given.append((pickle.loads(pickle.dumps(work)), list(tasks), processes))  # noqa: S301  # as processes get it
        lost("timm:b", 1)
        yield "timm:b", {"model": "timm:b", "reason": "none", "seconds": 1.0}

    monkeypatch.setattr("core.cli.atlas.names", lambda: ["timm:a", "timm:b"])
    monkeypatch.setattr(run_module, "spread", spread)
    Parts(tmp_path / "a.parquet", about()).keep({"model": "timm:a", "reason": "none", "seconds": 1.0})
    assert main(["atlas", "--out", str(tmp_path / "a.parquet"), "--workers", "3"]) == 0
    assert given == [(row_alone, ["timm:b"], 3)]
    assert capsys.readouterr().err == "a worker ended; timm:b is counted again\n"
    assert [row["model"] for row in read_atlas(tmp_path / "a.parquet")[0]] == ["timm:a", "timm:b"]


def test_accuracy_is_the_best_published_of_an_architecture(tmp_path, capsys):
    (tmp_path / "results.csv").write_text(CSV)
    assert published(tmp_path / "results.csv") == {
        "timm:resnet10t": (70.0, "resnet10t.a1"),
        "timm:resnet18": (71.5, "resnet18.a1_in1k"),
    }
    out = tmp_path / "a.parquet"
    argv = ["atlas", "--out", str(out), "--filter", "timm:resnet10t", "--accuracy", str(tmp_path / "results.csv")]
    assert main([*argv, "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    listed = {key for first, _ in rows(TEXTS["core/cli/README.md"], "key of `atlas`") for key in quoted(first)}
    assert {key.partition("[")[0] for key in listed} == set(document)
    (row,) = read_atlas(out)[0]
    assert (row["top1"], row["top1_weights"]) == (70.0, "resnet10t.a1")
    made = out.stat().st_mtime_ns
    assert main([*argv, "--beside", "top1"]) == 0
    assert "rank correlation with top1" in capsys.readouterr().out
    assert out.stat().st_mtime_ns == made
    assert main(["atlas", "--out", str(out), "--filter", "timm:resnet14t"]) == 2
    assert "holds another atlas, of 'timm:resnet10t'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["--out", "a.csv"], "the atlas 'a.csv' does not end in .parquet"),
        (["--out", "nowhere/a.parquet"], "the atlas cannot be written to"),
        (["--out", "a.parquet", "--filter", "zzz"], "no name of the zoo matches 'zzz'"),
        (["--out", "a.parquet", "--workers", "0"], "'0' is no number of processes; give 1 to 256"),
        (["--out", "a.parquet", "--accuracy", "nothing.csv"], "nothing.csv cannot be read: No such file"),
        (["--out", "a.parquet", "--accuracy", "other.csv"], "other.csv holds no results"),
        (["--out", "old.parquet"], "holds rows of other versions; remove it, or name another file"),
        (["--out", "a.parquet", "--beside", "zzz"], "argument --beside: invalid choice: 'zzz'"),
        ([], "the following arguments are required: --out"),
    ],
)
def test_a_mistake_is_told_in_one_line(argv, words, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "other.csv").write_text("name,top1\nx,1\n")
    (tmp_path / "old.parquet.parts").mkdir()
    (tmp_path / "old.parquet.parts" / "about.json").write_text('{"format": 0}')
    assert main(["atlas", *argv]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert words in err


@pytest.mark.parametrize("content", [None, b"", b"PAR1", table_bytes([], {"format": 0})])
def test_what_is_no_atlas_is_refused(content, tmp_path):
    path = tmp_path / "a.parquet"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UserError, match=r"holds no atlas|was written by another version"):
        read_atlas(path)
