"""Recaps in many styles and their outlines, reviewed by eye; `CNDDIGEST_GOLDEN=rewrite` writes them anew."""

import json
import os
from pathlib import Path

import pytest

from cnddigest.recap import corrections
from cnddigest.recap.outline import read
from cnddigest.recap.source import decode
from cnddigest.recap.wire import wire

CASES = sorted((Path(__file__).parent / "recaps").iterdir())
REWRITE = os.environ.get("CNDDIGEST_GOLDEN") == "rewrite"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_an_outline_is_as_reviewed(case):
    recap = next(path for path in case.iterdir() if path.stem == "recap")
    reviewed = case / "outline.json"
    said = [corrections.decode(path.name, path.read_bytes()) for path in case.glob("*.outline.toml")]

    found = wire(read([decode(recap.name, recap.read_bytes())], said))

    text = json.dumps(found, ensure_ascii=False, indent=1) + "\n"
    if REWRITE:
        reviewed.write_text(text, "utf-8")
    assert text == reviewed.read_text("utf-8")
