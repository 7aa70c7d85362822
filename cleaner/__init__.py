"""Clean a scraped article: the body alone, and an account of everything that was removed.

>>> import cleaner
>>> result = cleaner.clean("The ferry sank in shallow water on Monday.\\n\\nADVERTISEMENT")
>>> result.text
'The ferry sank in shallow water on Monday.'
"""

from cleaner.errors import CleanerError, InputError, OptionError, RuleError
from cleaner.kinds import Kind
from cleaner.options import Focus, Options
from cleaner.pipeline import clean, clean_html, clean_text
from cleaner.removal import Removal
from cleaner.result import CleanBlock, CleanResult, Metadata

__version__ = "0.1.0"
__all__ = [
    "CleanBlock", "CleanResult", "CleanerError", "Focus", "InputError", "Kind", "Metadata", "OptionError", "Options",
    "Removal", "RuleError", "clean", "clean_html", "clean_text",
]  # fmt: skip
