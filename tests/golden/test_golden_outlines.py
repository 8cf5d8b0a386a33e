"""Recaps in many styles and their outlines, reviewed by eye; `CNDDIGEST_GOLDEN=rewrite` writes them anew."""

import pytest

from cnddigest.recap import corrections
from cnddigest.recap.outline import read
from cnddigest.recap.source import decode
from cnddigest.recap.wire import wire
from reviewing import as_json, cases, hold


@pytest.mark.parametrize("case", cases("recaps"), ids=lambda case: case.name)
def test_an_outline_is_as_reviewed(case):
    recap = next(path for path in case.iterdir() if path.stem == "recap")
    said = [corrections.decode(path.name, path.read_bytes()) for path in case.glob("*.outline.toml")]

    found = wire(read([decode(recap.name, recap.read_bytes())], said))

    hold(case / "outline.json", as_json(found))
