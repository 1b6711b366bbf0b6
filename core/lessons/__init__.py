"""Lessons: steps that show a view, let one predict it, and reveal what follows from it; none says what is not so."""

from .answers import Answer as Answer
from .answers import answer as answer
from .answers import is_right as is_right
from .answers import options as options
from .answers import read_guess as read_guess
from .answers import right_pixels as right_pixels
from .answers import verdict as verdict
from .checking import complaint as complaint
from .checking import load as load
from .document import format_lesson as format_lesson
from .document import format_step as format_step
from .document import parse as parse
from .lesson import Lesson as Lesson
from .lesson import LessonError as LessonError
from .lesson import Option as Option
from .lesson import Question as Question
from .lesson import Step as Step
from .progress import Progress as Progress
from .progress import Response as Response
from .scopes import step_scope as step_scope
from .scopes import view_scope as view_scope
from .views import View as View
from .views import parse_view as parse_view
from .wording import with_numbers as with_numbers
