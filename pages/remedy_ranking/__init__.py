"""What helps?"""

from core.comparison import MEASURES
from pages.frame.page import Page, Setting

PAGE = Page(
    key="remedies",
    question="What helps?",
    name="Remedies",
    group="Improve",
    order=50,
    axes=2,
    fewer_axes="Maps of three axes are not drawn side by side; `python -m core remedies` ranks what helps a volume.",
    settings={
        "view": Setting("maps", ("maps", "differences", "field", "question")),
        "remedies": Setting("", longest=2000),  # as in kernel-padding, even-input+kernel-padding; nothing: all
        "together": Setting(False),  # all of them in one design, too
        "rank": Setting("effective_share", tuple(MEASURES)),
    },
)
