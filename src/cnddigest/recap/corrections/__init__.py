"""Corrections beside a recap: what its author says about a reading, without touching the text.

`NAME.outline.toml` stands beside `NAME.md`. Its `[[line]]` entries say what a line or heading is, before days and
talks are looked for (`lines`); its `[[session]]` entries mend what was found (`sessions`). An entry names its line or
session by words, never by number, so it survives edits; one that fits nothing any more is a finding, not an error.
"""

from cnddigest.recap.corrections.drafting import drafted
from cnddigest.recap.corrections.model import Corrections
from cnddigest.recap.corrections.parsing import decode, parse

__all__ = ["Corrections", "decode", "drafted", "parse"]
