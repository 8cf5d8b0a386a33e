"""Pages say all that is known, nothing that is not out, and stand on their own."""

import dataclasses
import datetime as dt
import html
import itertools
import re

import pytest
from hypothesis import given, settings
from lxml import html as parsed_html

from builders import NOON, a_masthead, a_part, a_release, a_session, some_prose, some_templates, template_sources
from cnddigest.errors import BadTemplate
from cnddigest.recap.model import NOTHING, Closing, Link, Prose
from cnddigest.rendering import page
from cnddigest.rendering.masthead import Neighbour
from cnddigest.rendering.slots import SLOT, fill
from cnddigest.serial.model import Attribution, Chapter
from hostile import hostile

TEMPLATES = some_templates()
ENGLISH = some_templates("en")
EARLIER = Neighbour(title="前の回", path="parts/1.html")
LATER = Neighbour(title="次の回", path="parts/2.html")


def a_page(release=None, masthead=None, *, templates=TEMPLATES, previous=None, following=""):
    made = page.part_page(templates, masthead or a_masthead(), release or a_release(), previous)
    return fill(made, {"next": following})


def parsed(text):
    return parsed_html.document_fromstring(text)


def shown(text):
    return " ".join(parsed(text).text_content().split())


def outline(text):
    return [int(element.tag[1]) for element in parsed(text).iter("h1", "h2", "h3", "h4", "h5", "h6")]


def every_page(masthead, release):
    yield a_page(release, masthead, previous=EARLIER, following=page.next_link(TEMPLATES, masthead, LATER))
    for index in range(len(release.part.sessions)):
        made = page.session_page(TEMPLATES, masthead, release, index, EARLIER)
        yield fill(made, {"next": page.coming_link(TEMPLATES, masthead, 2, NOON)})
    rows = page.row(TEMPLATES, masthead, release)
    slots = {
        "rows": rows,
        "older": page.older_link(TEMPLATES, masthead, "contents-1.html"),
        "coming": page.coming(TEMPLATES, masthead, 2, NOON),
        "progress": page.progress(TEMPLATES, masthead, 1),
    }
    yield fill(page.archive_page(TEMPLATES, masthead), slots)
    yield fill(page.older_page(TEMPLATES, masthead, "contents-1.html"), slots)
    cards = page.card(TEMPLATES, masthead, 1, 2, NOON)
    yield fill(page.front_page(TEMPLATES, masthead.publication), {"cards": cards})


def a_rich_release():
    text = '<h1>大</h1><p>本文</p><h4>小</h4><pre>code</pre><table><tr><td>x</td></tr></table><img src="https://e.org/a.png">'
    rich = a_session(
        1, prose=Prose(paragraphs=("本文",), html=text), speakers=("山田", "鈴木"), kind="keynote", track="A"
    )
    event = a_session(2, kind="event", prose=NOTHING)
    part = a_part(
        introduction=some_prose("はじめに"),
        chapters=(Chapter(label="1日目", sessions=(rich, event)), Chapter(label="2日目", sessions=(a_session(3),))),
        closing=Closing(heading="おわりに", prose=some_prose("では")),
    )
    return a_release(part=part)


@pytest.mark.parametrize("release", [a_release(), a_rich_release()], ids=["plain", "rich"])
def test_every_page_has_one_h1_and_skips_no_heading(release):
    for made in every_page(a_masthead(), release):
        levels = outline(made)
        assert levels.count(1) == 1
        assert levels[0] == 1
        assert all(later <= earlier + 1 for earlier, later in itertools.pairwise(levels))


def test_only_what_a_later_release_changes_is_left_open():
    masthead, release = a_masthead(), a_release()

    opened = [
        page.part_page(TEMPLATES, masthead, release, EARLIER),
        page.session_page(TEMPLATES, masthead, release, 0, None),
        page.archive_page(TEMPLATES, masthead),
        page.older_page(TEMPLATES, masthead, "contents-1.html"),
        page.front_page(TEMPLATES, masthead.publication),
    ]

    assert [SLOT.findall(made) for made in opened] == [
        ["next"],
        ["next"],
        ["progress", "rows", "older", "coming"],
        ["rows", "older"],
        ["cards"],
    ]


