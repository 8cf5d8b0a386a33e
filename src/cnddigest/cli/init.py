"""`cnddigest init`: a new publication folder that publishes at once."""

import json
import os
import re
import unicodedata
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

import click

from cnddigest.cli import options
from cnddigest.errors import BadPicture, OutputFailed, WrongUse

if TYPE_CHECKING:
    from cnddigest.recap.model import Recap

CONFIGURATION = "cnddigest.toml"
PRIVATE = {"secret"}  # files that only their owner may read
SECRET_BYTES = 32  # as strong as the SHA-256 it will key
SAMPLES = Path(__file__).parent / "samples"
PLACEHOLDER = "https://recaps.example.org/"
SLUG_LENGTH = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """The recap of a new publication, and what it says of itself."""

    name: str
    data: bytes
    title: str
    language: str
    beside: Mapping[str, bytes] = field(default_factory=dict)  # its corrections and pictures, by path from its folder


@click.command("init", epilog="Example: cnddigest init harbour --recap notes.md")
@click.argument("folder", metavar="DIR")
@click.option("--recap", metavar="FILE", help="The recap to begin with; without one, a small sample.")
@click.option("--title", help="The publication's title; without one, the recap's.")
@click.option("--base-url", metavar="URL", help="Where the output will be reachable.")
@options.shared(configured=False, clocked=False)
def command(request: options.Request, folder: str, recap: str | None, title: str | None, base_url: str | None) -> None:
    """Make a new publication folder that publishes at once.

    Nothing that is there already is overwritten.
    """
    if not folder:
        raise WrongUse("no folder", hint="name one, as in `cnddigest init harbour`")
    article = _article(recap, Path(recap).name) if recap else _sample(os.environ)
    name = _title(title or article.title or Path(article.name).stem)
    configuration = _configuration(article, name, _base_url(base_url or PLACEHOLDER))
    files = {
        CONFIGURATION: configuration.encode(),
        f"recaps/{article.name}": article.data,
        **{f"recaps/{path}": data for path, data in article.beside.items()},
        ".gitignore": (SAMPLES / "gitignore").read_bytes(),
        "secret": os.urandom(SECRET_BYTES).hex().encode() + b"\n",
    }
    write(Path(folder), files)
    _tell(request, folder, list(files), placeholder=not base_url)


def slug(title: str) -> str:
    """Return the ASCII words of a title as a name for addresses, `recap` where it has none."""
    from cnddigest.config.addresses import RESERVED

    letters = (char for char in unicodedata.normalize("NFKD", title.lower()) if not unicodedata.combining(char))
    words = "-".join(re.findall("[a-z0-9]+", "".join(letters)))
    if len(words) > SLUG_LENGTH:
        words = words[: SLUG_LENGTH + 1].rpartition("-")[0] or words[:SLUG_LENGTH]
    if words in RESERVED or not words.strip("0123456789-"):
        return f"recap-{words}".removesuffix("-")
    return words


def _slug(title: str, stem: str) -> str:
    """Return the name of a Serial: the words of its title, of its file where these are in no Latin script."""
    words = slug(title)
    return slug(stem) if words == "recap" or re.fullmatch("recap-[0-9-]+", words) else words


