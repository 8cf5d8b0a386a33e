"""Entries carry the full text, clean and absolute, and are the same every time."""

import dataclasses
import datetime as dt
import html
import json
import re
import time

import pytest
from hypothesis import given, settings
from lxml import html as parsed_html

from builders import NOON, a_masthead, a_part, a_publication, a_release, a_session, some_prose, some_templates
from cnddigest.recap.model import NOTHING, Closing, Prose
from cnddigest.rendering.content import part_entry, search_record, session_entry
from cnddigest.serial.model import Attribution, Chapter
from hostile import hostile

TEMPLATES = some_templates()
TAG = "tag:recaps.example.org,2026:minato"


def an_entry_of(part, **fields):
    return part_entry(TEMPLATES, a_masthead(**fields), a_release(part=part), tag=TAG)


def test_a_part_and_its_sessions_have_permanent_names():
    release = a_release(2)

    part = part_entry(TEMPLATES, a_masthead(), release, tag=TAG)
    session = session_entry(TEMPLATES, a_masthead(), release, 1, tag=TAG)

    assert (part.entry_id, part.path) == (f"{TAG}/main/part-2", "minato/parts/2.html")
    assert (session.entry_id, session.path) == (f"{TAG}/main/talk-00000005", "minato/sessions/talk-00000005.html")


def test_entries_are_dated_by_the_plan_and_by_the_last_edit():
    edited = NOON + dt.timedelta(days=2)
    release = a_release()
    entries = (dataclasses.replace(release.entries[0], updated_at=edited), *release.entries[1:])
    release = dataclasses.replace(release, updated_at=edited, entries=entries)

    part = part_entry(TEMPLATES, a_masthead(), release, tag=TAG)
    first, last = (session_entry(TEMPLATES, a_masthead(), release, n, tag=TAG) for n in (0, 2))

    assert (part.published_at, part.updated_at) == (NOON, edited)
    assert (first.published_at, first.updated_at) == (NOON - dt.timedelta(seconds=2), edited)
    assert (last.published_at, last.updated_at) == (NOON, NOON)


def test_a_part_holds_everything_in_reading_order():
    part = a_part(
        introduction=some_prose("はじめの言葉"),
        chapters=(
            Chapter(label="1日目", introduction=some_prose("朝の様子"), sessions=(a_session(1),)),
            Chapter(label="2日目", sessions=(a_session(2),)),
        ),
        closing=Closing(heading="おわりに", prose=some_prose("おわりの言葉")),
    )

    text = "".join(map(str, parsed_html.fromstring(f"<div>{an_entry_of(part).html}</div>").itertext()))

    order = [
        "はじめの言葉",
        "1日目",
        "朝の様子",
        "発表その1",
        "1番目の",
        "2日目",
        "発表その2",
        "おわりに",
        "おわりの言葉",
        "記録係",
    ]
    places = [text.index(words) for words in order]
    assert places == sorted(places)


def test_an_entry_begins_with_its_text_and_ends_with_page_and_source():
    made = part_entry(
        TEMPLATES, a_masthead(), a_release(part=a_part(introduction=some_prose("はじめに"))), tag=TAG
    ).html

    assert made.startswith("<p>はじめに</p>")
    end = made[made.rindex("<hr>") :]
    for words in (
        "https://recaps.example.org/minato/parts/1.html",
        "https://example.org/minato",
        "記録係",
        "CC BY 4.0",
    ):
        assert words in end


def test_headings_in_an_entry_are_below_its_title_and_skip_nothing():
    text = "<h1>大</h1><h3>小</h3>"
    session = a_session(1, prose=Prose(paragraphs=("大", "小"), html=text))
    part = a_part(
        chapters=(Chapter(label="1日目", sessions=(session,)), Chapter(label="2日目", sessions=(a_session(2),)))
    )
    release = a_release(part=part)

    whole = part_entry(TEMPLATES, a_masthead(), release, tag=TAG).html
    alone = session_entry(TEMPLATES, a_masthead(), release, 0, tag=TAG).html

    assert re.findall(r"<h(\d)", whole) == ["2", "3", "4", "5", "2", "3"]
    assert re.findall(r"<h(\d)", alone) == ["2", "3"]


