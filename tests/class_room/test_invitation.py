"""Where students are sent, and what their phones read."""

import pytest

from pages.class_room.invitation import LOCAL, Invitation, card_svg, invitation


@pytest.mark.parametrize(
    ("opened", "listens", "network", "address", "warned"),
    [
        ("http://localhost:8501/class", "", "192.168.1.20", "http://192.168.1.20:8501/class?room=KXQ7M4PT", False),
        ("http://127.0.0.1:8501/", "", None, "http://127.0.0.1:8501/class?room=KXQ7M4PT", True),
        ("http://localhost:8501/", "127.0.0.1", "192.168.1.20", "http://localhost:8501/class?room=KXQ7M4PT", True),
        ("https://fields.lab.edu/class", "", "10.0.0.4", "https://fields.lab.edu/class?room=KXQ7M4PT", False),
        ("http://[::1]:8501/", "", None, "http://[::1]:8501/class?room=KXQ7M4PT", True),
        ("http://192.168.1.20:8501/paths", "", None, "http://192.168.1.20:8501/class?room=KXQ7M4PT", False),
    ],
)
def test_students_are_sent_where_phones_can_go(
    opened: str, listens: str, network: str | None, address: str, warned: bool
) -> None:
    assert invitation("KXQ7M4PT", opened, listens, network) == Invitation(address, LOCAL if warned else "")


def test_the_card_holds_the_code_to_read_and_a_drawing() -> None:
    card = card_svg("http://192.168.1.20:8501/class?room=KXQ7M4PT", "KXQ7 M4PT")
    assert card.startswith("<svg")
    assert ">KXQ7 M4PT</text>" in card
    assert "<path" in card
