"""The lessons of the page on training: one imbalance each, a network, and what is trained beside it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Lesson:
    """``settings``: what it sets; ``asks`` is told above its figure until it is trained."""

    asks: str
    settings: dict[str, str | int]


LESSONS = {
    "border: valid or circular": Lesson(
        "A corner pixel has one path, the centre 6,400. Will it find the square in the corner?",
        {"net": "16x16; conv k3 x4", "against": "border-circular", "task": "detect", "steps": 120},
    ),
    "unread pixels: stride 2, kernel 1 or 2": Lesson(
        "Three pixels of four are never read. What will it answer when the square is there?",
        {"net": "16x16; conv k1 s2; conv k3 p1", "against": "kernel-padding", "task": "detect", "steps": 400},
    ),
    "grid: odd or even kernel at stride 2": Lesson(
        "Every other pixel has a half or a quarter of the paths. Does training make up for it?",
        {"net": "16x16; conv k3 s2 p1; conv k1", "against": "kernel-padding", "task": "detect", "steps": 400},
    ),
    "one side: 16 or 17 pixels": Lesson(
        "At 16 pixels the last padding is never read, at 17 it is. Does a pixel more matter?",
        {"net": "16x16; conv k3 s2 p1 x2", "against": "even-input", "task": "detect", "steps": 400},
    ),
    "depth: eight layers or two": Lesson(
        "Eight layers give one output: 1,225,449 paths from the centre, one from a corner. Are two layers better?",
        {"net": "17x17; conv k3 x8", "against": "17x17; conv k3 x2", "task": "detect", "steps": 300},
    ),
    "does it matter at all: shapes": Lesson(
        "The same stride grid, but objects nine pixels wide: which shape is it?",
        {"net": "20x20; conv k3 s2 p1; conv k3 p1", "against": "kernel-padding", "task": "shapes", "steps": 300},
    ),
}
