"""How many paths reach each pixel?"""

from pages.frame.page import Page, Setting

PAGE = Page(
    key="paths",
    question="How many paths reach each pixel?",
    name="Paths",
    group="See",
    order=10,
    settings={
        "view": Setting("tower", ("tower", "map", "profile")),
        "scale": Setting("log", ("log", "linear")),
        "cell": Setting("", picked=True),  # the picked unit of the tower, row:position
    },
)
