"""The sentences and the table of the report on a design."""

import re
from collections.abc import Sequence
from html import escape

from core.checks import CODES, Finding, Fix, Severity
from core.formatting import counted_noun, format_list, format_measure

SIGNS: dict[Severity, tuple[str, str, str]] = {  # word, icon, colour
    "error": ("Error", ":material/error:", "red"),
    "warning": ("Warning", ":material/warning:", "orange"),
    "note": ("Note", ":material/info:", "blue"),
}
_LARGE = ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"))
READING = (
    "Small pictures: the brighter a pixel, the more paths lead from it, on one scale before and after; an orange frame "
    "marks the place in question; what no path reaches is grey or darkest. Bars are the fields of the layers over the "
    "input, the first layer on top; blue ones are those that the finding names. A tile is grey; what it must "
    "read beside its own pixels is orange."
)
FIELDS = "The field of each layer over the input, in grey; blue: the layers that the finding names."
TILE = "Grey: a tile as large as the input; orange: what it must read of its neighbours, to scale, in pixels."
PLANE = " Drawn are height and width; the sentence tells what it must read along the depth."

_COLUMNS = "display:flex;flex-wrap:wrap;gap:0 2rem"  # beside each other where there is room, else below
_PICTURES, _TEXT = "flex:0 1 19rem", "flex:1 1 24rem;min-width:0"
_ROW = "display:flex;flex-wrap:wrap;gap:1rem"

Row = dict[str, str]


def insight(findings: Sequence[Finding]) -> str:
    """How many findings there are, and the worst."""
    if not findings:
        return f"**None of the {len(CODES)} checks finds anything** in this design."
    numbers = [(severity, sum(finding.severity == severity for finding in findings)) for severity in SIGNS]
    counted = format_list([counted_noun(number, severity) for severity, number in numbers if number])
    return f"**{counted[0].upper()}{counted[1:]}.** {sentence(findings[0].message)}"


def tile(axes: int) -> str:
    """How the picture of a tile is read."""
    return TILE + (PLANE if axes == 3 else "")


def sentence(text: str) -> str:
    """A message as a sentence, its lengths typeset.

    >>> sentence("use an input of 65x65")
    'Use an input of 65×65.'
    """
    return f"{typeset(text[0].upper() + text[1:])}."


def typeset(text: str) -> str:
    """Lengths of several axes with a cross."""
    return re.sub(r"(?<=\d)x(?=\d)", "×", text)


def linked(text: str) -> str:
    """A sentence whose sources can be followed.

    >>> linked("Luo et al., arXiv 1701.04128")
    'Luo et al., [arXiv 1701.04128](https://arxiv.org/abs/1701.04128)'
    """
    text = re.sub(r"arXiv (\d{4}\.\d{5})", r"[arXiv \1](https://arxiv.org/abs/\1)", text)
    return re.sub(r"doi (10\.\d+/[\w.]*\w)", r"[doi \1](https://doi.org/\1)", text)


def heading(finding: Finding) -> str:
    """How bad a finding is, its title, its number and its layer."""
    word, icon, colour = SIGNS[finding.severity]
    number = f": {typeset(finding.number)}" if finding.number else ""
    layer = f" :small[:gray[{finding.layer}]]" if finding.layer else ""
    return f":{colour}-badge[{icon} {word}] {finding.title}{number}{layer}"


def told(finding: Finding) -> str:
    """What a finding says, and under it why that matters."""
    return f"{sentence(finding.message)}\n\n:small[Why it matters: {linked(sentence(finding.why))}]"


def card(finding: Finding, drawings: Sequence[str], with_fixes: bool) -> str:
    """A finding in one piece, as Markdown in HTML: its head, and beside its small pictures what is to be said.

    ``drawings``: images as HTML. ``with_fixes``: whether the fixes are listed, the best first.
    """
    said = [told(finding), *([_listed(finding)] if with_fixes else [])]
    beside = "\n\n".join(map(_plain, said))
    pictures = f'<div style="{_ROW}">{"".join(drawings)}</div>\n\n:small[:gray[{caption(finding, len(drawings))}]]'
    return (
        f"### {_plain(heading(finding))}\n\n"
        f'<div style="{_COLUMNS}">\n<div style="{_PICTURES}">{pictures}\n\n</div>'
        f'<div style="{_TEXT}">\n\n{beside}\n\n</div></div>'
    )


