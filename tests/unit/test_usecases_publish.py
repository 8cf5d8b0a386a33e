"""Publishing, told through what readers see in the output folder."""

import datetime as dt
import re
from dataclasses import replace

import pytest

from builders import a_publication, a_serial
from cnddigest.errors import BadRecap, BadRecord, OutputFailed
from cnddigest.serial.model import Attribution
from cnddigest.store.memory import MemoryStore
from desk import NEXT_DAY, RECAP, START, Desk, a_text


def entries(feed: bytes) -> dict[str, str]:
    """The id of each Atom entry with its `updated`."""
    found = re.findall(r"<entry.*?</entry>", feed.decode(), re.DOTALL)
    pairs = [(re.search(r"<id>(.*?)</id>", one), re.search(r"<updated>(.*?)</updated>", one)) for one in found]
    return {name[1]: updated[1] for name, updated in pairs if name and updated}


def test_the_first_publish_releases_part_1_whatever_the_hour():
    desk = Desk(at=dt.time(23, 59))

    report = desk.publish()

    assert [(line.part, line.release_at) for line in report.released] == [(1, START)]
    assert report.next
    assert report.next.release_at == dt.datetime(2026, 11, 26, 14, 59, tzinfo=dt.UTC)


def test_publishing_twice_publishes_once():
    desk = Desk()
    desk.publish()
    files, writes = dict(desk.folder.files), dict(desk.folder.writes)

    report = desk.publish()

    assert not report.released
    assert not report.files.written
    assert report.files.unchanged == len(files)
    assert desk.folder.files == files
    assert not desk.folder.touched_since(writes)


def test_without_its_record_nothing_begins_anew_over_what_is_out():
    desk = Desk()
    desk.publish(everything=True)
    files = dict(desk.folder.files)
    desk.store = MemoryStore()

    with pytest.raises(BadRecord, match="parts are out that the record knows nothing of: minato"):
        desk.publish(START + NEXT_DAY)

    assert desk.folder.files == files
    assert desk.store.serial("minato") is None


def test_with_a_start_date_what_is_out_follows_from_the_file_alone():
    desk = Desk(start=dt.date(2026, 11, 20))
    desk.publish()
    files = dict(desk.folder.files)
    desk.store = MemoryStore()

    desk.publish()

    assert desk.folder.files == files


def test_whoever_removes_what_is_out_begins_anew():
    desk = Desk()
    desk.publish()
    desk.store = MemoryStore()
    desk.folder.files.clear()

    report = desk.publish(START + NEXT_DAY)

    assert [line.part for line in report.released] == [1]


def test_nothing_of_what_is_not_out_stands_in_any_file():
    desk = Desk()

    desk.publish()

    assert "発表003の題" in desk.everything
    assert "発表004" not in desk.everything
    assert "本文004" not in desk.everything
    assert "2日目" not in desk.everything
    assert "またお会い" not in desk.everything
    assert not any("/2." in path for path in desk.folder.files)


def test_before_the_first_release_there_are_no_feeds_and_no_links_to_them():
    desk = Desk(start=dt.date(2026, 12, 1))

    report = desk.publish()

    assert not report.released
    assert "minato/index.html" in desk.folder.files
    assert not [path for path in desk.folder.files if path.endswith((".xml", ".json")) and "feed" in path]
    assert b"rss.xml" not in desk.folder.files["minato/index.html"]


def test_all_remaining_parts_go_out_now_a_second_for_each_session():
    desk = Desk()
    desk.publish()
    later = START + dt.timedelta(hours=1)

    report = desk.publish(later, everything=True)

    assert [(line.part, line.release_at) for line in report.released] == [(2, later)]
    assert report.next is None
    moments = sorted(entries(desk.folder.files["minato/sessions/atom.xml"]).values())
    assert [moment[11:19] for moment in moments[-3:]] == ["03:59:58", "03:59:59", "04:00:00"]


