"""Every ruled operator, and the ways in which modules use them, against the oracles."""

import pytest

from core.live.operators.registry import EXACT
from core.live.trace import recorder
from tests.live.trace.cases import CASES
from tests.live.trace.comparing import assert_exact, traced

pytestmark = pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel lengths")  # torch's own, on speed


@pytest.mark.parametrize("name", CASES)
def test_counts_are_those_of_the_module_itself(name: str) -> None:
    module, size = CASES[name]
    assert_exact(module, size)


class Asked(dict):
    """Rules that remember which of them were asked for."""

    def __init__(self, rules: dict) -> None:
        super().__init__(rules)
        self.operators: set = set()

    def get(self, operator, default=None):
        self.operators.add(operator)
        return super().get(operator, default)


def test_every_rule_has_a_case(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Asked(EXACT)
    monkeypatch.setattr(recorder, "EXACT", asked)
    for module, size in CASES.values():
        traced(module, size)
    assert {str(operator) for operator in EXACT.keys() - asked.operators} == set()
