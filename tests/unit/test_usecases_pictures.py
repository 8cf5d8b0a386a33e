"""Images of a recap, told through what readers see in the output folder and what the author is told."""

import datetime as dt
import re

import pytest

from builders import a_cadence, a_publication, a_serial
from cnddigest.crew import Alone
from cnddigest.picture import scaling
from cnddigest.rendering.templates import Templates
from cnddigest.rendering.words import Words
from cnddigest.store.memory import MemoryStore
from cnddigest.usecases.publish import Wanted, publish
from cnddigest.usecases.report import PublishReport
from cnddigest.usecases.shop import Shop
from drawings import a_png, drawn, size_of
from fakes import FakeFolder, FakeInputs

START = dt.datetime(2026, 11, 25, 3, 0, tzinfo=dt.UTC)
NEXT_DAY = START + dt.timedelta(days=1)
RECAP = "recaps/minato.md"
TEXT = """# 港の会議 2026 まとめ

二日間の会議の記録です。

# 1日目

## 波止場の設計

{one}

## 倉庫の運用

倉庫の話でした。

# 2日目

## 灯台の監視

{two}

# おわりに

またお会いしましょう。
"""


class Desk:
    """A publication with image files, published at will; `one` and `two` stand in a talk of each day."""

    def __init__(self, one: str = "本文です。", two: str = "本文です。", **pictures: bytes) -> None:
        self.inputs = FakeInputs({RECAP: TEXT.format(one=one, two=two)})
        self.inputs.pictures = {f"recaps/{name.replace('_', '.')}": data for name, data in pictures.items()}
        self.store = MemoryStore()
        self.folder = FakeFolder()
        self.publication = a_publication(serials=(a_serial(cadence=a_cadence()),))

    def publish(self, now: dt.datetime = START) -> PublishReport:
        words = Words(self.publication.language, self.publication.timezone, self.inputs.catalogs())
        templates = Templates(self.inputs.templates(), words)
        shop = Shop(
            store=self.store,
            sink=self.folder,
            crew=Alone(),
            inputs=self.inputs,
            publication=self.publication,
            templates=lambda: templates,
            now=now,
            progress=lambda *_: None,
        )
        return publish(shop, Wanted())

    def findings(self) -> list[tuple[str, str, int]]:
        found = (remark.finding for remark in self.publish().remarks)
        return [(one.rule, one.message, one.line) for one in found if "image" in one.rule or "link" in one.rule]

    def images(self) -> dict[str, bytes]:
        return {path: data for path, data in self.folder.files.items() if path.startswith("minato/images/")}

    def text(self, path: str) -> str:
        return self.folder.files[f"minato/{path}"].decode()

    def edit(self, old: str, new: str) -> None:
        assert old in self.inputs.recaps[RECAP]
        self.inputs.recaps[RECAP] = self.inputs.recaps[RECAP].replace(old, new)


def test_an_image_is_published_with_the_part_that_shows_it():
    desk = Desk("![図](a.png)", a_png=a_png())

    desk.publish()

    ((path, data),) = desk.images().items()
    assert data == a_png()
    assert f'src="../{path.removeprefix("minato/")}" alt="図" width="40" height="30"' in desk.text("parts/1.html")
    assert f"https://recaps.example.org/{path}" in desk.text("atom.xml")
    assert f"https://recaps.example.org/{path}" in desk.text("issues/1.html")


def test_an_image_is_nowhere_before_its_part_is_out():
    desk = Desk("本文です。", "![図](a.png)", a_png=a_png())
    desk.publish()
    early = desk.images()

    desk.publish(NEXT_DAY)

    assert not early
    assert list(desk.images().values()) == [a_png()]


def test_publishing_again_writes_no_image_again():
    desk = Desk("![図](a.png)", "![図](a.png) ![図](b.webp)", a_png=a_png(), b_webp=drawn("WEBP"))
    for now in (START, START, NEXT_DAY, NEXT_DAY):
        desk.publish(now)

    assert {path: desk.folder.writes[path] for path in desk.images()} == dict.fromkeys(desk.images(), 1)


