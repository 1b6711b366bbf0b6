"""Rank correlations of the atlas: as SciPy has them, as worked by hand within families, and absent where they must."""

import numpy as np
import pytest
from scipy.stats import spearmanr

from core.atlas.correlation import correlation


def rows_of(families, measure, beside):
    return [
        {"model": str(at), "family": family, "gini": one, "top1": other}
        for at, (family, one, other) in enumerate(zip(families, measure, beside, strict=True))
    ]


def test_over_all_it_is_spearmans():
    draw = np.random.default_rng(1)
    measure, families = draw.integers(0, 6, 60), draw.integers(0, 9, 60)
    beside = measure + draw.normal(size=60)
    found = correlation(rows_of(families, measure.tolist(), beside.tolist()), "gini", "top1")
    assert found.overall.value == pytest.approx(spearmanr(measure, beside).statistic)
    assert (found.models, found.families) == (60, len(set(families.tolist())))
    assert -1 <= found.overall.low < found.overall.value < found.overall.high <= 1


def test_what_only_families_explain_is_gone_within_them():
    """Family a is small in both, family b large; within each they go against one another: (1, 2), (2, 1)."""
    found = correlation(rows_of("aabb", [1, 2, 11, 12], [2, 1, 12, 11]), "gini", "top1")
    assert found.overall.value == pytest.approx(0.6)  # 1 - 6 · 4 / (4 · 15)
    assert found.within.value == pytest.approx(-1)


def test_models_without_one_of_the_numbers_are_left_out():
    table = rows_of("aabbc", [1, 2, 3, 4, None], [1, 2, 3, 4, 5])
    table.append({"model": "gap", "family": "d", "reason": "none"})
    found = correlation(table, "gini", "top1")
    assert (found.models, found.families) == (4, 2)
    assert found.overall.value == pytest.approx(1)


@pytest.mark.parametrize("measure", [[], [1], [1, 1, 1]])
def test_what_does_not_vary_has_no_correlation(measure):
    found = correlation(rows_of("abc"[: len(measure)], measure, list(range(len(measure)))), "gini", "top1")
    assert found.overall is None
    assert found.within is None


def test_families_of_one_model_tell_nothing_within():
    assert correlation(rows_of("abc", [1, 2, 3], [1, 3, 2]), "gini", "top1").within is None


def test_the_interval_is_wide_where_there_are_few_families():
    draw = np.random.default_rng(0)
    centres = draw.normal(size=4)
    few = rows_of(np.repeat(range(4), 50), np.repeat(centres, 50) + draw.normal(size=200) / 9, list(range(200)))
    many = [{**row, "family": row["model"]} for row in few]
    found = [correlation(table, "gini", "top1").overall for table in (few, many)]
    widths = [one.high - one.low for one in found]
    assert widths[0] > 2 * widths[1]
