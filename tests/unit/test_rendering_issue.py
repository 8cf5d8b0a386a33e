"""The Issue as it is mailed: complete, readable everywhere, small enough, and made fast."""

import dataclasses
import functools
import re
import unicodedata
from itertools import pairwise
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html as parser

from builders import (
    a_masthead,
    a_part,
    a_publication,
    a_release,
    a_session,
    some_prose,
    some_templates,
    some_words,
    template_sources,
)
from cnddigest.errors import BadTemplate
from cnddigest.recap.model import NOTHING, Closing, Link, Prose
from cnddigest.rendering.fitting import LARGEST, SHORTEST, VISIBLE
from cnddigest.rendering.inline import LARGEST_KEPT, inline
from cnddigest.rendering.issue import Moulds, issue, mailed, press
from cnddigest.rendering.markup import width
from cnddigest.rendering.mould import ESCAPED_SLOT
from cnddigest.rendering.slots import SLOT, slot
from cnddigest.rendering.templates import Templates
from cnddigest.serial.model import Attribution, Chapter
from cnddigest.values import from_json, to_json
from hostile import hostile

BASE = "https://recaps.example.org/minato/"
RICH = """<p>使うのは<code>kubectl</code>と<strong>Argo</strong>。<br><em>続き</em>。
<a href="https://e.example/日本?a=1&amp;b=2">資料</a></p>
<h2>手順</h2><ul><li>一<ul><li>内</li><li>内<ol start="3"><li>三</li></ol></li></ul></li>
<li><p>段落</p><p>続き</p></li></ul>
<blockquote><p>引用</p><ul><li>引用の中</li></ul><blockquote><p>深い</p></blockquote></blockquote>
<pre><code>if a &lt; b:\n    "c"</code></pre>
<table><caption>比較</caption><thead><tr><th>名</th><th>値</th></tr></thead>
<tbody><tr><td>一</td><td>1</td></tr></tbody></table>
<figure><img src="https://e.example/a.png" alt="図 &quot;一&quot;" title="<p>" width="600" height="300">
<figcaption>説明</figcaption></figure>
<hr><dl><dt>SLO</dt><dd>目標</dd></dl><details><summary>補足</summary><p>中身</p></details>
<h3>小見出し</h3><p><ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp></ruby>x<sup>2</sup><kbd>C</kbd><del>旧</del><mark>印</mark></p>"""


def a_rich_release():
    sessions = (
        a_session(
            1, prose=Prose(paragraphs=("本文",), html=RICH), speakers=("山田 <太郎>", "Ada & Co"), kind="keynote"
        ),
        a_session(2, prose=NOTHING, url="https://e.example/2", links=(Link(label="動画", url="https://v.example/2"),)),
        a_session(3, starts_at="10:40", track="A", group="ストレージ"),
    )
    part = a_part(
        title="1日目 <&> 2日目 – 港の会議 2026 まとめ",
        introduction=Prose(paragraphs=("前書き",), html="<h1>港とは</h1><p>前書き。</p>"),
        chapters=(
            Chapter(label="1日目", introduction=some_prose("初日の前書き。"), sessions=sessions[:2]),
            Chapter(label="2日目", sessions=sessions[2:]),
        ),
        closing=Closing(heading="むすび", prose=some_prose("ありがとう。")),
    )
    return a_release(part=part)


def an_english_masthead():
    publication = a_publication(language="en", publisher_name="Harbour Press", publisher_address="1 Quay")
    return a_masthead(publication=publication, title="Harbour Conf 2026", language="en")


@functools.cache
def pressed_once(language, *own):
    """Templates that stay the same for all tests: pressing them is the dear part."""
    return some_templates(language, own=dict(own))


def an_issue(release=None, *, masthead=None, language="ja", own=None):
    templates = pressed_once(language, *(own or {}).items())
    return issue(templates, masthead or a_masthead(), release or a_rich_release())


def dom(html):
    return parser.document_fromstring(html)