def toml_string(text: str) -> str:
    """Return a text as a TOML basic string; JSON's escapes are TOML's too, but for DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def write(root: Path, files: Mapping[str, bytes]) -> None:
    """Create files that are not there, all of them or none; the secret is for its owner only.

    Raises WrongUse when one exists, OutputFailed when one can't be written.
    """
    taken = [name for name in files if os.path.lexists(root / name)]
    if taken:
        raise WrongUse(f"will not overwrite: {root / taken[0]}", hint="name a new folder")
    made: list[Path] = []
    try:
        for name, data in files.items():
            _create(root / name, data, made)
    except OSError as error:
        for path in reversed(made):
            path.rmdir() if path.is_dir() else path.unlink()
        reason = (error.strerror or str(error)).lower()
        raise OutputFailed(f"can't write {error.filename or root}: {reason}") from error


def _create(path: Path, data: bytes, made: list[Path]) -> None:
    for folder in reversed([folder for folder in path.parents if not folder.exists()]):
        folder.mkdir()
        made.append(folder)
    mode = 0o600 if path.name in PRIVATE else 0o666
    with open(path, "xb", opener=lambda name, flags: os.open(name, flags, mode)) as file:
        made.append(path)
        file.write(data)


def _article(path: str, name: str) -> Article:
    """Read the recap as `publish` will; raises BadRecap."""
    from cnddigest.inputs import read_recap
    from cnddigest.recap import outline, source

    data = read_recap(Path(path), path)
    recap = outline.read([source.decode(path, data)])
    return Article(name=name, data=data, title=recap.title, language=recap.language, beside=_beside(Path(path), recap))


def _beside(file: Path, recap: "Recap") -> dict[str, bytes]:
    """Return the corrections and pictures of a recap that lie in its folder; what can't be read, `publish` tells."""
    from cnddigest.inputs import PublicationFolder
    from cnddigest.recap.pictures import candidates, references

    folder = PublicationFolder(file.parent, configuration=file, recaps=())
    found = {Path(path).name: data for path, data in folder.corrections((file.name,))}
    texts = (recap.introduction, *(day.introduction for day in recap.days), recap.closing.prose)
    for text in (*texts, *(session.prose for session in recap.sessions)):
        for reference in references(text.html) if "<img" in text.html else ():
            for path in candidates(reference.path, ("",)) if reference.whereabouts == "local" else ():
                with suppress(BadPicture):
                    found.setdefault(path, folder.picture(path))
    return found


def _sample(environment: Mapping[str, str]) -> Article:
    """Return the sample in the language of the environment, in English where there is none."""
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    spoken = next((environment[name] for name in names if environment.get(name)), "")
    language = "ja" if spoken.startswith("ja") else "en"
    return _article(str(SAMPLES / f"lighthouse.{language}.md"), "lighthouse.md")


def _title(text: str) -> str:
    """Return a title as one line without what a terminal or a header would obey."""
    kept = "".join(char for char in text if char.isspace() or unicodedata.category(char)[0] != "C")
    title = " ".join(kept.split())
    if not title:
        raise WrongUse("an empty title", hint='write it like --title "Harbour Conf 2026"')
    return title


def _base_url(text: str) -> str:
    from cnddigest.config import addresses
    from cnddigest.config.kinds import Unfit

    try:
        return addresses.base_url(text)
    except Unfit as unfit:
        raise WrongUse(f"{unfit.problem}: {unfit.shown}", hint=unfit.hint) from unfit


def _configuration(article: Article, title: str, base_url: str) -> str:
    japanese = article.language.startswith("ja")
    language = "ja" if japanese else "en"
    template = Template((SAMPLES / f"cnddigest.{language}.toml.in").read_text("utf-8"))
    return template.substitute(
        title=toml_string(title),
        base_url=toml_string(base_url),
        language=language,
        timezone="Asia/Tokyo" if japanese else "UTC",
        slug=_slug(title, Path(article.name).stem),
        recap=toml_string(f"recaps/{article.name}"),
        serial_title="" if article.title else f"title = {toml_string(title)}\n",
    )


def _tell(request: options.Request, folder: str, files: list[str], *, placeholder: bool) -> None:
    if request.as_json:
        request.terminal.document({"schema": "cnddigest/init/1", "root": folder, "files": files})
        return
    request.terminal.report(f"made {', '.join(files)} in {folder}")
    if placeholder:
        request.terminal.report(f"set base_url in {CONFIGURATION} to where the output will be reachable")
    request.terminal.report(f"then: cd {folder} && cnddigest publish")
