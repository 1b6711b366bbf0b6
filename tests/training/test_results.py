"""What a training leaves in a folder can be read back, and the folder is there whole or not at all."""

import csv
import os
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load

from core.errors import UserError
from core.network import parse
from core.training import Experiment, TrainRecipe, counts_at_places, experiment, results, script
from core.training.fitting import response_maps
from core.training.trained_model import trained_model

NETWORKS = (parse("6x6; conv k3 p1 x60"), parse("6x6 c1; add(skip | conv k3 p1)"))
RECIPE = TrainRecipe(steps=3, batch=2, width=1, looks=2, seed=4)
NAMES = [
    "curves.csv", "maps.npz",
    "network0_seed4.safetensors", "network0_seed5.safetensors",
    "network1_seed4.safetensors", "network1_seed5.safetensors",
    "repeat_network0_seed4.py", "repeat_network0_seed5.py", "repeat_network1_seed4.py", "repeat_network1_seed5.py",
]  # fmt: skip


@pytest.fixture(scope="module")
def found() -> Experiment:
    *_, last = experiment(NETWORKS, RECIPE, 2)
    return last.experiment


@pytest.fixture(scope="module")
def folder(found, tmp_path_factory) -> Path:
    made = tmp_path_factory.mktemp("here") / "run"
    assert results.save_all(made, found) == NAMES
    return made


def test_the_folder_holds_everything_and_nothing_else(folder):
    assert sorted(os.listdir(folder)) == NAMES
    assert os.listdir(folder.parent) == ["run"]


def test_the_weights_give_the_same_answers_again(found, folder):
    run = found.runs[1][1]
    file = folder / "network1_seed5.safetensors"
    module = trained_model(run.network, run.recipe, load(file.read_bytes()))
    *_, (right, change) = response_maps(module, run.recipe.task_of(run.network), 2, run.recipe.seed)
    assert np.array_equal(right.numpy(), run.after.right)
    assert np.array_equal(change.numpy(), run.after.change)
    assert not np.array_equal(change.numpy(), run.before.change)
    with safe_open(file, "pt") as opened:
        assert opened.metadata() == {"network": str(run.network)}
    with torch.no_grad():
        assert all(not value.requires_grad for value in run.state.values())


def test_the_maps_hold_every_digit_of_the_paths(found, folder):
    with np.load(folder / "maps.npz", allow_pickle=False) as maps:
        counts = counts_at_places(NETWORKS[0], RECIPE)
        assert [[int(cell) for cell in row] for row in maps["paths_network0"]] == counts.tolist()
        assert counts.max() > 2**64
        for name, located in (("untrained", found.runs[0][1].before), ("trained", found.runs[0][1].after)):
            assert np.array_equal(maps[f"right_{name}_network0_seed5"], located.right)
            assert np.array_equal(maps[f"change_{name}_network0_seed5"], located.change)
        assert len(maps.files) == 2 * (1 + 2 * 4)


def test_the_curves_have_a_row_for_each_step(found, folder):
    rows = list(csv.reader((folder / "curves.csv").read_text().splitlines()))
    assert rows[0] == ["step", *(f"loss_network{network}_seed{seed}" for network in (0, 1) for seed in (4, 5))]
    assert [row[0] for row in rows[1:]] == ["1", "2", "3"]
    assert [float(row[2]) for row in rows[1:]] == list(found.runs[0][1].losses)


def test_the_scripts_are_those_of_each_run(found, folder):
    for network, seed in ((0, 4), (1, 5)):
        run = found.runs[network][seed - 4]
        assert (folder / f"repeat_network{network}_seed{seed}.py").read_text() == script(run.network, run.recipe)


def test_a_run_that_is_not_finished_is_left_out(found):
    first = next(experiment(NETWORKS, RECIPE)).experiment
    assert results.curves(first) == {}
    assert results.curves_csv(first).split() == ["step"]
    assert list(results.maps(first)) == ["paths_network0", "paths_network1"]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("there", "is there already; name a folder that is not"),
        ("file", "is there already; name a folder that is not"),
        ("nowhere", "is there already; name a folder that is not"),  # a link
        ("missing/run", "there is no folder '.*missing'; create it, or write elsewhere"),
        ("file/run", "there is no folder '.*file'; create it, or write elsewhere"),
        ("a" * 300, "cannot be written: File name too long; write elsewhere"),
    ],
)
def test_a_folder_that_cannot_be_made_is_refused(name, message, tmp_path):
    (tmp_path / "there").mkdir()
    (tmp_path / "file").touch()
    (tmp_path / "nowhere").symlink_to(tmp_path / "gone")
    with pytest.raises(UserError, match=message):
        results.refuse_unwritable(tmp_path / name)
    assert sorted(os.listdir(tmp_path)) == ["file", "nowhere", "there"]


@pytest.mark.parametrize("failure", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_write_that_fails_midway_leaves_nothing(failure, found, tmp_path, monkeypatch):
    written, real = [], Path.write_bytes

    def full(path: Path, data: bytes) -> int:
        if len(written) == 3:
            raise failure
        written.append(path)
        return real(path, data)

    monkeypatch.setattr(Path, "write_bytes", full)
    message = "No space left on device; write elsewhere" if isinstance(failure, OSError) else None
    with pytest.raises((UserError, KeyboardInterrupt), match=message):
        results.save_all(tmp_path / "run", found)
    assert len(written) == 3
    assert os.listdir(tmp_path) == []