def release_with(*paragraphs, sessions=1, **fields):
    prose = some_prose(*paragraphs)
    return a_release(
        part=a_part(
            chapters=(
                Chapter(
                    label="1日目", sessions=tuple(a_session(n, prose=prose, **fields) for n in range(1, sessions + 1))
                ),
            )
        )
    )


@pytest.fixture(scope="module")
def rich():
    return an_issue()


@pytest.fixture(scope="module")
def page(rich):
    return dom(rich.html)


# What it says


def test_the_subject_is_the_title_of_the_part(rich):
    assert rich.subject == "1日目 <&> 2日目 – 港の会議 2026 まとめ"


@pytest.mark.parametrize("word", ["港の会議 ", "harbour ", "長"])
def test_a_long_title_is_cut_in_the_subject_alone(word):
    title = (word * 300)[:290].strip()

    made = an_issue(a_release(part=a_part(title=title)))
    shown, left_out = made.subject.removesuffix("…"), title.removeprefix(made.subject.removesuffix("…"))

    assert made.subject.endswith("…")
    assert title == shown + left_out
    assert " " not in title or left_out.startswith(" ")
    assert 90 <= width(made.subject) <= 120
    assert title in dom(made.html).findtext(".//h1")
    assert title in made.text


def test_texts_stand_in_the_order_of_the_recap(rich):
    texts = [
        "港とは",
        "前書き。",
        "初日の前書き。",
        "使うのは",
        "発表その2",
        "3番目の発表の要約です。",
        "むすび",
        "ありがとう。",
    ]

    for body in (dom(rich.html).find_class("column")[0].text_content(), rich.text):
        behind_contents = body.partition("発表その3")[2]
        places = [behind_contents.index(text) for text in texts]
        assert places == sorted(places)


def test_contents_come_first_with_their_size(page):
    rows = [cell.text_content() for cell in page.find_class("entry")]

    assert page.find_class("label")[0].text_content() == "3セッション · 読了約1分"
    assert rows == ["発表その1", "発表その2", "発表その3"]


def test_each_session_has_its_place_its_facts_and_its_links(page):
    first, second, third = page.find_class("session")

    assert "1 / 6" in first.text_content()
    assert "基調講演 · 山田 <太郎>、Ada & Co" in first.text_content()
    assert "10:40 · A · ストレージ" in third.text_content()
    assert first.xpath(".//h3/a/@href") == [f"{BASE}sessions/talk-00000001.html"]
    assert second.xpath(".//p[@class='links']/a/@href") == ["https://e.example/2", "https://v.example/2"]
    assert second.xpath(".//p[@class='links']/a/@aria-label") == ["発表ページ：発表その2", "動画：発表その2"]
    assert not third.find_class("links")


def test_a_session_without_text_has_no_empty_box(page):
    assert not page.find_class("session")[1].find_class("prose")


@pytest.mark.parametrize(
    "said",
    [
        "港の編集部 · 東京都港区1-1 · desk@example.org",
        "記録係",
        "CC BY 4.0",
        "https://example.org/minato",
        "2026年3月9日(月)",
    ],
)
def test_publisher_author_licence_and_date_stand_in_both_bodies(rich, said):
    assert said in dom(rich.html).text_content()
    assert said in rich.text


@pytest.mark.parametrize("path", ["parts/1.html", "rss.xml", "atom.xml", "feed.json"])
def test_page_and_feeds_are_linked_in_both_bodies(rich, path):
    assert f'href="{BASE}{path}"' in rich.html
    assert re.search(rf"^(\w[\w ]*: )?{re.escape(BASE + path)}$", rich.text, re.MULTILINE)


def test_what_is_unknown_is_left_out_without_a_trace():
    bare = a_masthead(attribution=Attribution(), first_on=None, last_on=None, written_on=None)

    made = an_issue(masthead=bare)

    for body in (dom(made.html).text_content(), made.text):
        assert "元記事" not in body
        assert "会期" not in body
        assert "None" not in body


def test_a_withdrawn_session_says_so():
    release = a_release()
    entries = (dataclasses.replace(release.entries[0], withdrawn=True), *release.entries[1:])

    made = an_issue(dataclasses.replace(release, entries=entries))

    assert made.text.count("取り下げられました") == 1
    assert made.html.count("取り下げられました") == 1


