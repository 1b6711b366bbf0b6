"""A class that follows its teacher: what everyone in it sees, asks and answers."""

from pages.frame.page import Page

PAGE = Page(
    key="class",
    question="Can a class look at this together?",
    name="Class",
    group="Learn",
    order=90,
    has_design=False,
)
