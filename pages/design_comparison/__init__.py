"""How do designs differ?"""

from pages.frame.page import Page, Setting

SLOTS = ("second", "third", "fourth")  # the settings that hold the designs beside the one of the bar

PAGE = Page(
    key="compare",
    question="How do designs differ?",
    name="Compare",
    group="Improve",
    order=60,
    axes=2,
    fewer_axes="Designs of three axes are not drawn side by side; the pages of *See* take them one by one.",
    tells_costs=True,
    settings={
        "view": Setting("tower", ("tower", "map", "profile", "field", "effective")),
        **{
            slot: Setting("", longest=None) for slot in SLOTS
        },  # a design; one that begins with + is the first with that
        "scale": Setting("log", ("log", "linear")),
        "cell": Setting("", picked=True),  # the picked unit of the towers, row:position
    },
)
