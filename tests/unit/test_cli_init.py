"""`init`: a folder that publishes at once, in the language of its recap, over nobody's files."""

import json
import stat
import tomllib
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cnddigest.cli.init import slug, toml_string
from cnddigest.cli.main import run
from cnddigest.config import load
from cnddigest.config.addresses import SLUG
from cnddigest.recap import outline, source

RECAP = """\
# Harbour Conf 2026: a recap

Two days by the sea.

## Day 1

### Logs for the tired

A talk about logs. It was short.

### Moving house

A talk about moving. It was long.
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty folder to work in, in English."""
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def files(root):
    return {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}


def test_a_new_publication_has_all_it_needs(folder):
    code = run(["init", "pub"])

    settings = load("pub/cnddigest.toml", {})
    recap = folder / "pub" / settings.publication.serials[0].recaps[0]
    read = outline.read([source.decode(recap.name, recap.read_bytes())])
    assert code == 0
    assert files(folder) == {
        "pub/cnddigest.toml",
        "pub/recaps/lighthouse.md",
        "pub/secret",
        "pub/.gitignore",
    }
    assert [len(day.sessions) for day in read.days] == [2, 2]
    assert read.closing.prose
    assert not read.findings
    assert settings.publication.title == read.title
    assert settings.publication.serials[0].slug == "lighthouse-days-2026-recap"


@pytest.mark.parametrize("variable", ["LANG", "LC_MESSAGES", "LC_ALL"])
def test_who_speaks_japanese_gets_a_japanese_sample(folder, monkeypatch, variable):
    monkeypatch.setenv(variable, "ja_JP.UTF-8")

    run(["init", "pub"])

    settings = load("pub/cnddigest.toml", {})
    recap = (folder / "pub/recaps/lighthouse.md").read_bytes()
    read = outline.read([source.decode("lighthouse.md", recap)])
    assert read.language == "ja"
    assert [len(day.sessions) for day in read.days] == [2, 2]
    assert settings.publication.language == "ja"
    assert settings.publication.timezone.key == "Asia/Tokyo"
    assert settings.publication.serials[0].slug == "lighthouse"


def test_what_lies_beside_a_recap_comes_along(folder):
    (folder / "img").mkdir()
    (folder / "img/pier.png").write_bytes(b"a picture")
    (folder / "other.png").write_bytes(b"not in the recap")
    (folder / "notes.md").write_text(
        RECAP + "\n![the pier](img/pier.png) ![none](img/none.png) ![out](../x.png)\n", "utf-8"
    )
    (folder / "notes.outline.toml").write_text("# mine\n", "utf-8")

    run(["init", "pub", "--recap", "notes.md"])

    assert (folder / "pub/recaps/img/pier.png").read_bytes() == b"a picture"
    assert (folder / "pub/recaps/notes.outline.toml").read_text("utf-8") == "# mine\n"
    assert not list(folder.glob("pub/recaps/*.png"))


def test_a_title_without_latin_letters_leaves_the_name_to_the_file(folder):
    (folder / "tomyo.md").write_text("# 灯明会議2026\n\n## 話\n\n本文です。\n", "utf-8")

    run(["init", "pub", "--recap", "tomyo.md"])

    assert load("pub/cnddigest.toml", {}).publication.serials[0].slug == "tomyo"


def test_a_given_recap_is_copied_as_it_is_and_names_the_publication(folder):
    (folder / "notes.md").write_text(RECAP, "utf-8")

    run(["init", "pub", "--recap", "notes.md", "--base-url", "https://harbour.example/feeds"])

    settings = load("pub/cnddigest.toml", {})
    assert (folder / "pub/recaps/notes.md").read_text("utf-8") == RECAP
    assert settings.publication.title == "Harbour Conf 2026: a recap"
    assert settings.publication.base_url == "https://harbour.example/feeds/"
    assert settings.publication.serials[0].slug == "harbour-conf-2026-a-recap"


@pytest.mark.usefixtures("folder")
def test_a_title_of_its_own_goes_before_that_of_the_recap():
    title = 'Der "große" \\ Hafen\n\x1b[31m#1'

    run(["init", "pub", "--title", title])

    settings = load("pub/cnddigest.toml", {})
    assert settings.publication.title == 'Der "große" \\ Hafen [31m#1'


def test_a_recap_without_title_is_called_after_its_file(folder):
    (folder / "harbour.md").write_text(RECAP.replace("# Harbour Conf 2026: a recap\n", ""), "utf-8")

    run(["init", "pub", "--recap", "harbour.md"])

    settings = load("pub/cnddigest.toml", {})
    assert settings.publication.serials[0].title == settings.publication.title == "harbour"


