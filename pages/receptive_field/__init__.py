"""How far does a unit see?"""

from pages.frame.page import Page, Setting

PAGE = Page(
    key="field",
    question="How far does a unit see?",
    name="Receptive field",
    group="See",
    order=20,
    presents=True,
    settings={"view": Setting("layers", ("layers", "input"))},
)