def test_the_interface_speaks_english_too():
    made = an_issue(masthead=an_english_masthead(), language="en")

    assert "View in browser" in made.html
    assert "3 sessions" in made.text
    assert "Harbour Press · 1 Quay" in made.text
    assert "- 一\n" in made.text


def test_every_heading_text_and_address_of_the_html_is_in_the_text(rich, page):
    letters = re.sub(r"[\W_]", "", rich.text)
    body = page.find("body")
    body.remove(body.find_class("preheader")[0])

    for text in body.xpath(".//text()"):
        assert re.sub(r"[\W_]", "", text) in letters
    for url in body.xpath(".//a/@href"):
        assert unquote(url) in unquote(rich.text) or url == BASE or "/sessions/" in url


def test_titles_in_the_text_are_underlined_as_wide_as_they_are(rich):
    lines = rich.text.split("\n")

    for title in ("1日目", "2日目", "むすび"):
        width = sum(1 + (unicodedata.east_asian_width(char) in "WF") for char in title)
        assert lines[lines.index(title) + 1] == "=" * width


def test_the_text_has_no_markup_no_slots_and_no_heaps_of_empty_lines(rich):
    assert not re.search(r"</?[a-z]+>|&[a-z]+;|[\x91\x92]|\n{4}|[ \t]+\n", rich.text)
    assert rich.text.endswith("desk@example.org\n")


# The document, line by line of what mail programs demand


def test_language_role_and_label_stand_on_the_wrapper_too(page):
    wrapper = page.xpath("//body/div[@role='main']/div[@role='article']")[0]

    assert page.get("lang") == wrapper.get("lang") == "ja"
    assert wrapper.get("aria-roledescription") == "email"
    assert wrapper.get("aria-label") == "1日目 <&> 2日目 – 港の会議 2026 まとめ"
    assert wrapper.get("dir") == "ltr"


def test_the_document_begins_as_one_and_has_a_title(rich, page):
    assert rich.html.startswith("<!DOCTYPE html>\n<html")
    assert page.findtext("head/title") == rich.subject


def test_layout_tables_say_that_they_are_none(page):
    for table in page.xpath("//table[not(ancestor::div[@class='prose'])]"):
        assert table.get("role") == "presentation"


def test_outlook_gets_a_table_of_fixed_width(rich):
    assert '<!--[if mso]><table role="presentation" width="640"' in rich.html
    assert "PixelsPerInch>96<" in rich.html


def a_release_without_sessions():
    heading = Prose(paragraphs=("港とは", "前書き"), html="<h2>港とは</h2><p>前書き</p>")
    return a_release(part=a_part(introduction=heading, chapters=(Chapter(label="前日", introduction=heading),)))


@pytest.mark.parametrize(
    "release", [a_rich_release(), a_release(), a_release_without_sessions()], ids=["rich", "plain", "no sessions"]
)
def test_there_is_one_h1_and_no_level_is_skipped(release):
    levels = [int(heading.tag[1]) for heading in dom(an_issue(release).html).xpath("//h1|//h2|//h3|//h4|//h5|//h6")]

    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_nothing_is_alive_and_nothing_but_images_is_loaded(page):
    assert not page.xpath("//script|//form|//svg|//base|//link|//iframe|//*[@*[starts-with(name(), 'on')]]")
    assert page.xpath("//@src") == ["https://e.example/a.png"]


def test_images_have_a_text(page):
    assert all(image.get("alt") is not None for image in page.xpath("//img"))


def test_every_address_is_absolute(page):
    for url in page.xpath("//@href|//@src"):
        assert urlsplit(url).scheme == "https"


