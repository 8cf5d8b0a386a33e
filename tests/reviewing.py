"""Files that a person reviewed: held against what the code does, or written anew with `CNDDIGEST_GOLDEN=rewrite`."""

import json
import os
from pathlib import Path
from typing import Any

REWRITE = os.environ.get("CNDDIGEST_GOLDEN") == "rewrite"
GOLDEN = Path(__file__).parent / "golden"


def cases(name: str) -> list[Path]:
    """The folders of one kind of case."""
    return sorted(path for path in (GOLDEN / name).iterdir() if path.is_dir())


def as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def hold(reviewed: Path, found: str) -> None:
    """Say that a text is what was reviewed."""
    if REWRITE:
        reviewed.write_text(found, "utf-8")
    assert found == reviewed.read_text("utf-8")
