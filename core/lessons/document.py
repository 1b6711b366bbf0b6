"""A lesson as a Markdown file that is written by hand: ``parse(format_lesson(lesson)) == lesson``.

::

    # Pascal's triangle

    What the lesson is about, in a sentence or two.

    ## The fourth row
    view: paths?net=4; conv k2 x4

    Some sentences, with numbers of the view in braces: there are {total} paths.

    question: What is the middle number?
    answer: cell(0, 2)
    reveal: It is {cell(0, 2)}, the number of ways to choose two of four.
    claim: cell(0, 2) == choose(4, 2)

A question that has options instead of an answer lists them below it, each with the condition in braces under which it
is right; one with ``pixel: here == least`` is answered by a click. A line that begins with two blanks goes on with the
field above it; a backslash before a line keeps it text.
"""

import re
from dataclasses import dataclass, field

from .lesson import Lesson, LessonError, Option, Question, Step
from .wording import literal_parts

MAX_CHARACTERS = 64_000
MAX_LINE = 4_000
MAX_STEPS = 40
MAX_CLAIMS = 12  # of one step

FIELDS = ("view", "then", "question", "answer", "pixel", "reveal", "claim")
_FIELD = re.compile(rf"({'|'.join(FIELDS)}):(?:\s+(.*))?")
_STRUCTURE = re.compile(rf"\\*(#{{1,2}}(\s|$)|({'|'.join(FIELDS)}):(\s|$))")
_OPTION = re.compile(r"(.*\S)\s*\{([^{}]*)\}")
_FOREIGN = re.compile(r"<[A-Za-z/!?]|!\[|\]\s*[(\[]|^\s*\[[^\]]*\]:|&#?\w+;")


def parse(text: str) -> Lesson:
    """The lesson that a file says. Raises :class:`~.lessons.lesson.LessonError`, which names the line.

    What it says may still be false: :func:`~.lessons.checking.checked` asks that.
    """
    if len(text) > MAX_CHARACTERS:
        raise LessonError(f"the file has {len(text):,} characters, more than {MAX_CHARACTERS:,}; divide the lesson")
    document = _Document()
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), start=1):
        try:
            document.read(number, line.rstrip())
        except LessonError as error:
            raise LessonError(f"line {number}: {error}") from error
    return document.lesson()


def format_lesson(lesson: Lesson) -> str:
    """The file of a lesson."""
    blocks = [f"# {lesson.title}", _escaped(lesson.summary), *map(format_step, lesson.steps)]
    return "\n\n".join(block for block in blocks if block) + "\n"


def format_step(step: Step) -> str:
    """The part of a file that is one step."""
    head = [f"## {step.title}", f"view: {step.view}", *([f"then: {step.then}"] if step.then else [])]
    tail: list[str] = []
    if (question := step.question) is not None:
        tail.append(f"question: {question.prompt}")
        tail += [f"- {option.text} {{{option.condition}}}" for option in question.options]
        if question.kind != "choice":
            tail.append(f"{'answer' if question.kind == 'number' else 'pixel'}: {question.answer}")
    tail += [f"reveal: {step.reveal}"] if step.reveal else []
    tail += [f"claim: {claim}" for claim in step.claims]
    blocks = ["\n".join(head), _escaped(step.text), "\n".join(tail)]
    return "\n\n".join(block for block in blocks if block)


@dataclass
class _Section:
    """A step while it is read: its fields with their lines, and its text."""

    line: int
    title: str
    text: list[str] = field(default_factory=list)
    fields: list[tuple[int, str, str]] = field(default_factory=list)  # line, name, value; options among them

    def paragraphs(self) -> str:
        return re.sub(r"\n{3,}", "\n\n", "\n".join(self.text).strip("\n"))

    def step(self) -> Step:
        try:
            return self._step()
        except LessonError as error:
            raise LessonError(f"step {self.title!r}, line {self.line}: {error}") from error

    def _step(self) -> Step:
        held = {name: self._all(name) for name in (*FIELDS, "option")}
        for name in FIELDS[:-1]:
            if len(held[name]) > 1:
                raise LessonError(f"there are {len(held[name])} lines {name}:; one step has one")
        if not held["view"]:
            raise LessonError("the view is missing; write one as in view: paths?net=9; conv k3 x4")
        if len(held["claim"]) > MAX_CLAIMS:
            raise LessonError(f"there are {len(held['claim'])} claims, more than {MAX_CLAIMS}")
        one = {name: "".join(values) for name, values in held.items() if name != "claim"}
        return Step(
            self.title, one["view"], self.paragraphs(), one["then"], _question(held), one["reveal"],
            tuple(held["claim"]),
        )  # fmt: skip

    def _all(self, name: str) -> list[str]:
        return [value for _, key, value in self.fields if key == name]


