"""Posters: drawn with the letters a font has, the same each time, and none with empty boxes."""

import io
from importlib.util import find_spec
from pathlib import Path

import pytest

from cnddigest import fonts
from cnddigest.errors import BadConfiguration
from cnddigest.inputs import PublicationFolder
from cnddigest.picture import poster
from cnddigest.picture.poster import Poster, Typeface
from conftest import missing


@pytest.fixture(scope="module")
def face():
    """A font of this machine that has Japanese."""
    if find_spec("PIL") is None:
        missing("Pillow")
    folder = PublicationFolder(Path(), configuration=Path("cnddigest.toml"), recaps=())
    return folder.typeface(frozenset({"east-asian"}), "ja") or missing("a font with Japanese")


def a_poster(*headlines, above="会議録の再放送", below=("港の会議 2026", "第1回／全2回")):
    return Poster(headlines=headlines or ("1日目",), above=above, below=below)


def test_a_poster_is_a_png_of_the_size_that_sites_show(face):
    from PIL import Image

    data = poster.draw(a_poster(), face)

    with Image.open(io.BytesIO(data)) as image:
        assert (image.format, image.size) == ("PNG", (1200, 630))
    assert len(data) < 100_000


def test_the_same_words_give_the_same_bytes(face):
    assert poster.draw(a_poster(), face) == poster.draw(a_poster(), face)
    assert poster.draw(a_poster(), face) != poster.draw(a_poster("2日目"), face)


def test_signs_that_the_font_lacks_are_left_out(face):
    assert poster.draw(a_poster("1日目 \U0001f389"), face) == poster.draw(a_poster("1日目"), face)


def test_a_headline_in_letters_that_the_font_lacks_gives_way_to_the_next_one(face):
    assert poster.draw(a_poster("የወደብ ጉባኤ", "港の会議"), face) == poster.draw(a_poster("港の会議"), face)


def test_a_headline_of_any_length_stays_inside(face):
    from PIL import Image

    data = poster.draw(a_poster("港の会議で話された長い題" * 40, above="長い" * 100, below=("長い" * 100,)), face)

    with Image.open(io.BytesIO(data)) as image:
        margin = image.convert("RGB").crop((poster.LEFT + poster.ROOM + 20, 0, 1040, 630))
    assert len(margin.getcolors() or ()) == 1


def test_a_file_that_is_no_font_is_told(tmp_path, face):
    del face
    path = tmp_path / "font.ttf"
    path.write_bytes(b"no font")

    with pytest.raises(BadConfiguration, match=r"cannot use font: .*font\.ttf"):
        poster.draw(a_poster(), Typeface(path=str(path), index=0, mark=""))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Harbour Ω Я 2026!", {"european"}),
        ("港のharbour", {"east-asian", "european"}),
        ("항구", {"east-asian"}),
        ("ท่าเรือ", {"other"}),
        ("2026 🎉", set()),
    ],
)
def test_scripts_are_told_by_letters(text, found):
    assert poster.scripts(text) == found


def test_the_best_of_a_machines_fonts_is_taken(tmp_path):
    for name in ("deep/DejaVuSerif-Bold.ttf", "NotoSansCJK-Regular.ttc", "Other.ttf"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()

    found = [
        fonts.find(fonts.wanted(frozenset(scripts), language), [str(tmp_path)])
        for scripts, language in (({"european"}, "en"), ({"east-asian"}, "zh-TW"), ({"other"}, "th"))
    ]

    assert found == [tmp_path / "NotoSansCJK-Regular.ttc", tmp_path / "NotoSansCJK-Regular.ttc", None]
    assert [fonts.face(tmp_path / "NotoSansCJK-Regular.ttc", tag) for tag in ("ja", "zh-TW", "ko-KR")] == [0, 3, 1]


def test_a_font_that_is_not_there_is_told(tmp_path):
    folder = PublicationFolder(
        tmp_path, configuration=tmp_path / "cnddigest.toml", recaps=(), font=tmp_path / "none.ttf"
    )

    with pytest.raises(BadConfiguration, match="cannot read font: "):
        folder.typeface(frozenset(), "ja")