def test_links_that_say_the_same_differ_for_those_who_hear_them():
    page = dom(an_issue(release_with("短い。", sessions=3, url="https://e.example/x")).html)
    labels = page.xpath("//p[@class='links']/a/@aria-label")

    assert len(set(labels)) == len(labels) == 3


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("release", [a_rich_release(), a_release(), a_release(sessions=40), a_release(sessions=1)])
def test_the_preheader_is_first_hidden_and_of_good_length(release, language):
    made = an_issue(release, language=language)
    first = dom(made.html).xpath("//body/*")[0]

    assert first.text_content() == made.preheader
    assert 40 <= len(made.preheader) <= 90
    assert made.preheader != made.subject
    for style in ("display:none", "max-height:0", "overflow:hidden", "mso-hide:all"):
        assert style in first.get("style")


def test_the_kept_style_is_small_and_all_of_it_counts(page):
    (style,) = page.xpath("//head/style/text()")

    assert len(style.encode()) < LARGEST_KEPT
    assert "}}" not in style
    assert "prefers-color-scheme: dark" in style
    assert "[data-ogsc]" in style
    for name, value in re.findall(r"([a-z-]+): ([^;{}]+);", style):
        assert "!important" in value or name == "color-scheme"


def test_what_matters_is_on_the_elements(page):
    column = page.find_class("column")[0].get("style")
    paragraph = page.xpath("//div[@class='prose']")[1].get("style")

    assert '"Hiragino Sans", "Hiragino Kaku Gothic ProN", "Yu Gothic", Meiryo, "Noto Sans CJK JP", sans-serif' in column
    assert "font-size:15px" in paragraph
    assert "line-height:1.8" in paragraph
    assert "max-width:640px" in page.find_class("sheet")[0].get("style")


def test_no_letter_is_smaller_than_twelve_pixels(rich):
    assert min(map(int, re.findall(r"font-size: ?(\d+)px", rich.html))) >= 12


def colours():
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", template_sources()["issue.css"]))


def luminance(colour):
    parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", ["", "night-"])
@pytest.mark.parametrize("ink", ["ink", "soft", "red"])
@pytest.mark.parametrize("ground", ["paper", "wash"])
def test_letters_stand_out_in_light_and_dark(scheme, ink, ground):
    known = colours()
    light, dark = sorted((luminance(known[scheme + name]) for name in (ink, ground)), reverse=True)

    assert (light + 0.05) / (dark + 0.05) >= 4.5  # WCAG 2.2, 1.4.3


def test_nothing_is_left_over(rich):
    for body in (rich.html, rich.text):
        assert not re.search(
            "\\{\\{|\\{%|__[A-Z]+__|None|\ufffd|[\x00-\x08\x0b-\x1f\x7f-\x9f]|[\u202a-\u202e\u2066-\u2069]", body
        )


# What is mailed


def a_mailed_issue(release=None, *, masthead=None, language="ja", own=None):
    templates = pressed_once(language, *(own or {}).items())
    return mailed(templates, masthead or a_masthead(), release or a_rich_release())


@pytest.mark.parametrize("sessions", [1, 15, 400])
def test_what_is_mailed_is_the_issue_with_personal_links_at_its_end(sessions):
    release = release_with("話。" * 200, sessions=sessions)

    public, personal = an_issue(release), a_mailed_issue(release)

    assert (personal.subject, personal.preheader) == (public.subject, public.preheader)
    assert personal.text.startswith(public.text)
    links = personal.html.partition(public.html.partition("\n</div>\n</td></tr></table>\n<!--[if mso]></td>")[0])[2]
    for slots in (personal.text.removeprefix(public.text), links):
        assert SLOT.findall(slots) == ["unsubscribe", "preferences"]
    assert not SLOT.search(public.html + public.text)
    assert len(personal.html.encode()) <= VISIBLE


@pytest.mark.parametrize(("part", "onward"), [(1, ["next"]), (2, [])])
def test_who_has_a_run_of_their_own_gets_links_that_set_its_pace(part, onward):
    release = a_release(part, part=a_part(part))

    made = mailed(pressed_once("ja"), a_masthead(), release, paced=True)

    slots = [*onward, "pause", "slower", "faster", "contents", "unsubscribe", "preferences"]
    assert SLOT.findall(made.html) == SLOT.findall(made.text) == slots


