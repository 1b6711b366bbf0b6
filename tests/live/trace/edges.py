"""Every edge between positions, in a list: which earlier positions each position reads."""

import torch


class Edges:
    """Positions have numbers, their labels, in the order in which they came to be; those of the input are first."""

    def __init__(self) -> None:
        self._reads: list[tuple[int, torch.Tensor]] = []
        self._labels = 0

    def new(self, reads: torch.Tensor) -> torch.Tensor:
        """Labels of new positions, each reading a row of ``reads``: (positions, reads) of labels, -1 for none."""
        labels = self._labels + torch.arange(len(reads))
        self._reads.append((self._labels, reads))
        self._labels += len(reads)
        return labels

    def counts(self, ends: torch.Tensor) -> torch.Tensor:
        """Paths from each position of the input to ``ends``, one that is listed twice counting twice; modulo 2^64."""
        total = torch.zeros(self._labels + 1, dtype=torch.int64)  # the last takes what is read of no position
        total.index_add_(0, ends, torch.ones_like(ends))
        for first, reads in reversed(self._reads):
            here = total[first : first + len(reads)].repeat_interleave(reads.shape[1])
            total.index_add_(0, torch.where(reads < 0, self._labels, reads).ravel(), here)
        return total[: len(self._reads[0][1])]


def once_each(rows: torch.Tensor) -> torch.Tensor:
    """Each label once in each row, the others -1."""
    found = rows.sort(dim=1).values
    again = torch.zeros_like(found, dtype=torch.bool)
    again[:, 1:] = found[:, 1:] == found[:, :-1]
    return found.masked_fill(again, -1).sort(dim=1, descending=True).values


def edge_list(edges: torch.Tensor) -> list[list[int]]:
    """For each row of a matrix of edges, the columns, each as often as it has edges."""
    return [[at for at, often in enumerate(row) for _ in range(int(often))] for row in edges.tolist()]
