"""Published results of models, from the table of results that timm's authors keep (Apache-2.0).

https://github.com/huggingface/pytorch-image-models, ``results/results-imagenet.csv``
"""

import csv
from pathlib import Path

from ..errors import UserError

Published = dict[str, tuple[float, str]]  # of an architecture: per cent of top-1, and the weights that reached it


def published(path: Path) -> Published:
    """The best published result of every architecture, whatever its weights were trained on and at which size.

    Raises :class:`~.errors.UserError` for a file that holds no such table.
    """
    best: Published = {}
    try:
        with path.open(encoding="utf-8", newline="") as file:
            for line in csv.DictReader(file):
                name, top1 = line["model"], float(line["top1"])
                architecture = f"timm:{name.partition('.')[0]}"
                best[architecture] = max(best.get(architecture, (0.0, "")), (top1, name))
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror}; name timm's results-imagenet.csv") from error
    except (KeyError, TypeError, ValueError, csv.Error) as error:
        raise UserError(f"{path} holds no results; name timm's results-imagenet.csv, with model and top1") from error
    return best