def _question(held: dict[str, list[str]]) -> Question | None:
    if not held["question"]:
        if held["answer"] or held["pixel"] or held["option"]:
            raise LessonError("there is an answer without a question; write question: before it")
        return None
    kinds = [name for name in ("answer", "pixel", "option") if held[name]]
    if len(kinds) != 1:
        raise LessonError("a question has either a line answer:, or a line pixel:, or options below it")
    prompt = held["question"][0]
    if kinds == ["option"]:
        return Question("choice", prompt, tuple(map(_option, held["option"])))
    return Question("number" if kinds == ["answer"] else "pixel", prompt, (), held[kinds[0]][0])


def _option(line: str) -> Option:
    match = _OPTION.fullmatch(line)
    if match is None:
        raise LessonError(f"an option ends with its condition, as in '- the same {{corner == centre}}'; not {line!r}")
    return Option(match[1], match[2].strip())


class _Document:
    """What has been read so far, line by line."""

    def __init__(self) -> None:
        self.title = ""
        self.summary = _Section(1, "")
        self.sections: list[_Section] = []
        self.open = False  # whether the last line was a field's

    def read(self, number: int, line: str) -> None:
        if len(line) > MAX_LINE:
            raise LessonError(f"it has {len(line):,} characters, more than {MAX_LINE:,}")
        if not line.replace("\t", " ").isprintable():
            raise LessonError("it holds a letter that cannot be shown")
        now = self.sections[-1] if self.sections else self.summary
        if line.startswith(("# ", "## ")):
            self._begin(number, line)
        elif self.open and line.startswith("  "):
            at, name, value = now.fields[-1]
            now.fields[-1] = at, name, f"{value} {line.strip()}".strip()
        elif self.sections and (match := _FIELD.fullmatch(line)):
            now.fields.append((number, match[1], (match[2] or "").strip()))
            self.open = True
        elif self.open and line.startswith("- ") and now.fields[-1][1] in ("question", "option"):
            now.fields.append((number, "option", line[2:].strip()))
        else:
            self.open = False
            now.text.append(line[1:] if line.startswith("\\") and _STRUCTURE.match(line) else line)

    def _begin(self, number: int, line: str) -> None:
        self.open = False
        mark, _, title = line.partition(" ")
        if mark == "##":
            if len(self.sections) == MAX_STEPS:
                raise LessonError(f"this is step {MAX_STEPS + 1}, and a lesson has at most {MAX_STEPS}")
            self.sections.append(_Section(number, title.strip()))
        elif self.title or self.sections:
            raise LessonError("a file holds one lesson, and this begins another; a step begins with ##")
        else:
            self.title = title.strip()

    def lesson(self) -> Lesson:
        if not self.title:
            raise LessonError("the title is missing; the first line is one such as '# The corner'")
        lesson = Lesson(self.title, self.summary.paragraphs(), tuple(section.step() for section in self.sections))
        _refuse_foreign(self.title, self.summary.paragraphs(), "the summary")
        for section, step in zip(self.sections, lesson.steps, strict=True):
            question = step.question
            shown = [step.text, step.reveal]
            if question is not None:
                shown += [question.prompt, *(option.text for option in question.options)]
            _refuse_foreign(step.title, "\n".join(shown), f"step {step.title!r}, line {section.line}")
        return lesson


def _refuse_foreign(title: str, text: str, where: str) -> None:
    """Raises for HTML, links and pictures: a lesson is words, and asks no other machine for anything."""
    for line in (title, *literal_parts(text).split("\n")):
        if found := _FOREIGN.search(line):
            raise LessonError(
                f"{where}: {found[0]!r} begins HTML, a link or a picture, and a lesson has none; write words"
            )


def _escaped(text: str) -> str:
    """Text whose lines look like no part of a lesson."""
    return "\n".join(f"\\{line}" if _STRUCTURE.match(line) else line for line in text.split("\n"))