@pytest.mark.parametrize("sessions", [1, 15, 400])
def test_with_these_links_a_long_issue_is_cut_earlier_and_still_shown_whole(sessions):
    release = release_with("話。" * 20_000 if sessions == 1 else "話。" * 200, sessions=sessions)

    made = mailed(pressed_once("ja"), a_masthead(), release, paced=True)

    longest = {name: f"https://recaps.example.org/{name}/{'x' * 40}" for name in SLOT.findall(made.html)}
    assert len(SLOT.sub(lambda found: longest[found[1]], made.html).encode()) + 57 * len(longest) <= VISIBLE


@pytest.mark.parametrize(
    ("language", "reason"),
    [
        ("ja", "このメールは「港の会議 2026 まとめ」を購読された方にお送りしています。"),
        ("en", "You are receiving this because you subscribed to 港の会議 2026 まとめ."),
    ],
)
def test_readers_are_told_why_they_get_it_and_who_sends_it(language, reason):
    made = a_mailed_issue(language=language)

    for body in (made.text, dom(made.html).text_content()):
        assert reason in body
        assert "東京都港区1-1" in body


def test_what_is_mailed_is_what_premailer_makes_of_it_too():
    made = a_mailed_issue()
    bare = re.sub(r"<style.*?</style>", "", a_mailed_issue(own={"issue.css": ""}).html, flags=re.DOTALL)
    slow = inline(bare, template_sources()["issue.css"])

    assert body(made.html) == body(ESCAPED_SLOT.sub(lambda found: slot(found[1]), slow))


@given(hostile)
def test_no_text_of_a_recap_becomes_a_personal_slot(text):
    forged = f"{slot('unsubscribe')}{text}\x91preferences\x92"
    session = a_session(1, title=forged, speakers=(forged,), track=forged, prose=some_prose(forged))
    part = a_part(title=f"{forged} x", chapters=(Chapter(label=forged, sessions=(session,)),))
    masthead = a_masthead(title=forged, publication=a_publication(publisher_name=forged))

    made = a_mailed_issue(a_release(part=part), masthead=masthead)

    assert SLOT.findall(made.html) == SLOT.findall(made.text) == ["unsubscribe", "preferences"]
    assert not SLOT.search(made.subject + made.preheader)


def test_the_longest_title_does_not_make_a_full_issue_too_large():
    masthead = a_masthead(title='"' * 400)

    made = a_mailed_issue(release_with(*["長い話。" * 100] * 100), masthead=masthead)

    assert LARGEST * 0.9 < len(made.html.encode()) <= VISIBLE


def test_an_issue_nobody_could_leave_is_refused():
    bare = template_sources()["issue.txt.j2"].replace('{{ slot("unsubscribe_url") }}', "")

    with pytest.raises(BadTemplate, match="an Issue needs slot unsubscribe_url"):
        an_issue(own={"issue.txt.j2": bare})


# Size


def test_a_long_text_is_cut_behind_a_paragraph_and_leads_on():
    made = an_issue(release_with(*(f"{'長い話。' * 100}第{n}段落の終わり" for n in range(100))))
    session = dom(made.html).find_class("session")[0]

    assert LARGEST * 0.9 < len(made.html.encode()) <= LARGEST
    assert all(p.text.endswith("段落の終わり") for p in session.xpath(".//div[@class='prose']/p"))
    assert session.xpath(".//p[@class='more']/a/@href") == [f"{BASE}sessions/talk-00000001.html"]
    assert session.xpath(".//p[@class='more']/a/@aria-label") == ["続きを読む：発表その1"]
    assert "続きを読む:\nhttps://recaps.example.org/minato/sessions/talk-00000001.html" in made.text
    assert len(session.xpath(".//div[@class='prose']/p")) == made.text.count("段落の終わり")


def test_only_the_longest_texts_are_cut():
    long, short = (f"{'話。' * 200}",) * 100, ("短い話。",)
    sessions = tuple(a_session(n, prose=some_prose(*(long if n == 2 else short))) for n in (1, 2, 3))

    page = dom(an_issue(a_release(part=a_part(chapters=(Chapter(label="", sessions=sessions),)))).html)

    assert [len(session.find_class("more")) for session in page.find_class("session")] == [0, 1, 0]


