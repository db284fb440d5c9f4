import os

from hypothesis import HealthCheck, settings

# `HYPOTHESIS_PROFILE=nightly` looks much longer.
slow_to_draw = [HealthCheck.too_slow]
settings.register_profile(
    "small", max_examples=60, deadline=None, suppress_health_check=slow_to_draw
)
settings.register_profile(
    "nightly", max_examples=5_000, deadline=None, suppress_health_check=slow_to_draw
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "small"))
