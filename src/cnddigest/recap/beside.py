"""Where the files stand that belong to a recap and are none."""

SUFFIX = ".outline.toml"


def corrections(path: str) -> str:
    """Return where a recap's corrections stand: `recaps/day1.outline.toml` for `recaps/day1.md`."""
    folder, slash, name = path.rpartition("/")
    stem, _, suffix = name.rpartition(".")
    return f"{folder}{slash}{stem if stem and suffix else name}{SUFFIX}"
