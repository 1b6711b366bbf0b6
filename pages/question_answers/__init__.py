"""Is it right, and what helps?"""

from pages.frame.page import Page

LESSON = "question"  # the lesson whose answers are read here

PAGE = Page(
    key="question",
    question="Is it right, and what helps?",
    name="The question",
    group="Learn",
    order=63,
    has_design=False,
)