def test_a_published_image_is_never_made_again_by_another_release_of_pillow(monkeypatch):
    desk = Desk("![図](a.webp)", a_webp=drawn("WEBP"))
    desk.publish()
    before = desk.images()
    desk.inputs.mark = lambda path: "touched" if path in desk.inputs.pictures else ""  # type: ignore[method-assign]
    monkeypatch.setattr(scaling, "scaled", lambda *_: b"other bytes")

    desk.publish()

    assert desk.images() == before


def test_a_deleted_image_comes_back_from_its_file():
    desk = Desk("![図](a.webp)", a_webp=drawn("WEBP"))
    desk.publish()
    before = desk.images()
    for path in before:
        desk.folder.remove(path)

    desk.publish()

    assert desk.images() == before


def test_a_changed_image_takes_the_place_of_the_old_one():
    desk = Desk("![図](a.png)", a_png=a_png())
    desk.publish()
    desk.inputs.pictures["recaps/a.png"] = a_png(50, 20)

    desk.publish()

    assert list(desk.images().values()) == [a_png(50, 20)]
    assert 'width="50" height="20"' in desk.text("parts/1.html")


def test_an_image_that_was_missing_is_shown_as_soon_as_it_is_there():
    desk = Desk("![図](a.png)")
    first = desk.findings()
    desk.inputs.pictures["recaps/a.png"] = a_png()

    desk.publish()

    assert first == [("missing-image", "image not found: a.png", 9)]
    assert list(desk.images().values()) == [a_png()]


def test_an_image_of_a_session_that_the_author_took_out_stays():
    desk = Desk("![図](a.png)", a_png=a_png())
    desk.publish()
    before = desk.images()
    desk.edit("## 波止場の設計\n\n![図](a.png)\n", "")
    del desk.inputs.pictures["recaps/a.png"]

    desk.publish()
    settled = desk.store.build_state()
    desk.publish()

    assert desk.images() == before
    assert desk.folder.writes[next(iter(before))] == 1
    assert desk.store.build_state() == settled


def test_an_image_that_nothing_shows_any_more_is_removed():
    desk = Desk("![図](a.png)", a_png=a_png())
    desk.publish()
    desk.edit("![図](a.png)", "図は要りません。")

    desk.publish()

    assert not desk.images()


def test_growing_part_by_part_gives_the_same_images_as_making_all_at_once():
    grown = Desk("![図](a.png)", "![図](b.png) ![図](a.png)", a_png=a_png(), b_png=a_png(9, 9))
    grown.publish()
    grown.publish(NEXT_DAY)
    before = dict(grown.folder.files)

    grown.folder.files.clear()
    grown.publish(NEXT_DAY)

    assert grown.folder.files == before


def test_mail_and_feeds_get_what_their_programs_can_show():
    desk = Desk("![図](a.webp)", a_webp=drawn("WEBP", 2000, 1000))

    desk.publish()

    shown = {path.rpartition("-")[2]: size_of(data) for path, data in desk.images().items()}
    assert shown == {"1600.webp": ("WEBP", 1600, 800), "1200.jpg": ("JPEG", 1200, 600)}
    assert "-1600.webp" in desk.text("sessions/" + _session(desk))
    assert "-1600.webp" not in desk.text("rss.xml") + desk.text("issues/1.html")


def _session(desk: Desk) -> str:
    (found,) = re.findall(r"sessions/([^\"/]+\.html)\"[^>]*>波止場の設計", desk.text("parts/1.html"))[:1]
    return str(found)


def test_an_image_without_words_is_told():
    assert Desk("![](a.png)", a_png=a_png()).findings() == [
        ("image-without-alt", "image has no words for who can't see it: a.png", 9)
    ]