def test_late_parts_are_dated_at_their_planned_moments_and_never_in_the_future():
    desk = Desk(a_text(days=4), at=dt.time(8, 0))
    desk.publish()

    report = desk.publish(START + 10 * NEXT_DAY)

    planned = [dt.datetime(2026, 11, day, 23, 0, tzinfo=dt.UTC) for day in (25, 26, 27)]
    assert [line.release_at for line in report.released] == planned


def test_catching_up_one_by_one_moves_what_stays():
    desk = Desk(a_text(days=4), at=dt.time(8, 0), catch_up="one")
    desk.publish()

    report = desk.publish(START + 10 * NEXT_DAY)

    assert [(line.part, line.release_at) for line in report.released] == [(2, START + 10 * NEXT_DAY)]
    assert report.next
    assert report.next.release_at == dt.datetime(2026, 12, 5, 23, 0, tzinfo=dt.UTC)


def test_a_corrected_text_keeps_id_and_date_and_moves_updated():
    desk = Desk()
    desk.publish()
    before = entries(desk.folder.files["minato/sessions/atom.xml"])
    desk.rewrite("本文002です。", "直した本文002です。")
    later = START + dt.timedelta(hours=2)

    desk.publish(later)

    after = entries(desk.folder.files["minato/sessions/atom.xml"])
    moved = {name for name in after if after[name] != before[name]}
    assert set(after) == set(before)
    assert len(moved) == 1
    assert after[moved.pop()].startswith("2026-11-25T05:00:00")
    assert "直した本文002" in desk.everything


def test_a_renamed_session_keeps_its_address():
    desk = Desk()
    desk.publish()
    pages = {path for path in desk.folder.files if "/sessions/" in path and path.endswith(".html")}
    desk.rewrite("発表002の題", "発表002の新しい題")

    report = desk.publish(START + dt.timedelta(hours=2))

    assert {path for path in desk.folder.files if "/sessions/" in path and path.endswith(".html")} == pages
    assert "発表002の新しい題" in desk.everything
    assert not report.files.removed


def test_a_vanished_session_stays_readable_and_is_reported():
    desk = Desk()
    desk.publish()
    desk.rewrite("## 発表002の題\n\nhttps://event.example/talks/2\n\n本文002です。\n\n", "")

    report = desk.publish(START + dt.timedelta(hours=2))

    assert "本文002です。" in desk.everything
    assert "session-vanished" in {remark.finding.rule for remark in report.remarks}


def test_an_edit_touches_only_its_own_files():
    desk = Desk(a_text(days=3))
    desk.publish()
    desk.publish(START + NEXT_DAY)
    writes = dict(desk.folder.writes)
    desk.rewrite("本文002です。", "直した本文002です。")

    desk.publish(START + NEXT_DAY + dt.timedelta(minutes=1))

    touched = desk.folder.touched_since(writes)
    assert "minato/parts/1.html" in touched
    assert "minato/issues/2.html" not in touched
    assert "minato/parts/2.html" not in touched


def test_the_next_releases_need_no_template_engine():
    desk = Desk(a_text(days=6))
    desk.publish()
    desk.publish(START + NEXT_DAY)
    desk.inputs.templates = dict  # type: ignore[method-assign]  # rendering anything would now fail

    released = [line.part for day in (2, 3, 4) for line in desk.publish(START + day * NEXT_DAY).released]

    assert released == [3, 4, 5]
    assert "本文015" in desk.everything


def test_a_lost_cache_of_texts_changes_no_byte():
    kept, lost = Desk(), Desk()
    kept.publish()
    lost.publish()
    lost.store.keep_fragments({}, only=True)

    kept.publish(START + NEXT_DAY)
    lost.publish(START + NEXT_DAY)

    assert kept.folder.files == lost.folder.files


@pytest.mark.parametrize("rule", ["day", "session", 2, 5])
def test_growing_part_by_part_gives_the_same_files_as_making_all_at_once(rule):
    grown = Desk(a_text(days=3, sessions=4), parts=rule)
    for day in range(14):
        grown.publish(START + day * NEXT_DAY)
    lines = dict(grown.folder.files)
    grown.folder.files.clear()

    grown.publish(START + 14 * NEXT_DAY)

    assert grown.folder.files == lines


