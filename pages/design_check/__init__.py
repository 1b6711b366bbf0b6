"""What is wrong with my design?"""

from core.network import limits
from pages.frame.page import Page, Setting

PAGE = Page(
    key="check",
    question="What is wrong with my design?",
    name="Check",
    group="Improve",
    order=40,
    settings={
        "finding": Setting("", longest=24, picked=True),  # the code of the finding whose picture is large
        "object": Setting(
            0, range(0, limits.MAX_SIDE + 1)
        ),  # pixels along each axis that a unit must see; 0: not stated
        "sizes": Setting("", longest=80),  # inputs that are compared, as in 224,256,384
    },
)
