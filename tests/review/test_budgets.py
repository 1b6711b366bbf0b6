"""Budgets: which way each goes, what they measure, and what is said where one is missed or cannot be read."""

import json
from fractions import Fraction

import pytest

from core.__main__ import main
from core.design.analysis import DesignAnalysis
from core.design.opening import design_of
from core.errors import UserError
from core.review import is_least, parsed_budgets, reviewed
from core.search.quantities import QUANTITIES
from tests.texts import TEXTS, quoted, rows

DESIGN = "64x48; conv k3 s2 p1 c8; conv k3 p1 x2"

# Of that design: a limit that is just kept, and one that is just missed, worked out by other means.
EDGES = {
    "parity": ("4", "3.99"),  # two of three taps fall on every other pixel along each axis: (2 / 1)²
    "unread": ("0", None),
    "field": ("11", "11.5"),  # 3 + 2 · (2 + 2)
    "halo": ("5", "4"),
    "parameters": ("1224", "1223"),  # 1·8·9 + 2·8·8·9
    "multiply_adds": ("940032", "940031"),  # 32·24·(72 + 576 + 576)
}


@pytest.mark.parametrize(("measure", "edges"), EDGES.items())
def test_a_budget_is_kept_up_to_its_limit(measure, edges):
    analysis = DesignAnalysis(design_of(DESIGN))
    for limit, kept in zip(edges, (True, False), strict=True):
        if limit is not None:
            (budget,) = parsed_budgets(f"{measure}={limit}")
            assert budget.is_met(budget.value(analysis)) is kept


@pytest.mark.parametrize("measure", QUANTITIES)
def test_the_value_itself_is_kept_and_a_stricter_limit_is_not(measure):
    analysis = DesignAnalysis(design_of(DESIGN))
    (budget,) = parsed_budgets(f"{measure}=1")
    value = Fraction(budget.value(analysis))
    step = Fraction(1, 1000) if is_least(measure) else -Fraction(1, 1000)
    assert type(budget)(measure, value).is_met(value)
    assert not type(budget)(measure, value + step).is_met(value)


def test_the_way_of_a_budget_is_told_by_the_table_of_a_search():
    listed = {quoted(name)[0]: better for name, better, _ in rows(TEXTS["core/search/README.md"], "number")}
    assert {name: better != "smaller" for name, better in listed.items()} == {
        name: is_least(name) for name in QUANTITIES
    }


def test_a_missed_budget_is_an_error_and_is_told_first():
    review = reviewed(DesignAnalysis(design_of(DESIGN)), parsed_budgets("parity=1.5,field=200,corner_centre=0.1"))
    assert [(one.code, one.severity) for one in review.findings[:2]] == [
        ("budget-parity", "error"),
        ("budget-field", "error"),
    ]
    assert review.findings[0].message == "parity is 4, and is to be at most 1.5"
    assert review.findings[1].message == "field is 11, and is to be at least 200"


def test_what_has_no_value_is_not_kept():
    review = reviewed(DesignAnalysis(design_of("64; conv k1 s2")), parsed_budgets("parity=9"))
    assert review.findings[0].message == "parity has no value, and is to be at most 9"


def test_the_command_fails_where_a_budget_is_missed(capsys):
    clean = "17x17; conv k3 same circular x8"
    assert main(["check", clean, "--budget", "parity=1,max_min=1", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["budgets"] == [
        {"measure": name, "limit": 1.0, "at_least": False, "value": 1.0, "met": True} for name in ("parity", "max_min")
    ]
    assert main(["check", clean, "--budget", "field=64"]) == 1
    assert "error budget-field\n  field is 17, and is to be at least 64\n" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("parity", "'parity' is no budget; write it as measure=number"),
        ("", "'' is no budget"),
        ("parity=", "'' is no budget of parity; give a number"),
        ("parity=-1", "'-1' is no budget of parity"),
        ("parity=1/2", "'1/2' is no budget of parity"),
        ("parity=nan", "'nan' is no budget of parity"),
        ("parity=1e999", "'1e999' is no budget of parity"),
        ("parity=1,parity=2", "two budgets are given to parity"),
        ("partiy=1", "no measure 'partiy' can be given a budget; did you mean parity?"),
        ("zzz=1", "can be given a budget; there are corner_centre, "),
    ],
)
def test_what_is_no_budget_is_refused(text, words):
    with pytest.raises(UserError, match=words):
        parsed_budgets(text)
