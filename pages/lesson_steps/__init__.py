"""What will happen?"""

from pages.frame.page import Page, Setting

LONGEST_LINK = 2_000  # characters of a lesson that travels in an address

PAGE = Page(
    key="lesson",
    question="What will happen?",
    name="Lessons",
    group="Learn",
    order=64,
    has_design=False,
    presents=True,
    places_question=True,
    settings={
        "lesson": Setting("", longest=LONGEST_LINK),  # the name of one that is here, or one itself, compressed
        "step": Setting(1, range(1, 41)),
    },
)