def test_a_long_serial_is_paged_and_a_release_rewrites_little():
    desk = Desk(a_text(days=1, sessions=230), parts="session", every=dt.timedelta(hours=1))
    desk.publish()
    desk.publish(START + dt.timedelta(hours=228))
    writes = dict(desk.folder.writes)

    desk.publish(START + dt.timedelta(hours=229))

    touched = desk.folder.touched_since(writes)
    assert {"minato/contents-1.html", "minato/rss-1.xml", "minato/sessions/feed-9.json"} <= set(desk.folder.files)
    assert len(touched) < 20
    assert not {"minato/contents-1.html", "minato/rss-1.xml", "minato/parts/1.html"} & touched
    before = dict(desk.folder.files)
    desk.folder.files.clear()
    desk.publish(START + dt.timedelta(hours=229))
    assert desk.folder.files == before


@pytest.mark.parametrize(
    "change",
    [
        {"title": "別の題の出版物"},
        {"base_url": "https://elsewhere.example/"},
        {"publisher_name": "別の編集部"},
        {"publisher_address": "大阪市1-2"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_changed_setting_reaches_the_files(change):
    desk = Desk()
    desk.publish()
    desk.inputs.settings = "changed"
    desk.publication = replace(desk.publication, **change)

    desk.publish()

    assert next(iter(change.values())).rstrip("/") in desk.everything


@pytest.mark.parametrize(
    "attribution",
    [Attribution(author="別の記録係"), Attribution(author="記録係", licence="CC BY-SA 4.0")],
    ids=["author", "licence"],
)
def test_a_changed_attribution_reaches_the_files(attribution):
    desk = Desk()
    desk.publish()
    desk.inputs.settings = "changed"
    serial = replace(desk.publication.serials[0], attribution=attribution)
    desk.publication = replace(desk.publication, serials=(serial,))

    desk.publish()

    assert (attribution.licence or attribution.author) in desk.everything


def test_moving_the_site_keeps_ids_and_moves_links():
    desk = Desk()
    desk.publish()
    ids = set(entries(desk.folder.files["minato/atom.xml"]))
    desk.inputs.settings = "moved"
    desk.publication = replace(desk.publication, base_url="https://elsewhere.example/sub/")

    desk.publish()

    feed = desk.folder.files["minato/atom.xml"]
    assert set(entries(feed)) == ids
    assert b"https://elsewhere.example/sub/minato/parts/1.html" in feed
    assert b"https://recaps.example.org/" not in feed


def test_a_serial_taken_out_of_the_configuration_leaves_the_folder():
    one, two = a_serial("one"), a_serial("two")
    desk = Desk(publication=a_publication(serials=(one, two)))
    desk.publish()
    desk.inputs.settings = "one less"
    desk.publication = a_publication(serials=(one,))

    report = desk.publish()

    assert "two/index.html" in report.files.removed
    assert not [path for path in desk.folder.files if path.startswith("two/")]


def test_only_the_serial_asked_for_is_released():
    desk = Desk(publication=a_publication(serials=(a_serial("one"), a_serial("two"))))

    report = desk.publish(serial="two")

    assert [line.serial for line in report.released] == ["two"]
    assert "one/index.html" in desk.folder.files
    assert "one/parts/1.html" not in desk.folder.files


def test_a_recap_that_cannot_be_read_changes_nothing():
    desk = Desk()
    desk.publish()
    files, state = dict(desk.folder.files), desk.store.build_state()
    desk.inputs.recaps[RECAP] = "   \n"

    with pytest.raises(BadRecap):
        desk.publish(START + NEXT_DAY)

    assert desk.folder.files == files
    assert desk.store.build_state() == state


def test_a_full_disk_releases_nothing():
    desk = Desk()
    desk.folder.full = True

    with pytest.raises(OutputFailed):
        desk.publish()

    assert desk.store.build_state().revision == 0
    assert not desk.folder.files


def test_a_clock_that_went_back_takes_nothing_back():
    desk = Desk()
    desk.publish()
    desk.publish(START + NEXT_DAY)
    files = dict(desk.folder.files)

    desk.publish(START)

    assert desk.folder.files == files