def test_only_the_owner_reads_the_secret(folder):
    run(["init", "one"])
    run(["init", "two"])

    first, second = (folder / name / "secret" for name in ("one", "two"))
    assert stat.S_IMODE(first.stat().st_mode) == 0o600
    assert len(first.read_text().strip()) == 64
    assert first.read_text() != second.read_text()


def test_a_folder_that_is_there_may_be_used(folder):
    (folder / "notes.txt").write_text("mine")

    code = run(["init", "."])

    assert code == 0
    assert (folder / "notes.txt").read_text() == "mine"


@pytest.mark.parametrize("name", ["cnddigest.toml", "recaps/lighthouse.md", "secret", ".gitignore"])
def test_nothing_is_overwritten_and_then_nothing_is_made(folder, capsys, name):
    taken = folder / "pub" / name
    taken.parent.mkdir(parents=True)
    taken.write_text("mine")

    code = run(["init", "pub"])

    assert code == 2
    assert capsys.readouterr().err == f"error: will not overwrite: pub/{name}\nhint: name a new folder\n"
    assert files(folder) == {f"pub/{name}"}
    assert taken.read_text() == "mine"


def test_a_link_to_nowhere_is_not_written_through(folder):
    (folder / "pub").mkdir()
    (folder / "pub/secret").symlink_to(folder / "elsewhere")

    code = run(["init", "pub"])

    assert code == 2
    assert not (folder / "elsewhere").exists()


def test_a_file_in_the_way_of_a_folder_is_told_and_nothing_is_left(folder, capsys):
    (folder / "pub").mkdir()
    (folder / "pub/recaps").write_text("a file")

    code = run(["init", "pub"])

    assert code == 1
    assert capsys.readouterr().err.startswith("error: can't write pub/recaps")
    assert files(folder) == {"pub/recaps"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--recap", "nowhere.md"], "recap not found: nowhere.md"),
        (["--recap", "https://event.example/post"], "pages are not fetched: https://event.example/post"),
        (["--recap", "empty.md"], "recap is empty: empty.md"),
        (["--recap", "binary.md"], "recap is not text: binary.md"),
        (["--base-url", "harbour"], "not a web address: harbour"),
        (["--title", " "], "an empty title"),
    ],
)
def test_what_can_not_work_makes_nothing(folder, capsys, arguments, message):
    (folder / "empty.md").write_bytes(b"")
    (folder / "binary.md").write_bytes(bytes(range(256)) * 9)

    code = run(["init", "pub", *arguments])

    assert code == 2
    assert f"error: {message}\n" in capsys.readouterr().err
    assert not (folder / "pub").exists()


@pytest.mark.usefixtures("folder")
def test_an_empty_name_is_not_the_current_folder(capsys):
    code = run(["init", ""])

    assert code == 2
    assert list(Path().iterdir()) == []
    assert capsys.readouterr().err.startswith("error: no folder\n")


@pytest.mark.usefixtures("folder")
def test_init_tells_what_it_made_and_what_to_do_next(capsys):
    run(["init", "pub"])

    assert capsys.readouterr().out.splitlines() == [
        "made cnddigest.toml, recaps/lighthouse.md, .gitignore, secret in pub",
        "set base_url in cnddigest.toml to where the output will be reachable",
        "then: cd pub && cnddigest publish",
    ]


@pytest.mark.usefixtures("folder")
def test_init_as_json_names_the_files(capsys):
    run(["init", "pub", "--json"])

    assert json.loads(capsys.readouterr().out) == {
        "schema": "cnddigest/init/1",
        "root": "pub",
        "files": ["cnddigest.toml", "recaps/lighthouse.md", ".gitignore", "secret"],
    }


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("CloudNative Days Tokyo 2022 セッションまとめ", "cloudnative-days-tokyo-2022"),
        ("Récapitulatif de l’Été", "recapitulatif-de-l-ete"),
        ("灯台の日", "recap"),
        ("灯台の日 2026", "recap-2026"),
        ("ＡＢＣ会議", "abc"),
        ("Search", "recap-search"),
        ("a" * 50, "a" * 40),
        ("one two three four five six seven eight nine ten", "one-two-three-four-five-six-seven-eight"),
        ("", "recap"),
    ],
)
def test_a_title_becomes_a_name_for_addresses(title, expected):
    assert slug(title) == expected


@given(st.text())
def test_every_title_becomes_a_valid_name(title):
    assert SLUG.fullmatch(slug(title))


@given(st.text(st.characters(exclude_categories=["Cs"])))
@example("\x7f")
def test_every_text_survives_as_a_toml_string(text):
    assert tomllib.loads(f"a = {toml_string(text)}") == {"a": text}


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a file system nobody can write to")
def test_a_folder_that_can_not_be_written_is_told(capsys):
    code = run(["init", "/proc/cnddigest-test"])

    assert code == 1
    assert capsys.readouterr().err.startswith("error: can't write /proc/cnddigest-test")
