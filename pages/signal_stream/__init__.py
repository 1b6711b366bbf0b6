"""Will it stream?"""

from pages.frame.page import Page, Setting

PAGE = Page(
    key="streams",
    question="Will it stream?",
    name="Streams",
    group="Deploy",
    order=62,
    axes=2,
    fewer_axes="This page streams along one axis and two; `python -m core stream` answers and proves for video.",
    settings={
        "rate": Setting("16000"),  # samples of the input a second, also as a fraction: 22050/256
    },
)
