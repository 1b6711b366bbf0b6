"""How many paths reach each pixel?"""

from pages.frame.page import Page, Setting

PAGE = Page(
    key="paths",
    question="How many paths reach each pixel?",
    name="Paths",
    group="See",
    order=10,
    presents=True,
    settings={
        "view": Setting("tower", ("tower", "map", "profile")),
        "reading": Setting("paths", ("paths", "shares")),  # paths as they are, or each unit the mean of what it reads
        "scale": Setting("log", ("log", "linear")),
        "colour": Setting("all rows", ("all rows", "each row")),  # from the fewest to the most paths of which units
        "theory": Setting("none", ("none", "padding", "lengths", "strides")),  # what is told below the counts
        "alpha": Setting(30, range(1, 201)),  # per cent by which each window on a path weighs it
        "cell": Setting("", picked=True),  # the picked units of the tower, one or two, as row:position
    },
)
