"""Hypothesis judges the rules, not the machine: a slow or busy one fails nothing."""

from hypothesis import HealthCheck, settings

settings.register_profile("rules", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("rules")
