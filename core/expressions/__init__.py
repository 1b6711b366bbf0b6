"""One small language of exact expressions: parsed by ``ast``, checked, and never run."""

from .evaluation import Scope as Scope
from .evaluation import UndefinedError as UndefinedError
from .evaluation import Value as Value
from .evaluation import evaluate as evaluate
from .evaluation import is_computed as is_computed
from .evaluation import is_condition as is_condition
from .evaluation import number as number
from .evaluation import parts as parts
from .evaluation import truth as truth
from .evaluation import within as within
