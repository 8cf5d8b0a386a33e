"""A publication played through in memory: all of it is there, and nothing on the disk is other than before."""

import datetime as dt
import hashlib
from dataclasses import replace

import pytest

from cnddigest.config import load
from cnddigest.errors import BadConfiguration, BadRecap, BadTemplate
from cnddigest.wiring.preview import Stage, alone
from commands import FIRST, RECAP, SLUG, OnDisk

pytestmark = pytest.mark.slow
NOW = dt.datetime(2026, 11, 25, 3, tzinfo=dt.UTC)


@pytest.fixture
def disk(tmp_path):
    return OnDisk.new(tmp_path / "publication")


def a_stage(disk, serial=None):
    return Stage(lambda: load(str(disk.configuration), {}), serial=serial, clock=lambda: NOW)


def everything(disk):
    return {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in disk.folder.rglob("*") if path.is_file()}


def test_every_part_is_out_at_its_planned_moment(disk):
    played = a_stage(disk).play()

    (shown,) = played.shown
    assert [(part.number, part.release_at.isoformat()) for part in shown.parts] == [
        (1, "2026-11-25T03:00:00+00:00"),
        (2, "2026-11-26T08:00:00+00:00"),
    ]
    assert {f"{SLUG}/parts/1.html", f"{SLUG}/parts/2.html", f"{SLUG}/rss.xml", "index.html"} <= played.files.keys()
    assert "霧笛" in played.files[f"{SLUG}/parts/2.html"].decode()


def test_nothing_on_the_disk_changes(disk):
    assert disk.publish(FIRST).code == 0
    before = everything(disk)

    a_stage(disk).play().sample(SLUG, 2)

    assert everything(disk) == before


def test_what_is_out_keeps_its_moment(disk):
    assert disk.publish("2026-11-20T00:00:00Z").code == 0

    (shown,) = a_stage(disk).play().shown

    assert [(part.is_out, f"{part.release_at:%d}") for part in shown.parts] == [(True, "20"), (False, "21")]


def test_only_a_change_counts_as_one(disk):
    stage = a_stage(disk)
    stage.has_changed()
    stage.play()
    unchanged = stage.has_changed()

    disk.recap.write_text(RECAP + "\nもう一行。\n", "utf-8")

    assert not unchanged
    assert stage.has_changed()
    assert not stage.has_changed()


def test_a_message_has_the_fields_of_one(disk):
    sample = a_stage(disk).play().sample(SLUG, 1)

    fields = dict(sample.fields)
    assert fields["Subject"] == "1日目 – 港の会議 2026 まとめ"
    assert fields["From"] == "会議録の再放送 <digest@recaps.example.org>"
    assert fields["List-Id"] == f"港の会議 2026 まとめ <{SLUG}.recaps.example.org>"
    assert "灯台を二十年守った人の話でした。" in sample.text
    assert "<!DOCTYPE html>" in sample.html


def test_sizes_are_those_of_the_message(disk):
    sample = a_stage(disk).play().sample(SLUG, 1)

    sizes = {piece.name: piece.octets for piece in sample.pieces}
    assert sizes["html"] == len(sample.html.replace("\n", "\r\n").encode())
    assert sizes["text"] + sizes["html"] < sizes["message"]
    assert sizes["html"] < sizes["base64"] < sizes["html"] * 1.4 + 78


def test_a_finding_stands_beside_the_line_it_means(disk):
    disk.recap.write_text(RECAP.replace("灯台を二十年", "[絵](pictures/a.md)灯台を二十年"), "utf-8")

    (shown,) = a_stage(disk).play().shown

    (manuscript,) = shown.manuscripts
    beside = [(line.number, finding.rule) for line in manuscript.lines for finding in line.findings]
    assert (9, "relative-link") in beside
    assert [mark.kind for mark in manuscript.lines[6].marks] == ["talk"]
    assert shown.count == len(beside) + len(shown.findings)


