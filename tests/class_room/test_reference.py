"""What the reference of the pages says of a class is so."""

from math import log10

from pages.class_room import limits
from pages.class_room.board import URL
from pages.class_room.codes import _LENGTH, _LETTERS
from tests.texts import TEXTS, rows, section

TEXT = section(TEXTS["pages/README.md"], "A class")


def test_the_limits_are_those_that_hold() -> None:
    listed = dict(rows(TEXTS["pages/README.md"], "of a class"))
    assert f"{limits.SEATS} seats, {limits.QUESTIONS} questions; {limits.ROOMS} classes" in listed["its size"]
    assert f"after {limits.HOURS} hours" in listed["its end"]
    assert limits.KEPT_HOURS == 1
    assert f"{10 ** (log10(len(_LETTERS) ** _LENGTH) % 1):.1f} × 10¹¹" in listed["its code"]


def test_the_setting_of_the_database_is_named() -> None:
    assert f"`{URL}`" in TEXT