def _plain(markdown: str) -> str:
    """Markdown without HTML of its own."""
    return escape(markdown, quote=False)


def _listed(finding: Finding) -> str:
    fixes = (finding.fix, *finding.others) if finding.fix is not None else ()
    items = [fix_words(fix).replace("\n", "\n   ") for fix in fixes]
    if len(items) < 2:
        return "".join(items)
    return "\n".join(f"{place}. {item}" for place, item in enumerate(items, start=1))


def fix_words(fix: Fix) -> str:
    """What is done, what it does and what it costs."""
    return f"**{sentence(fix.words)}** {effect(fix)}  \n:small[{price(fix)}]"


def effect(fix: Fix) -> str:
    """What a fix did, measured again."""
    measure = fix.measure[0].upper() + fix.measure[1:]
    return f"{measure}: **{format_measure(fix.before)}** becomes **{format_measure(fix.after)}**."


def price(fix: Fix) -> str:
    """What a fix costs, before and after."""
    pairs = [
        ("multiply-adds", fix.cost_before.multiply_adds, fix.cost.multiply_adds),
        ("weights", fix.cost_before.parameters, fix.cost.parameters),
        ("pixels", *fix.pixels),
    ]
    changed = [f"{noun} {_change(least, most)}" for noun, least, most in pairs if least != most]
    same = [noun for noun, least, most in pairs if least == most]
    if not changed:
        return "It costs nothing: as many multiply-adds, weights and pixels as before."
    rest = f"; {format_list(same)} as before" if same else ""
    return f"Cost: {format_list(changed)}{rest}."


def _change(before: int, after: int) -> str:
    """Two whole numbers, and by how much the second is more.

    >>> _change(1_814_000_000, 1_841_000_000), _change(200, 150), _change(0, 9)
    ('1.81 billion → 1.84 billion (+1.5 %)', '200 → 150 (-25 %)', '0 → 9')
    """
    text = f"{rounded(before)} → {rounded(after)}"
    if not before:
        return text
    percent = 100 * (after - before) / before
    written = f"{abs(percent):.2g}" if abs(percent) < 100 else f"{abs(percent):,.0f}"
    return f"{text} ({'+' if percent > 0 else '-'}{written} %)"


def rounded(count: int) -> str:
    """A whole number in a few letters: all digits of less than a million.

    >>> rounded(65_536), rounded(1_814_073_344)
    ('65,536', '1.81 billion')
    """
    for size, name in _LARGE:
        if count >= size:
            return f"{count / size:,.3g} {name}" if count < 1000 * size else f"{count // size:,} {name}"
    return f"{count:,}"


def caption(finding: Finding, drawn: int) -> str:
    """What stands under the small pictures of a finding."""
    if drawn < 2 or finding.fix is None:
        return "The design as it is"
    return "The design as it is, and after the first fix"


def rows(report_findings: Sequence[Finding]) -> list[Row]:
    """The findings as a table for a file: what a reader may compute with."""
    return [
        {
            "severity": finding.severity,
            "code": finding.code,
            "layer": finding.layer or "",
            "finding": finding.message,
            "fix": "" if finding.fix is None else finding.fix.words,
            "before": "" if finding.fix is None else format_measure(finding.fix.before),
            "after": "" if finding.fix is None else format_measure(finding.fix.after),
            "design": "" if finding.fix is None else str(finding.fix.design.text),
        }
        for finding in report_findings
    ]


def summary(findings: Sequence[Finding]) -> list[Row]:
    """The findings as a table to read, one short row each."""
    return [
        {
            "Severity": SIGNS[finding.severity][0],
            "Finding": finding.title,
            "Number": typeset(finding.number),
            "Layer": finding.layer or "the whole design",
            "First fix": "none that does better" if finding.fix is None else sentence(finding.fix.words),
        }
        for finding in findings
    ]
