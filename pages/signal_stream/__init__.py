"""Will it stream?"""

from pages.frame.page import Page, Setting

PAGE = Page(
    key="streams",
    question="Will it stream?",
    name="Streams",
    group="Deploy",
    order=62,
    settings={
        "rate": Setting("16000"),  # samples of the input a second, also as a fraction: 22050/256
    },
)