def test_addresses_are_absolute_or_gone():
    text = '<p><a href="/slides">a</a><img src="fig.png" alt="図"></p>'
    session = a_session(1, url="/talks/1", prose=Prose(paragraphs=("a",), html=text))
    part = a_part(chapters=(Chapter(label="", sessions=(session,)),))

    for attribution in (Attribution(author="x"), Attribution(author="x", url="https://example.org/articles/1")):
        urls = re.findall(r'(?:href|src)="([^"]*)"', an_entry_of(part, attribution=attribution).html)
        assert urls
        assert all(url.startswith("https://") for url in urls)


@settings(max_examples=60)
@given(hostile, hostile)
def test_no_text_breaks_an_entry(title, text):
    session = a_session(
        1, title=title, speakers=(text,), track=title, prose=Prose(paragraphs=(text,), html=f"<p>{text}</p>")
    )
    part = a_part(title=title, chapters=(Chapter(label=title, sessions=(session,)),))
    release = a_release(part=part)

    for made in (an_entry_of(part), session_entry(TEMPLATES, a_masthead(), release, 0, tag=TAG)):
        assert not re.search(r"<(script|letter|item|entry|\?xml)|[\U0001fffe\x91\x92]|\u202e|\x00", made.html)
        for words in (made.title, made.summary, made.author, *made.tags):
            assert not re.search("[\x00\x91\x92\u202e\ufffe\U0001fffe]", words)


def test_a_summary_is_plain_text():
    part = a_part(introduction=Prose(paragraphs=("a < b",), html="<p>a &lt; b</p>"))

    assert an_entry_of(part).summary == "a < b"


def test_a_part_without_introduction_is_summed_up_by_its_sessions():
    assert part_entry(TEMPLATES, a_masthead(), a_release(), tag=TAG).summary == "発表その1 ／ 発表その2 ／ 発表その3"


def test_a_session_without_text_is_summed_up_by_its_title():
    session = a_session(1, prose=NOTHING, speakers=("山田",))
    release = a_release(part=a_part(chapters=(Chapter(label="", sessions=(session,)),)))

    made = session_entry(TEMPLATES, a_masthead(), release, 0, tag=TAG)

    assert made.summary == "発表その1 ／ 山田"
    assert made.html


def test_an_entry_always_has_an_author():
    nobody = {"attribution": Attribution(), "publication": a_publication(publisher_name="")}

    assert an_entry_of(a_part()).author == "記録係"
    assert an_entry_of(a_part(), attribution=Attribution()).author == "港の編集部"
    assert an_entry_of(a_part(), **nobody).author == "会議録の再放送"


def test_tracks_and_groups_are_tags_each_once():
    sessions = (a_session(1, track="A", group="午前"), a_session(2, track="A"), a_session(3, track="B"))
    part = a_part(chapters=(Chapter(label="", sessions=sessions),))

    assert an_entry_of(part).tags == ("A", "午前", "B")


def test_search_knows_a_session_by_its_words():
    session = a_session(1, speakers=("山田",), prose=Prose(paragraphs=('"引用"', "二つ目"), html=html.escape("x")))
    part = a_part(chapters=(Chapter(label="1日目", sessions=(session,)),))

    record = json.loads(search_record(a_masthead(), a_release(part=part), 0))

    assert record == {
        "id": "talk-00000001",
        "title": "発表その1",
        "url": "sessions/talk-00000001.html",
        "part": 1,
        "day": "1日目",
        "speakers": ["山田"],
        "text": '"引用"\n二つ目',
    }


def test_equal_values_make_equal_entries():
    assert an_entry_of(a_part()) == an_entry_of(a_part())


def test_sessions_are_counted_through_the_days_of_a_part():
    days = (
        Chapter(label="1日目", sessions=(a_session(1), a_session(2))),
        Chapter(label="2日目", sessions=(a_session(3),)),
    )
    release = a_release(part=a_part(chapters=days))

    records = [json.loads(search_record(a_masthead(), release, index)) for index in range(3)]

    assert [(record["title"], record["day"]) for record in records] == [
        ("発表その1", "1日目"),
        ("発表その2", "1日目"),
        ("発表その3", "2日目"),
    ]
    with pytest.raises(IndexError):
        search_record(a_masthead(), release, 3)


def test_a_part_of_thousands_of_sessions_takes_no_more_than_linear_time():
    count = 4000
    sessions = tuple(a_session(n, prose=NOTHING) for n in range(1, count + 1))
    release = a_release(part=a_part(chapters=(Chapter(label="", sessions=sessions),)))
    began = time.process_time()

    for index in range(count):
        search_record(a_masthead(), release, index)

    assert time.process_time() - began < 2
