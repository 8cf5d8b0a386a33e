"""What one look of `doctor` found, and how a look is taken."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from stat import S_IRWXG, S_IRWXO
from typing import Literal, ParamSpec

from cnddigest.errors import CndDigestError, reason

State = Literal[
    "ok",  # as it should be
    "look",  # it works, and is probably not what was meant
    "mend",  # publishing would fail or go wrong
]
Seen = tuple[State, str, str | None]  # state, detail, hint
P = ParamSpec("P")


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What one look found. `hint` says what to do about it."""

    name: str
    state: State
    detail: str
    hint: str | None = None


def told(name: str, look: Callable[P, Seen], *args: P.args, **kwargs: P.kwargs) -> Iterator[Check]:
    """Look, and turn an error into a check that says so."""
    try:
        state, detail, hint = look(*args, **kwargs)
    except CndDigestError as error:
        state, detail, hint = "mend", error.message, error.hint
    except OSError as error:
        state, detail, hint = "mend", f"{reason(error)}: {error.filename}", None
    yield Check(name=name, state=state, detail=detail, hint=hint)


def exposed(file: Path) -> bool:
    """Say whether others can read a file that only its owner should."""
    return bool(file.stat().st_mode & (S_IRWXG | S_IRWXO))
