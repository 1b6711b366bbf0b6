"""What does it really look at?"""

from pages.frame.page import Page, Setting

# The names in core.live, which this must not import: it loads PyTorch. A test holds them equal.
ACTIVATIONS = ("linear", "relu", "leaky_relu", "gelu", "tanh", "sigmoid")
WEIGHTS = ("ones", "kaiming", "xavier", "uniform", "gaussian")
REDUCTIONS = ("abs", "square", "signed", "relu")
IMAGES = ("noise", "gradient", "rings", "checkerboard")

PAGE = Page(
    key="effective",
    question="What does it really look at?",
    name="Effective field",
    group="See",
    order=30,
    presents=True,
    axes=2,
    fewer_axes="Effective fields of one axis and of two are drawn; of three, `python -m core erf` measures them.",
    settings={
        "samples": Setting(64, range(1, 1025)),
        "predicted": Setting("auto", ("auto", "paths", "closed form")),
        "reduce": Setting("abs", REDUCTIONS),
        "weights": Setting("kaiming", WEIGHTS),  # of a typed network, as all that follows but the image
        "activation": Setting("relu", ACTIVATIONS),
        "norm": Setting(False),
        "width": Setting(8, range(1, 65)),
        "redraw": Setting(True),
        "input": Setting("noise", IMAGES),
        "tolerance": Setting(0, range(0, 51)),  # per cent; 0: take all samples
    },
)