def test_headings_in_a_text_stand_below_the_heading_of_that_text():
    text = Prose(paragraphs=("小",), html="<h5>小</h5>")
    one = a_part(
        introduction=text,
        chapters=(Chapter(label="", sessions=(a_session(1, prose=text),)),),
        closing=Closing(heading="おわりに", prose=text),
    )
    two = dataclasses.replace(one, chapters=(*one.chapters, Chapter(label="", sessions=(a_session(2),))))

    # title; introduction; session and its text (a second day puts a heading above each); closing and its text
    assert outline(a_page(a_release(part=one)))[:6] == [1, 2, 2, 3, 2, 3]
    assert outline(a_page(a_release(part=two)))[:9] == [1, 2, 2, 3, 4, 2, 3, 2, 3]


def test_every_page_is_complete_html_without_inline_scripts_or_anything_from_elsewhere():
    for made in every_page(a_masthead(), a_rich_release()):
        tree = parsed(made)
        assert made.startswith("<!DOCTYPE html>")
        assert tree.get("lang") == "ja"
        assert not tree.xpath(
            "//script[text()] | //style | //*[@style] | //*[@onclick] | //iframe"
            "| //form[not(@hidden or contains(@class, 'served'))]"
        )
        assert set(tree.xpath("//script/@src")) <= {"../assets/search.js"}
        assert tree.xpath("//link[@rel='stylesheet']/@href")[0].endswith("assets/style.css")
        assert not [src for src in tree.xpath("//main/..//header//img/@src | //link[@rel='icon']/@href") if ":" in src]
        assert len(tree.xpath("//main")) == len(tree.xpath("//header[@class='top']")) == 1
        ids = tree.xpath("//@id")
        assert len(ids) == len(set(ids))
        assert {target[1:] for target in tree.xpath("//a[starts-with(@href, '#')]/@href")} <= set(ids)


def test_links_between_pages_work_from_a_disk():
    for made in every_page(a_masthead(), a_release()):
        own = [
            url for url in parsed(made).xpath("//body//a/@href") if url.startswith(("https://recaps.example.org", "/"))
        ]
        assert own == []


@settings(max_examples=60)
@given(hostile, hostile, hostile)
def test_no_text_of_a_recap_breaks_a_page(title, speaker, text):
    session = a_session(
        1, title=title, speakers=(speaker,), track=text, prose=Prose(paragraphs=(text,), html=html.escape(text))
    )
    part = a_part(title=title, chapters=(Chapter(label=text, sessions=(session,)),))

    made = a_page(a_release(part=part), a_masthead(title=speaker, attribution=Attribution(author=text, url=text)))

    assert not re.search(r"<(script|letter|b>|item|entry|\?xml)", made)
    assert made.count("</html>") == made.count("</title>") == 1
    assert not SLOT.search(made)
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\u202a-\u202e\u2066-\u2069\ufffe\uffff]", made)


def test_a_part_says_where_it_stands_and_what_it_holds():
    text = shown(a_page(a_release(2), previous=EARLIER))

    for words in (
        "港の会議 2026 まとめ",
        "2日目",
        "2026年3月8日(日)",
        "第2回（全2回）",
        "3セッション",
        "約1分",
        "4 / 6",
        "前の回",
    ):
        assert words in text


def test_a_part_names_speakers_time_track_and_kind():
    session = a_session(1, speakers=("山田", "鈴木"), starts_at="10:00", track="ホールA", kind="keynote", group="午前")

    text = shown(a_page(a_release(part=a_part(chapters=(Chapter(label="1日目", sessions=(session,)),)))))

    for words in ("山田、鈴木", "10:00", "ホールA", "基調講演", "午前"):
        assert words in text


def test_links_are_named_once_and_only_where_they_can_be_followed():
    prose = Prose(paragraphs=("資料",), html='<p><a href="https://e.org/in-text">資料</a></p>')
    links = (
        Link(label="動画", url="https://v.example/1"),
        Link(label="資料", url="https://e.org/in-text"),
        Link(label="悪", url="javascript:alert(1)"),
        Link(label="同", url="https://e.org/talk"),
    )
    session = a_session(1, url="https://e.org/talk", links=links, prose=prose)

    made = a_page(a_release(part=a_part(chapters=(Chapter(label="", sessions=(session,)),))))

    listed = parsed(made).xpath("//ul[@class='links']//a")
    assert [(link.text, link.get("href")) for link in listed] == [
        ("発表ページ", "https://e.org/talk"),
        ("動画", "https://v.example/1"),
    ]


