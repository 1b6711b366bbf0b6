"""What will you ask?"""

from pages.frame.page import Page, Setting
from pages.lesson_steps import LONGEST_LINK

PAGE = Page(
    key="make_lesson",
    question="What will you ask?",
    name="Make a lesson",
    group="Learn",
    order=66,
    has_design=False,
    settings={
        "lesson": Setting("", longest=LONGEST_LINK),  # the draft, compressed, where it is short enough
        "step": Setting(1, range(1, 41)),  # that is edited
    },
)
