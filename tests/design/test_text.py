"""One text for any design: what is written is read again as the same, and junk is refused in words."""

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.design.text import DesignText, parse
from core.errors import UserError
from core.network import PRESETS
from core.network import parse as parse_network
from core.remedies import REMEDIES
from tests.network.strategies import networks

CALLS = ["nn.ReLU()", "nn.Conv2d(3, 8, (3, 3), padding='same')", "nn.Flatten(1)"]
MODULES = st.lists(st.sampled_from(CALLS), max_size=3)
MISTAKES = ["", "@", "#", "+", "(", ")", "'", "\n", "x", "9", "İ"]
ODD = "ab9 .-_+@#;|'\"éß日()\\"
PLAIN = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,9}", fullmatch=True)


@st.composite
def random_case(draw: st.DrawFn, text: str) -> str:
    return "".join(letter.upper() if draw(st.booleans()) else letter.lower() for letter in text)


@st.composite
def bases(draw: st.DrawFn) -> tuple[str, str, str]:
    """A kind, a base as somebody may write it, and its canonical form."""
    kind = draw(st.sampled_from(["typed", "preset", "zoo", "pasted", "own", "package"]))
    if kind == "typed":
        text = str(draw(networks()))
        return kind, text, text
    if kind == "preset":
        name = draw(st.sampled_from(list(PRESETS)))
        return kind, draw(random_case(name)), name
    if kind == "zoo":
        library, name = (
            draw(st.sampled_from(["timm", "torchvision"])),
            draw(st.from_regex(r"\w[\w./-]*", fullmatch=True)),
        )
        return kind, f"{draw(random_case(library))}:{name}", f"{library}:{name}"
    if kind == "pasted":
        text = f"nn.Sequential({', '.join(draw(MODULES))})"
        return kind, draw(st.sampled_from(["", "model = "])) + text, text
    name = draw(PLAIN)
    if kind == "package":
        text = f"{'.'.join(draw(st.lists(PLAIN, min_size=1, max_size=3)))}:{name}"
        return "own", text, text
    text = f"./{draw(st.text(ODD, max_size=9))}.py:{name}"
    return "own", text, text


@st.composite
def remedies(draw: st.DrawFn) -> tuple[str, str]:
    """A remedy as written, and in its canonical form: numbers that are the usual ones are left out."""
    remedy = REMEDIES[draw(st.sampled_from(list(REMEDIES)))]
    numbers = {name: draw(st.integers(0, 99)) for name in remedy.options if draw(st.booleans())}
    own = [f"{name}{number}" for name, number in numbers.items() if number != remedy.options[name]]
    written = " ".join([remedy.name, *(f"{name}{number}" for name, number in numbers.items())])
    return draw(random_case(written)), " ".join([remedy.name, *own])


@st.composite
def designs(draw: st.DrawFn) -> tuple[str, DesignText]:
    """A text, and what it says."""
    kind, written, base = draw(bases())
    space = draw(st.sampled_from(["", " "]))
    size: tuple[int, ...] = ()
    stage = ""
    network = PRESETS[base] if kind == "preset" else parse_network(base) if kind == "typed" else None
    if network is None:
        size = tuple(draw(st.lists(st.integers(1, 999_999), max_size=3)))
        stage = draw(st.just("") | st.from_regex(r"[\w.-]{1,20}", fullmatch=True))
    elif network.layers and draw(st.booleans()):
        stage = str(draw(st.integers(1, len(network.layers))))
    chosen = draw(st.lists(remedies(), max_size=3))
    text = written
    text += f"{space}@{space}{'x'.join(map(str, size))}" if size else ""
    text += f"{space}#{space}{stage}" if stage else ""
    text += "".join(f"{space}+{space}{remedy}" for remedy, _ in chosen)
    said = DesignText("own" if kind == "package" else kind, base, size, stage, tuple(name for _, name in chosen))
    return f"{space}{text}{space}", said


@given(designs())
def test_a_text_says_what_was_written_and_its_form_says_it_again(design: tuple[str, DesignText]) -> None:
    text, said = design
    assert parse(text) == said
    assert parse(str(said)) == said


