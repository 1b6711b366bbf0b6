"""Streams of random modules: what every output reads, sample by sample, and blocks with the state of every layer."""

from fractions import Fraction
from math import ceil, floor

import torch

from core.design.stream_proof import prove
from core.design.traced import module_design
from core.errors import UserError
from core.exact.streams import Context, stream
from tests.design import drawn

LENGTH = 48
IMAGES = 4  # at once: a maximum may hide what lies beside it
SAME = 1e-12  # of the outputs' standard deviation


def cases(seeds: range, axes: int = 1) -> tuple[int, int]:
    """How many of the modules of these seeds stream, and how many of them with the state of every layer."""
    found = layered = 0
    for seed in seeds:
        module = drawn.module(seed, axes)
        try:
            design = module_design(module, (drawn.CHANNELS, *(6,) * (axes - 1), LENGTH))
            told = stream(design.graph, axes - 1)
        except UserError:
            continue
        if told.reasons or told.past + told.future > LENGTH:
            continue
        proof = prove(design, told)
        assert max(proof.difference, proof.outside) < 1e-11, (seed, proof)
        found, layered = found + 1, layered + (proof.at_input is None)
        if axes == 1:
            assert_contexts(module.double(), told, seed)
    return found, layered


def assert_contexts(module: torch.nn.Module, told, seed: int) -> None:
    """Every sample is changed alone; each phase reads from its first to its last sample and no further."""
    period = max(told.block, ceil(told.hop * len(told.phases)))
    length = LENGTH + ceil(Fraction(2 * (told.past + told.future) + 3 * period, told.block)) * told.block
    generator = torch.Generator().manual_seed(0)
    signal = torch.randn(IMAGES, drawn.CHANNELS, length, dtype=torch.float64, generator=generator)
    with torch.no_grad():
        whole = module(signal.clone())
        rows = []
        for sample in range(length):
            changed = signal.clone()
            changed[..., sample] += 8 * (1 + changed[..., sample].abs())
            rows.append((module(changed) - whole).abs().amax((0, 1)) > SAME * float(whole.std()))
    reads = torch.stack(rows)
    middle = floor(Fraction(length, 2) / told.hop)
    middle -= middle % len(told.phases)
    contexts = set()
    for unit in range(middle, middle + len(told.phases)):
        places = reads[:, unit].nonzero().ravel().tolist()
        if places:
            first, end = floor(unit * told.hop), ceil((unit + 1) * told.hop)
            contexts.add(Context(max(first - places[0], 0), max(places[-1] + 1 - end, 0)))
    assert contexts == set(told.phases), seed


def test_random_modules_read_what_is_said_and_need_the_state_that_is_said() -> None:
    found, layered = cases(range(24))
    assert found > 20
    assert layered == found


def test_random_modules_of_two_axes_stream_along_the_last() -> None:
    found, layered = cases(range(10), axes=2)
    assert found > 7
    assert layered == found