def test_a_finding_about_a_correction_stands_beside_the_correction(disk):
    disk.recap.with_name("minato.outline.toml").write_text(
        '# what I know better\n\n[[line]]\nmatch = "nowhere"\nrole = "text"\n', "utf-8"
    )

    (shown,) = a_stage(disk).play().shown

    recap, corrections = shown.manuscripts
    assert "stale-correction" not in [finding.rule for finding in recap.findings]
    assert corrections.path == "recaps/minato.outline.toml"
    assert [(line.number, line.findings[0].rule) for line in corrections.lines if line.findings] == [
        (3, "stale-correction")
    ]


def test_a_recap_that_is_no_text_is_told_as_such_where_it_has_no_sessions(disk):
    disk.recap.write_bytes(b"\xf3\xe8\xff\x9a\xb1" * 9)

    with pytest.raises(BadRecap) as caught:
        a_stage(disk).play()

    assert caught.value.hint == "not UTF-8, read as Windows-1252: save it as UTF-8 if letters look wrong"


def test_findings_of_several_files_stand_in_their_own(disk):
    second = disk.recap.with_name("second.md")
    second.write_text("# 2日目\n\n## 霧の日\n\n[絵](a.md)霧。\n\n## 海の日\n\n海。\n", "utf-8")
    disk.configure('recap = "recaps/minato.md"', 'recap = ["recaps/minato.md", "recaps/second.md"]')

    (shown,) = a_stage(disk).play().shown

    found = {each.path: [finding.rule for finding in each.findings] for each in shown.manuscripts}
    assert "relative-link" in found["recaps/second.md"]
    assert "relative-link" not in found["recaps/minato.md"]


@pytest.mark.parametrize(
    ("break_it", "error"),
    [
        (lambda disk: disk.recap.write_text("", "utf-8"), BadRecap),
        (lambda disk: disk.recap.unlink(), BadRecap),
        (lambda disk: disk.configure("[serials", "[serial"), BadConfiguration),
        (lambda disk: disk.template("part.html.j2", b"{{ nobody }}"), BadTemplate),
        (lambda disk: disk.template("issue.txt.j2", b"{% if %}"), BadTemplate),
    ],
    ids=["empty", "gone", "configuration", "page", "issue"],
)
def test_what_is_broken_is_told_and_mended(disk, break_it, error):
    whole = disk.recap.read_text("utf-8"), disk.configuration.read_text("utf-8")
    stage = a_stage(disk)
    break_it(disk)

    with pytest.raises(error):
        stage.play()
    disk.recap.write_text(whole[0], "utf-8")
    disk.configuration.write_text(whole[1], "utf-8")
    for template in (disk.folder / "templates").glob("*"):
        template.unlink()

    assert len(stage.play().shown[0].parts) == 2


def test_only_the_serial_that_is_named_is_built(disk):
    disk.configuration.write_text(
        disk.configuration.read_text("utf-8") + '\n[serials.other]\nrecap = "recaps/minato.md"\n', "utf-8"
    )

    played = a_stage(disk, "other").play()

    assert [each.slug for each in played.shown] == ["other"]


def test_a_file_alone_needs_no_publication(disk):
    settings = alone([str(disk.recap)])

    played = Stage(lambda: settings, serial=None, clock=lambda: NOW).play()

    (shown,) = played.shown
    assert (shown.title, shown.language, len(shown.parts)) == ("港の会議 2026 まとめ", "ja", 2)
    assert [each.path for each in shown.manuscripts] == ["minato.md"]


def test_a_file_that_is_not_there_is_told():
    with pytest.raises(BadRecap, match=r"recap not found: nowhere\.md"):
        alone(["nowhere.md"])


def test_an_output_folder_elsewhere_is_only_read(disk):
    settings = replace(load(str(disk.configuration), {}), output=disk.folder / "elsewhere")

    Stage(lambda: settings, serial=None, clock=lambda: NOW).play()

    assert not (disk.folder / "elsewhere").exists()
