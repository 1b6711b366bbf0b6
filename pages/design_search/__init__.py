"""Which design?"""

from core.search.quantities import QUANTITIES
from pages.frame.page import Page, Setting

START = (
    "32x32; conv k{3,4,5} s2 p{0..2} c16; conv k{3,5} p{1,2} c32; {conv k3 s2 p1 c32,maxpool k2,skip}; "
    "{skip,conv k3 p1 {,circular}}"
)

PAGE = Page(
    key="search",
    question="Which design?",
    name="Search",
    group="Improve",
    order=55,
    has_design=False,
    settings={
        "space": Setting(START, longest=2000),  # a design's text with choices in braces
        "where": Setting("", longest=400),  # a condition on the numbers of a design
        "x": Setting("multiply_adds", tuple(QUANTITIES)),
        "y": Setting("effective_share", tuple(QUANTITIES)),
        "pick": Setting("", longest=None),  # a design of the space
    },
)
