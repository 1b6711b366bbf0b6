"""Does it matter?"""

from pages.effective_field import ACTIVATIONS
from pages.frame.page import Page, Setting

TASKS = ("detect", "which", "where", "shapes")  # the names in core.training, which loads PyTorch; a test compares them

PAGE = Page(
    key="training",
    question="Does it matter?",
    name="Training",
    group="Learn",
    order=70,
    axes=2,
    fewer_axes="Training makes examples along one axis or two, and this network reads three.",
    typed_only="Training takes typed networks: a model of the zoo would take hours here. Write a small one as a text.",
    settings={
        "view": Setting("maps", ("maps", "curves", "field")),
        "against": Setting("border-circular", longest=None),  # a remedy, several joined by +, or a network
        "task": Setting("detect", TASKS),
        "square": Setting(1, range(1, 17)),  # pixels a side
        "contrast": Setting(0, range(0, 101)),  # standard deviations of the noise; 0: the task's own
        "steps": Setting(120, range(1, 5001)),
        "seeds": Setting(3, range(1, 11)),
        "trained": Setting(False),
        "activation": Setting("relu", ACTIVATIONS),
        "width": Setting(8, range(1, 65)),
    },
)