def test_an_issue_knows_whether_it_was_shortened():
    fits, long, many = (
        release_with("話。"),
        release_with("長い話。" * 20_000),
        release_with("話。" * 200, sessions=500),
    )

    assert [a_mailed_issue(release).shortened for release in (fits, long, many)] == [False, True, True]


def test_a_single_endless_paragraph_is_cut_too():
    made = an_issue(release_with("終わらない話" * 100_000))

    assert len(made.html.encode()) <= LARGEST
    assert "終わらない話" * 10 in made.text


def test_too_many_sessions_are_left_to_the_web():
    made = an_issue(release_with("話。" * 200, sessions=500))
    page = dom(made.html)
    shown = len(page.find_class("session"))

    assert 20 < shown < 500
    assert LARGEST * 0.8 < len(made.html.encode()) <= LARGEST
    assert len(page.find_class("entry")) == shown
    assert f"ほか{500 - shown}セッション" in page.text_content()
    assert f"ほか{500 - shown}セッション" in made.text


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.integers(0, 60_000), min_size=1, max_size=12),
    st.integers(0, 40_000),
    st.sampled_from(
        ["<p>話。</p>", "<p>&lt;&amp;</p>", "<ul><li>a</li></ul>", "<p><a href='https://e.example/'>x</a></p>"]
    ),
)
def test_no_issue_is_larger_than_mail_programs_show(sizes, introduction, block):
    def prose(size):
        return Prose(paragraphs=("話",), html=block * (size // len(block)))

    sessions = tuple(a_session(n, prose=prose(size)) for n, size in enumerate(sizes, 1))
    part = a_part(introduction=prose(introduction), chapters=(Chapter(label="1日目", sessions=sessions),))

    made = an_issue(a_release(part=part))

    assert len(made.html.encode()) <= LARGEST
    assert SHORTEST < LARGEST


@pytest.mark.parametrize("field", ["title", "track"])
def test_a_line_without_end_does_not_fill_the_issue(field):
    made = an_issue(release_with("短い。", **{field: "長" * 200_000}))

    assert "長" * 298 in made.html
    assert "長" * 300 not in made.html


@given(hostile)
def test_no_text_of_a_recap_gets_out_of_its_place(text):
    session = a_session(1, title=text, speakers=(text,), track=text, prose=some_prose("本文"))
    part = a_part(
        title=f"{text} x", chapters=(Chapter(label=text, sessions=(session,)),), closing=Closing(heading=text)
    )
    plain = a_session(1, title="題", speakers=("名",), track="A", prose=some_prose("本文"))
    tame = a_part(title="題 x", chapters=(Chapter(label="日", sessions=(plain,)),), closing=Closing(heading="むすび"))

    made = dom(an_issue(a_release(part=part)).html)

    kinds = {element.tag for element in made.iter()} - {"p"}
    assert kinds <= {element.tag for element in dom(an_issue(a_release(part=tame)).html).iter()}
    assert "script" not in kinds


# The trick: filled pieces are what premailer makes of the whole document


def normal(element):
    """An element as plain values: style declarations apart, addresses unquoted, text as shown."""
    attributes = {name: unquote(value) for name, value in element.attrib.items() if name != "style"}
    style = sorted(part.strip() for part in element.get("style", "").split(";") if part.strip())
    text = (element.text or "").strip(), (element.tail or "").strip()
    return element.tag, attributes, style, text, [normal(child) for child in element if isinstance(child.tag, str)]


def body(html):
    return normal(dom(html).find("body"))


def done_the_slow_way(release, **options):
    """The same Issue without a style, then inlined as a whole."""
    bare = re.sub(r"<style.*?</style>", "", an_issue(release, own={"issue.css": ""}, **options).html, flags=re.DOTALL)
    return inline(bare, template_sources()["issue.css"])


@pytest.mark.parametrize(
    "release", [a_rich_release(), a_release(), a_release(sessions=1)], ids=["rich", "plain", "one session"]
)
def test_an_issue_is_what_premailer_makes_of_the_whole_document(release):
    assert body(an_issue(release).html) == body(done_the_slow_way(release))


def test_the_kept_style_is_the_same_too():
    def head(html):
        return dom(html).xpath("//style/text()")

    assert head(an_issue().html) == head(done_the_slow_way(a_rich_release()))


def wrapped(names, inner):
    return st.builds(lambda name, parts: f"<{name}>{''.join(parts)}</{name}>", st.sampled_from(names), inner)


words = st.sampled_from(
    ["語", "word ", "&lt;p&gt;", "<br>", "<a href='https://e.example/?a&amp;b'>x</a>", "<img alt='<p>'>"]
)
phrases = st.lists(words | wrapped(["em", "strong", "code", "del", "ruby"], st.lists(words, max_size=2)), max_size=3)
flow = wrapped(["p", "h2", "h3", "pre"], phrases) | st.just("<hr>")
blocks = st.recursive(
    st.lists(flow, min_size=1, max_size=3),
    lambda inner: st.lists(
        wrapped(["ul", "ol"], st.lists(wrapped(["li"], phrases | inner), max_size=3))
        | wrapped(["dl"], st.lists(wrapped(["dt"], phrases) | wrapped(["dd"], inner), max_size=3))
        | wrapped(
            ["table"], st.lists(wrapped(["tr"], st.lists(wrapped(["td", "th"], phrases), max_size=2)), max_size=2)
        )
        | wrapped(["blockquote", "figure"], inner),
        max_size=2,
    ),
    max_leaves=6,
)


@settings(max_examples=15)
@given(blocks.map("".join))
def test_so_is_any_prose(html):
    release = a_release(part=a_part(chapters=(Chapter(label="", sessions=(a_session(1, prose=Prose(html=html)),)),)))

    assert body(an_issue(release).html) == body(done_the_slow_way(release))


def test_own_templates_and_styles_are_used():
    own = {
        "issue.css": ".mine { color: red }",
        "issue.html.j2": template_sources()["issue.html.j2"].replace('class="title"', 'class="mine"'),
    }

    assert '<h1 class="mine" lang="ja" style="color:red">' in an_issue(own=own).html


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("issue.html.j2", "<html><head></head><body>{% for s in part.sessions %}{% endfor %}</body></html>", "line 1"),
        ("issue.html.j2", "<p>no document</p>", "has no head"),
        ("issue.html.j2", "<html><head></head><body>hello</body></html>", "an Issue needs slot"),
        ("issue.txt.j2", "hello", "an Issue needs slot"),
        ("issue.css", "p ~ p { color: red }", "p ~ p"),
    ],
)
def test_own_templates_that_cannot_make_an_issue_are_refused(name, text, why):
    with pytest.raises(BadTemplate, match=re.escape(why)):
        an_issue(own={name: text})


def test_a_template_that_is_too_large_by_itself_is_refused():
    large = template_sources()["issue.html.j2"].replace("</body>", "<p>" + "x" * LARGEST + "</p></body>")

    with pytest.raises(BadTemplate, match="larger than mail programs show"):
        an_issue(own={"issue.html.j2": large})


class Counting(Templates):
    """Templates that count how often they are rendered."""

    rendered = 0

    def render(self, name, **values):
        self.rendered += 1
        return super().render(name, **values)


def test_a_thousand_issues_need_each_template_once():
    templates = Counting(template_sources(), some_words())

    for number in range(1, 1001):
        issue(templates, a_masthead(), a_release(number, sessions=1))

    assert templates.rendered == 2


def test_moulds_can_be_kept_as_json():
    templates = pressed_once("ja")
    kept = to_json(press(templates))

    made = issue(templates, a_masthead(), a_rich_release(), moulds=from_json(kept, Moulds))

    assert made == an_issue()


def test_the_same_release_makes_the_same_issue():
    assert an_issue() == an_issue()
