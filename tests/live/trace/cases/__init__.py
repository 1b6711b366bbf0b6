"""One small module or more for every operator that is ruled, and for the ways in which modules use them."""

from tests.live.trace.cases.arithmetic import ARITHMETIC, NORMS
from tests.live.trace.cases.layouts import LAYOUTS
from tests.live.trace.cases.memory import MEMORY
from tests.live.trace.cases.pointwise import POINTWISE_CASES
from tests.live.trace.cases.volumes import VOLUMES
from tests.live.trace.cases.windows import WINDOWS

CASES = {**WINDOWS, **NORMS, **ARITHMETIC, **LAYOUTS, **MEMORY, **POINTWISE_CASES, **VOLUMES}
