"""The cleaner inside the engines that people already run, a module each. All stand on `cleaner.batch.work`.

Each module needs its engine's library, which an extra of this package installs; see `docs/integrations/`.
"""

from cleaner.errors import OptionError


class LibraryMissing(OptionError, ImportError):
    """A library that an adapter is made for is not installed."""

    def __init__(self, library: str, extra: str) -> None:
        super().__init__(f"this needs {library}; install article-cleaner[{extra}]")
