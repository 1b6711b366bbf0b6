"""Property tests draw the same examples on every run, and no example has a deadline: machines differ."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "repeatable",
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],  # a random network takes a while to write down
)
settings.load_profile("repeatable")
