"""Property tests draw the same examples on every run, and no example has a deadline: machines differ.

PyTorch computes on one thread, here and in what tests start: several that wait for each other on a processor that
they share take ten times as long.
"""

import os

from hypothesis import HealthCheck, settings

os.environ.setdefault("OMP_NUM_THREADS", "1")

settings.register_profile(
    "repeatable",
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],  # a random network takes a while to write down
)
settings.load_profile("repeatable")
