"""What stands at the head of a session: who spoke, when and where, and where its links lead."""

from typing import Any

import pytest
from lxml import html

from builders import a_masthead, a_part, a_release, a_session, some_templates
from cnddigest.recap.model import NOTHING, Link
from cnddigest.rendering.content import part_entry, session_entry
from cnddigest.rendering.issue import issue
from cnddigest.rendering.page import part_page, session_page
from cnddigest.serial.model import Chapter

SESSION = a_session(
    1,
    kind="keynote",
    speakers=("灘 太郎", "橘 みなと"),
    starts_at="10:00",
    ends_at="10:40",
    room="埠頭A",
    track="運用",
    level="中級者",
    language="en",
    url="https://e.example/talks/1",
    links=(
        Link(label="https://github.com/minato/1", url="https://github.com/minato/1"),
        Link(label="動画", url="https://youtu.be/1"),
        Link(label="会場の様子", url="https://e.example/photos"),
        Link(label="改訂版", url="https://speakerdeck.com/minato/1"),
        Link(label="スライド", url="https://www.docswell.com/s/minato/1"),
    ),
    prose=NOTHING,
)
FACTS = [
    ("種類", "基調講演"),
    ("登壇者", "灘 太郎、橘 みなと"),
    ("時間", "10:00–10:40"),
    ("会場", "埠頭A"),
    ("トラック", "運用"),
    ("レベル", "中級者"),
    ("言語", "英語"),
]
LINKS = [
    ("発表ページ", "https://e.example/talks/1"),
    ("スライド：改訂版", "https://speakerdeck.com/minato/1"),
    ("スライド", "https://www.docswell.com/s/minato/1"),
    ("動画", "https://youtu.be/1"),
    ("ソースコード", "https://github.com/minato/1"),
    ("会場の様子", "https://e.example/photos"),
]


def parsed(text: str) -> Any:
    return html.fromstring(text)


def a_release_of(session=SESSION):
    return a_release(part=a_part(chapters=(Chapter(label="", sessions=(session,)),)))


def pages(session=SESSION):
    templates, masthead, release = some_templates(), a_masthead(), a_release_of(session)
    return [
        parsed(part_page(templates, masthead, release, None)),
        parsed(session_page(templates, masthead, release, 0, None)),
    ]


def facts(page):
    rows = page.xpath("//article//dl[@class='facts']/div")
    return [(row.findtext("dt"), row.findtext("dd")) for row in rows]


def links(elements):
    return [(" ".join(element.text_content().split()), element.xpath(".//a/@href")[0]) for element in elements]


@pytest.mark.parametrize("place", [0, 1], ids=["part", "session"])
def test_each_fact_of_a_page_has_its_name(place):
    assert facts(pages()[place]) == FACTS


@pytest.mark.parametrize("place", [0, 1], ids=["part", "session"])
def test_links_of_a_page_say_what_they_lead_to_and_stand_in_one_order(place):
    assert links(pages()[place].xpath("//article//ul[@class='links']/li")) == LINKS


def test_an_issue_says_the_same_as_html_and_as_text():
    made = issue(some_templates(), a_masthead(), a_release_of())
    page = parsed(made.html)
    line = " · ".join(fact for _, fact in FACTS)
    (listed,) = page.xpath("//p[@class='links']")

    assert line in page.text_content()
    assert line in made.text
    assert listed.xpath("a/@href") == [url for _, url in LINKS]
    assert " ".join(listed.text_content().split()) == " ".join(name for name, _ in LINKS)
    assert listed.xpath("a/@aria-label")[0] == "発表ページ：発表その1"
    for name, url in LINKS:
        assert f"{name}:\n{url}" in made.text


def test_feeds_say_the_same():
    templates, masthead, release = some_templates(), a_masthead(), a_release_of()

    for entry in (
        part_entry(templates, masthead, release, tag="t"),
        session_entry(templates, masthead, release, 0, tag="t"),
    ):
        page = parsed(entry.html)

        assert page.xpath("string(//small)") == " · ".join(fact for name, fact in FACTS if name != "種類")
        assert [link for link in links(page.xpath("//p[a]")) if link in LINKS] == LINKS


def test_a_page_that_only_has_slides_is_not_called_the_page_of_the_talk():
    session = a_session(1, url="https://speakerdeck.com/minato/1")

    assert links(pages(session)[0].xpath("//ul[@class='links']/li")) == [
        ("スライド", "https://speakerdeck.com/minato/1")
    ]


def test_a_room_that_is_the_track_is_said_once():
    assert facts(pages(a_session(1, room="Hall  A", track="ＨＡＬＬ A"))[0]) == [("トラック", "ＨＡＬＬ A")]


@pytest.mark.parametrize(("language", "shown"), [("ja", []), ("JA-jp", []), ("xx", [("言語", "xx")]), (None, [])])
def test_a_language_is_named_where_it_is_not_the_recap_s(language, shown):
    assert facts(pages(a_session(1, language=language))[0]) == shown


def test_an_end_without_a_start_is_no_time():
    assert facts(pages(a_session(1, ends_at="10:40"))[0]) == []


def test_facts_of_a_schedule_are_texts_and_never_markup():
    name = '<img src="x" onerror="alert(1)">'
    session = a_session(
        1, room=name, level=name, speakers=(name,), links=(Link(label=name, url="https://e.example/x"),)
    )

    for page in pages(session):
        assert not page.xpath("//article//img")
        assert ("会場", name) in facts(page)
