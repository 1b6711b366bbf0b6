"""The files of a finished training: weights, curves, maps and the script that repeats it; a folder of all."""

import csv
import io
import os
import secrets
import shutil
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.torch import save

from ..errors import UserError
from ..formatting import all_digits
from .experiment import Experiment
from .run import Run
from .script import script


def weights_file(run: Run) -> bytes:
    """The trained weights as ``.safetensors``, under the live model's names."""
    assert run.state is not None
    return save({name: value.contiguous() for name, value in run.state.items()}, {"network": str(run.network)})


def curves(experiment: Experiment) -> dict[str, np.ndarray]:
    """The loss of every step, (steps,), for each network and seed; networks are numbered from 0."""
    return {
        f"loss_network{index}_seed{run.recipe.seed}": np.array(run.losses)
        for index, runs in enumerate(experiment.runs)
        for run in runs
        if run.finished
    }


def maps(experiment: Experiment) -> dict[str, np.ndarray]:
    """For each network the exact paths at each place, as text of all digits, and each seed's maps before and after."""
    arrays: dict[str, np.ndarray] = {}
    for index, runs in enumerate(experiment.runs):
        counts = experiment.counts(index)
        arrays[f"paths_network{index}"] = np.array([all_digits(count) for count in counts.flat]).reshape(counts.shape)
        for run in runs:
            for name, response in (("untrained", run.before), ("trained", run.after)):
                if run.finished and response is not None:
                    arrays[f"right_{name}_network{index}_seed{run.recipe.seed}"] = response.right
                    arrays[f"change_{name}_network{index}_seed{run.recipe.seed}"] = response.change
    return arrays


def curves_csv(experiment: Experiment) -> str:
    """One line per step."""
    columns = curves(experiment)
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(["step", *columns])
    for step, losses in enumerate(zip(*columns.values(), strict=True), start=1):
        writer.writerow([step, *map(float, losses)])
    return file.getvalue()


def maps_npz(experiment: Experiment) -> bytes:
    """All maps, compressed, without pickles."""
    file, arrays = io.BytesIO(), dict[str, Any](maps(experiment))
    np.savez_compressed(file, allow_pickle=False, **arrays)
    return file.getvalue()


def refuse_unwritable(folder: Path) -> None:
    """Raises :class:`~.errors.UserError` for a folder that :func:`save_all` could not make."""
    try:
        parent = folder.resolve().parent
        if folder.exists() or folder.is_symlink():
            raise UserError(f"{str(folder)!r} is there already; name a folder that is not")
        if not parent.is_dir():
            raise UserError(f"there is no folder {str(parent)!r}; create it, or write elsewhere")
        if not os.access(parent, os.W_OK | os.X_OK):
            raise UserError(f"nothing can be written to {str(parent)!r}; write elsewhere")
    except OSError as error:  # a name that is too long, a folder that may not be looked into
        raise UserError(f"{str(folder)!r} cannot be written: {error.strerror}; write elsewhere") from error


def save_all(folder: Path, experiment: Experiment) -> list[str]:
    """Writes everything into a new folder, which appears only once it is whole; returns the names of its files."""
    unfinished = folder.resolve().with_name(f".{secrets.token_hex(8)}.unfinished")
    files: dict[str, bytes] = {"curves.csv": curves_csv(experiment).encode(), "maps.npz": maps_npz(experiment)}
    for index, runs in enumerate(experiment.runs):
        for run in runs:
            files[f"network{index}_seed{run.recipe.seed}.safetensors"] = weights_file(run)
            files[f"repeat_network{index}_seed{run.recipe.seed}.py"] = script(run.network, run.recipe).encode()
    try:
        unfinished.mkdir()
        for name, data in files.items():
            (unfinished / name).write_bytes(data)
        unfinished.rename(folder)
    except OSError as error:
        raise UserError(f"{str(folder)!r} cannot be written: {error.strerror}; write elsewhere") from error
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return sorted(files)
