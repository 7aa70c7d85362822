"""Settings of all tests."""

from hypothesis import settings

# A slow machine is no fault.
settings.register_profile("cleaner", deadline=None)
settings.load_profile("cleaner")
