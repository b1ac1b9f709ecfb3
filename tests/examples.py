"""How many examples a property is given where the profile's own count would take too long."""

from hypothesis import HealthCheck, settings


def some(share: float) -> settings:
    """A share of the profile's examples, for tests whose fixtures serve all examples."""
    profile = settings.get_profile(settings.get_current_profile_name())
    return settings(
        max_examples=max(1, round(profile.max_examples * share)),
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
    )
