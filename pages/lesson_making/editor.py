"""What is written to a view: sentences, a question, its answer, claims. What cannot be read is told at once."""

import streamlit as st

from core.errors import UserError
from core.lessons import LessonError, Option, Question, Step, format_step, parse, parse_view, step_scope
from core.lessons.quantities import QUANTITIES
from core.lessons.wording import number_and_text
from pages.lesson_making import draft as drafts
from pages.lesson_making.draft import Draft
from pages.work import cache

_KINDS = {"none": "No question", "number": "A number", "choice": "A choice", "pixel": "Click a pixel"}
_NUMBERS = "A name such as centre, or a sum such as centre / corner; all names are listed below"
_CONDITION = "What the pixel meets, as in here == least; its paths are here, its place row and column"
_CHOICES = "One option a line, each with its condition in braces:\nthe corner {corner < centre}"


def edit(of: Draft, number: int) -> None:
    """The fields of a step; whatever is typed becomes the draft, unless it cannot be read."""
    step = of.steps[number - 1]
    key = f"{number}_{len(of.steps)}_{st.session_state.get('_draft_turn', 0)}"
    title = st.text_input("Title of the step", step.title, key=f"_title_{key}", max_chars=120)
    view = st.text_input("View", step.view, key=f"_view_{key}", help="an address of this app, or a design")
    text = st.text_area(
        "Sentences", step.text, key=f"_text_{key}", height=110, max_chars=4000,
        help="numbers of the view stand in braces: {centre}, {centre / corner:.1}, {corner_centre:%}",
    )  # fmt: skip
    question = step.question
    kind = st.segmented_control(
        "It asks for", list(_KINDS), default=question.kind if question else "none", required=True,
        key=f"_kind_{key}", format_func=_KINDS.__getitem__,
    )  # fmt: skip
    prompt = answer = reveal = then = ""
    if kind and kind != "none":
        prompt = st.text_input("Question", question.prompt if question else "", key=f"_prompt_{key}", max_chars=300)
        answer = _answer(step, kind, key)
        reveal = st.text_input("Reveal", step.reveal, key=f"_reveal_{key}", max_chars=1000,
                               help="what follows from the answer, in a sentence")  # fmt: skip
        then = st.text_input("View that answers", step.then, key=f"_then_{key}",
                             help="appears with the answer; without one, the first view is covered")  # fmt: skip
    claims = st.text_area("Claims, one a line", "\n".join(step.claims), key=f"_claims_{key}", height=68,
                          help="what must be so for the lesson to open, as in corner < centre / 2")  # fmt: skip
    try:
        changed = _step(title, view, text, kind or "none", prompt, answer, reveal, then, claims)
    except UserError as error:
        st.error(str(error), icon=":material/error:")
        return
    if changed != step:
        drafts.keep(of.changed(number, changed), number)


def _answer(step: Step, kind: str, key: str) -> str:
    """What is right; the number it is in the view is told."""
    question = step.question
    if kind == "choice":
        options = question.options if question else ()
        lines = "\n".join(f"{option.text} {{{option.condition}}}" for option in options)
        return st.text_area("Options", lines, key=f"_options_{key}", height=110, placeholder=_CHOICES) or ""
    held = question.answer if question and question.kind == kind else ""
    help_text, example = (_NUMBERS, "centre") if kind == "number" else (_CONDITION, "here == least")
    answer = st.text_input("Answer", held, key=f"_answer_{key}", placeholder=example, help=help_text) or ""
    if kind == "number" and answer:
        try:
            st.caption(f"In this view: {number_and_text(answer, step_scope(step, cache.analysis))[1]}")
        except UserError as error:
            st.caption(f":material/error: {error}")
    return answer


def _step(
    title: str, view: str, text: str, kind: str, prompt: str, answer: str, reveal: str, then: str, claims: str
) -> Step:
    """The step of what was typed, as a file would have it: read again, so that nothing can be written that is not."""
    question = None
    if kind == "choice" and prompt:
        lines = [line.strip().removeprefix("- ") for line in answer.splitlines() if line.strip()]
        question = Question("choice", _line(prompt), tuple(map(_option, lines)))
    elif kind == "number" and prompt:
        question = Question("number", _line(prompt), (), _line(answer))
    elif kind == "pixel" and prompt:
        question = Question("pixel", _line(prompt), (), _line(answer))
    step = Step(
        _line(title),
        str(parse_view(view)),
        "\n".join(line.rstrip() for line in text.strip().splitlines()),
        str(parse_view(then)) if then.strip() and question else "",
        question,
        _line(reveal) if question else "",
        tuple(_line(claim) for claim in claims.splitlines() if claim.strip()),
    )
    return parse(f"# T\n\n{format_step(step)}\n").steps[0]


def _option(line: str) -> Option:
    text, brace, condition = line.rpartition("{")
    if not brace or not condition.rstrip().endswith("}"):
        raise LessonError(f"an option ends with its condition in braces: {line[:60]} {{corner < centre}}")
    return Option(_line(text), _line(condition.rstrip().removesuffix("}")))


def _line(text: str) -> str:
    return " ".join(text.split())


def number_rows() -> list[dict[str, str]]:
    """Every number that a view has, for whoever writes a lesson."""
    return [
        {"name": f"{name}({', '.join(quantity.takes)})" if quantity.takes else name, "is": quantity.meaning}
        for name, quantity in QUANTITIES.items()
    ]