def test_a_session_without_anything_known_leaves_no_empty_boxes():
    release = a_release(part=a_part(chapters=(Chapter(label="", sessions=(a_session(1, prose=NOTHING),)),)))

    article = parsed(a_page(release)).xpath("//article")[0]

    assert not article.xpath(".//ul | .//div | .//p[not(normalize-space())]")


def test_a_withdrawn_session_says_so_quietly():
    release = a_release()
    entries = (dataclasses.replace(release.entries[0], withdrawn=True), *release.entries[1:])

    made = a_page(dataclasses.replace(release, entries=entries))

    notes = parsed(made).xpath("//article[.//p[@class='note']]/@id")
    assert notes == [release.entries[0].session_id]


def test_the_source_is_named_with_licence_and_date():
    tree = parsed(a_page())

    assert tree.xpath("//link[@rel='canonical']/@href") == ["https://example.org/minato"]
    source = " ".join(tree.xpath("//section[@class='source']")[0].text_content().split())
    for words in ("記録係", "https://example.org/minato", "CC BY 4.0", "2026年3月9日(月)", "2026年3月7日～8日"):
        assert words in source


def test_a_recap_of_nobody_known_names_no_source():
    nobody = a_masthead(attribution=Attribution(), first_on=None, last_on=None, written_on=None)

    tree = parsed(a_page(masthead=nobody))

    assert not tree.xpath("//section[@class='source'] | //link[@rel='canonical']")


def test_a_source_that_is_no_web_address_is_no_link():
    evil = a_masthead(attribution=Attribution(author="x", url="javascript:alert(1)", licence="javascript:alert(2)"))

    made = a_page(masthead=evil)

    assert 'href="javascript' not in made
    assert 'href="None' not in made


def test_feeds_are_found_by_readers_the_main_one_first():
    tree = parsed(a_page())

    feeds = tree.xpath("//link[@rel='alternate']")
    assert [feed.get("href").removeprefix("https://recaps.example.org/minato/") for feed in feeds] == [
        *("rss.xml", "atom.xml", "feed.json"),
        *("sessions/rss.xml", "sessions/atom.xml", "sessions/feed.json"),
    ]
    assert feeds[0].get("type") == "application/rss+xml"
    assert "https://recaps.example.org/minato/rss.xml" in tree.xpath("//section[@class='subscribe']")[0].text_content()


def test_previews_in_chats_are_plain_text_with_absolute_addresses():
    tree = parsed(a_page(a_release(part=a_part(introduction=some_prose("<b>はじめに</b>")))))

    og = {meta.get("property"): meta.get("content") for meta in tree.xpath("//meta[@property]")}
    assert og["og:url"] == "https://recaps.example.org/minato/parts/1.html"
    assert og["og:title"] == "1日目 – 港の会議 2026 まとめ"
    assert og["og:description"] == "<b>はじめに</b>"


def test_what_is_wider_than_the_screen_can_be_scrolled_by_keyboard():
    tree = parsed(a_page(a_rich_release()))

    assert tree.xpath("//pre/@tabindex | //div[table]/@tabindex") == ["0", "0"]


def test_images_wait_until_they_are_near():
    tree = parsed(a_page(a_rich_release()))

    assert tree.xpath("//div[@class='prose']//img/@loading") == ["lazy"]


def test_the_next_part_is_announced_without_a_word_of_it():
    text = page.coming_link(TEMPLATES, a_masthead(), 2, NOON)

    said = " ".join(parsed(text).text_content().split())
    assert said == "第2回（全2回）の公開予定： 2026年11月25日(水) 12:00 （日本時間）"
    assert 'datetime="2026-11-25T03:00:00Z"' in text


def test_the_last_part_says_that_it_is_the_last():
    assert "これが最終回です。" in page.coming_link(TEMPLATES, a_masthead(), None)
    assert "すべての回が公開されました。" in page.coming(TEMPLATES, a_masthead(), None)


def test_a_moment_nobody_knows_yet_is_not_named():
    assert "<time" not in page.coming_link(TEMPLATES, a_masthead(), 2, None)
    assert "<time" not in page.coming(TEMPLATES, a_masthead(), 2, None)


def test_an_archive_before_the_first_release_names_no_feed():
    made = page.archive_page(TEMPLATES, a_masthead(), released=False)

    assert "rss.xml" not in made
    assert 'class="subscribe"' not in made