@pytest.mark.parametrize(
    ("address", "rule", "message"),
    [
        ("b.png", "missing-image", "image not found: b.png"),
        ("../../../etc/passwd", "missing-image", "image not found: ../../../etc/passwd"),
        ("a.svg", "unusable-image", "image is a drawing that may hold scripts, save it as PNG: a.svg"),
        ("a.txt", "unusable-image", "file is no PNG, JPEG, GIF, WebP or AVIF image: a.txt"),
    ],
)
def test_an_image_that_cannot_be_shown_is_told_with_its_line(address, rule, message):
    desk = Desk(f"本文です。\n\n![図]({address})", a_svg=b"<svg></svg>", a_txt=b"x")

    assert desk.findings() == [(rule, message, 11)]
    assert not desk.images()


@pytest.mark.parametrize("address", ["file:///etc/passwd", "C:\\\\x\\\\a.png", "data:image/png;base64,iVBORw0KGgo="])
def test_an_image_of_the_authors_computer_is_told_and_not_shown(address):
    desk = Desk(f'<img src="{address}" alt="図">')

    rules = {rule for rule, _, _ in desk.findings()}

    assert rules <= {"missing-image", "unusable-image", "dead-image"}
    assert rules
    assert "etc/passwd" not in desk.text("parts/1.html")


def test_an_image_without_an_address_is_told_once():
    assert [rule for rule, _, _ in Desk("![図]()").findings()] == ["dead-image"]


def test_an_image_at_another_site_stays_there():
    desk = Desk("![図](https://x.example/a.png) ![図](https://x.example/b.png =30x15)")

    findings = desk.findings()

    assert not findings
    assert 'src="https://x.example/a.png" alt="図">' in desk.text("parts/1.html")
    assert 'src="https://x.example/b.png" alt="図" width="30" height="15">' in desk.text("parts/1.html")
    assert not desk.images()


def test_a_tracking_pixel_is_shown_nowhere():
    desk = Desk('<p>本文です。<img src="https://x.example/pixel.gif" width="1" height="1" alt=""></p>')

    desk.publish()

    assert not [path for path, data in desk.folder.files.items() if b"pixel.gif" in data]


def test_a_path_from_the_root_is_found_where_sites_keep_images():
    desk = Desk("![図](/images/a.png)")
    desk.inputs.pictures["static/images/a.png"] = a_png()

    desk.publish()

    assert list(desk.images().values()) == [a_png()]


def test_without_pillow_images_are_published_as_they_are(monkeypatch):
    webp = drawn("WEBP", 2000, 1000)
    monkeypatch.setattr(scaling, "is_available", lambda: False)
    desk = Desk("![図](a.webp)", a_webp=webp)

    findings = desk.findings()

    message = "images stay as large as they are, since Pillow is not installed: 1"
    assert findings == [("images-unconverted", message, 1)]
    assert [size_of(data) for data in desk.images().values()] == [("WEBP", 2000, 1000)]


def test_an_image_that_vanishes_while_it_is_published_stops_nothing():
    desk = Desk("本文です。", "![図](a.png)", a_png=a_png())
    desk.publish()
    desk.inputs.mark = lambda path: "as before" if path else ""  # type: ignore[method-assign]
    desk.publish()
    desk.inputs.pictures.clear()

    report = desk.publish(NEXT_DAY)

    assert [line.part for line in report.released] == [2]


def test_an_image_that_changes_while_it_is_published_is_not_taken_for_the_old_one():
    desk = Desk("本文です。", "![図](a.png)", a_png=a_png())
    desk.inputs.mark = lambda path: "as before" if path else ""  # type: ignore[method-assign]
    desk.publish()
    desk.inputs.pictures["recaps/a.png"] = a_png(50, 20)

    desk.publish(NEXT_DAY)

    assert a_png(50, 20) not in desk.images().values()


def test_an_image_that_did_not_change_is_not_opened_again():
    desk = Desk("![図](a.png)", a_png=a_png())
    desk.publish()
    opened = list(desk.inputs.opened)
    desk.edit("倉庫の話でした。", "倉庫の話を聞きました。")

    desk.publish()

    assert desk.inputs.opened == opened


def test_a_recap_without_images_notes_nothing_of_them():
    desk = Desk()

    desk.publish()

    state = desk.store.serial("minato")
    assert state
    assert "pictures" not in state.about
