"""Will it tile?"""

from pages.frame.page import Page, Setting

PAGE = Page(
    key="tiles",
    question="Will it tile?",
    name="Tiles",
    group="Deploy",
    order=61,
    settings={
        "tile": Setting(0, range(0, 4097)),  # pixels along each axis; 0: one that owns a good part of itself
        "overlap": Setting("", longest=4),  # pixels on every side; empty: the halo
    },
)