def test_a_row_lists_the_sessions_and_when_they_came_out():
    row = page.row(TEMPLATES, a_masthead(), a_release(2))

    assert parsed(row).xpath("//a/@href") == [
        "parts/2.html",
        *(f"sessions/talk-{n:08x}.html" for n in (4, 5, 6)),
    ]
    assert "2026年11月25日(水) 12:00" in row


def test_a_row_of_one_session_does_not_say_it_twice():
    part = a_part(title="発表その1", chapters=(Chapter(label="", sessions=(a_session(1),)),))

    assert page.row(TEMPLATES, a_masthead(), a_release(part=part)).count("発表その1") == 1


def test_the_interface_speaks_english_around_japanese_text():
    tree = parsed(a_page(templates=ENGLISH))

    assert tree.get("lang") == "en"
    assert tree.xpath("//h1/@lang") == ["ja"]
    assert "Part 1 of 2" in shown(a_page(templates=ENGLISH))


@pytest.mark.parametrize(
    ("title", "shown_as"),
    [("1日目 – 港の会議 2026 まとめ", "1日目"), ("港の会議 2026 まとめ", "港の会議 2026 まとめ"), ("C:", "C:")],
)
def test_a_heading_does_not_repeat_the_serials_title(title, shown_as):
    tree = parsed(a_page(a_release(part=a_part(title=title))))

    assert tree.xpath("//h1")[0].text == shown_as
    assert tree.xpath("//title")[0].text.startswith(title)


def test_a_publication_can_have_a_page_of_its_own():
    own = some_templates(own={"part.html.j2": "<p>{{ part.title }}{{ slot('next') }}"})

    assert a_page(templates=own, following="!") == "<p>1日目 – 港の会議 2026 まとめ!"


def test_a_page_of_ones_own_that_is_wrong_is_blamed():
    own = some_templates(own={"part.html.j2": "{{ party }}"})

    with pytest.raises(BadTemplate, match=r"part\.html\.j2, line 1"):
        a_page(templates=own)


def test_equal_values_make_equal_pages():
    assert list(every_page(a_masthead(), a_rich_release())) == list(every_page(a_masthead(), a_rich_release()))


def test_a_page_fits_a_part_of_many_sessions_without_days():
    sessions = tuple(a_session(n) for n in range(1, 35))
    part = a_part(title="港の会議 2026 まとめ", chapters=(Chapter(label="", sessions=sessions),))

    made = a_page(a_release(part=part), a_masthead(sessions=34, parts=1))

    assert len(parsed(made).xpath("//nav[@class='contents']//li")) == 34
    assert parsed(made).xpath("//p[@class='serial']") == []


def test_the_stylesheet_is_small_and_needs_nothing_from_elsewhere():
    for name in ("assets/style.css", "assets/feed.css"):
        css = TEMPLATES.source(name)
        assert len(css.encode()) < 20_000
        assert not re.search(r"@import|url\(|https?:", css)


def test_dates_before_the_conference_is_known_are_left_out():
    made = page.card(TEMPLATES, a_masthead(first_on=None), 0)

    assert "年" not in made


def test_one_day_conferences_have_one_date():
    made = page.card(TEMPLATES, a_masthead(first_on=dt.date(2026, 3, 7), last_on=None), 0)

    assert "2026年3月7日" in made
    assert "～" not in made


def test_the_archive_offers_a_calendar_to_subscribe_to_and_as_a_file():
    text = page.archive_page(some_templates("en"), a_masthead())

    assert '<a href="webcal://recaps.example.org/minato/calendar.ics">Subscribe to the calendar</a>' in text
    assert '<a href="calendar.ics" type="text/calendar">' in text


def test_a_search_box_waits_for_a_script_and_asks_the_server_of_the_site():
    text = page.archive_page(some_templates("en"), a_masthead())

    assert '<form class="search" role="search" action="../search" method="get" hidden ' in text
    assert '<input name="serial" type="hidden" value="minato">' in text
    assert '<script src="../assets/search.js" defer></script>' in text
    assert "<script" not in page.archive_page(some_templates("en"), a_masthead(), released=False)


def test_the_search_script_is_small_and_needs_nothing_inline():
    script = template_sources()["assets/search.js"]

    assert len(script.encode()) < 6000
    assert not [word for word in ("innerHTML", "eval(", "import ", "http") if word in script]