@given(networks(), st.lists(st.integers(1, 64), min_size=1, max_size=3))
def test_an_input_of_a_typed_network_becomes_part_of_its_text(network: object, size: list[int]) -> None:
    try:
        said = parse(f"{network}@{'x'.join(map(str, size))}")
    except UserError:
        return
    assert said.input == ()
    assert said.network is not None
    axes = len(said.network.size)
    assert said.network.size == (tuple(size) * axes if len(size) == 1 else tuple(size[-axes:]))
    assert parse(str(said)) == said


def assert_read_or_refused(text: str) -> None:
    """A text that is read is read again as the same; any other is refused as a mistake of its author."""
    try:
        said = parse(text)
    except UserError:
        return
    assert parse(str(said)) == said


@given(st.text(max_size=60) | st.text("0123456789xkpsc;@#+:.,()|'\" \n\\-nnSequential.py", max_size=60))
def test_junk_is_refused_in_words(text: str) -> None:
    assert_read_or_refused(text)


@given(designs(), st.integers(0, 2**32))
def test_a_text_with_mistakes_in_it_is_read_or_refused(design: tuple[str, DesignText], seed: int) -> None:
    letters, chance = list(design[0]), random.Random(seed)
    for _ in range(chance.randint(1, 3)):
        place = chance.randrange(len(letters) + 1)
        letters[place : place + chance.randint(0, 2)] = chance.choice(MISTAKES)
    assert_read_or_refused("".join(letters))


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("9x9;conv k3 x1@64", "64x64; conv k3"),
        ("9; conv k3@4x64", "64 c4; conv k3"),
        ("stack exchange: 64-wide windows moved by 4@300", "Stack Exchange: 64-wide windows moved by 4@300"),
        ("ResNet-18@224x224", "ResNet-18"),
        ("resnet-18 + Random-Connections  seed3 r8", "ResNet-18+random-connections seed3"),
        ("./a+b@2/my#net.py:build@3x64#stem.0", "./a+b@2/my#net.py:build@3x64#stem.0"),
        ("TIMM:resnet50@256", "timm:resnet50@256"),
        ("model = nn.Sequential(\n  nn.Identity(),  # a)\n)\n@3x8", "nn.Sequential(nn.Identity())@3x8"),
    ],
)
def test_the_canonical_form(text: str, canonical: str) -> None:
    assert str(parse(text)) == canonical
    assert str(parse(canonical)) == canonical


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "a design is missing; type a network"),
        ("9; conv k3@64#2", "#2 is no stage of '9; conv k3'; give how many of its 1 layers"),
        ("9; conv k3#1@64", "'#1@64' after '9; conv k3' cannot be read; a design is followed by @input, #stage and"),
        ("9x9; conv k3@1x2x3x4x5", "'1x2x3x4x5' is no input size; give a side, or sides, or channels before them"),
        ("9; conv k3@3x9x9", "an input of 3x9x9 does not fit a network of 1 axes; give L or CxL"),
        ("timm:resnet50#", "'' is no stage; give a module's path, or a number of layers"),
        ("timm:resnet50+deeperr", "there is no remedy 'deeperr'; did you mean deeper"),
        ("timm:resnet50+", "there is no remedy ''"),
        ("resnet50@64", "there is no preset 'resnet50'; did you mean 'ResNet-50'?"),
        ("my.py", "my.py is a file; name what makes the model in it, as in my.py:build"),
        ("import torch\nclass Net(nn.Module):\n  x = 1", "core check my.py:Net@3x96x96 (or paths, field, erf,"),
        ("9; conv" * 5000, "the text has 35000 characters, more than 20000; write a smaller design"),
    ],
)
def test_a_mistake_is_told_with_what_to_change(text: str, message: str) -> None:
    with pytest.raises(UserError, match=re.escape(message)):
        parse(text)


@pytest.mark.parametrize("depth", [150, 400, 3000])
def test_what_python_cannot_write_out_stays_as_it_was_pasted(depth: int) -> None:
    """Python reads deeper expressions than it writes."""
    for text in (f"nn.Sequential({'-' * depth}1)", f"nn.Sequential({'1+' * depth}1)"):
        assert parse(str(parse(text))) == parse(text)


@pytest.mark.parametrize(("size", "stage"), [("96x64", "3"), (None, "2"), ("32", None)])
def test_options_are_written_into_the_text(size: str | None, stage: str | None) -> None:
    said = parse("ResNet-18@64#1+kernel-padding").with_options(size, stage)
    assert str(said) == f"ResNet-18@{size or '64'}#{stage or '1'}+kernel-padding"
