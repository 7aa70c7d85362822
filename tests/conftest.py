"""Settings of all tests."""

import os
from pathlib import Path

from hypothesis import settings

# Nobody's own rules take part in the tests.
os.environ.pop("CLEANER_RULES", None)
os.environ["XDG_CONFIG_HOME"] = str(Path(__file__).parent / "no-such-folder")

# A slow machine is no fault.
settings.register_profile("cleaner", deadline=None)
settings.load_profile("cleaner")
