"""Text that was written to break a reader, a page or a feed: it is published, harmless and whole."""

import json
import re

import feedparser
import pytest
from lxml import etree, html

import gates
from commands import FIRST, SLUG, OnDisk

pytestmark = pytest.mark.slow

MANY = 10_000
FEEDS = ("rss.xml", "atom.xml", "sessions/rss.xml", "sessions/atom.xml")
# The search box of an archive with its script, which is a file of ours and nothing else, and the box to subscribe.
OWN = """
//head/script[@src="../assets/search.js" and count(@*) = 2 and @defer and not(text())]
| //main//form[@class="search" and @action="../search" and not(.//form)]
| //main//form[@class="served by-mail" and not(.//form)
    and contains("|subscribe?lang=en|../subscribe?lang=en|../../subscribe?lang=en|", concat("|", @action, "|"))]
"""
DANGEROUS = {"script", "iframe", "frame", "object", "embed", "applet", "base", "form", "svg", "math"}
SCRIPT_ADDRESS = re.compile(r"\s*(javascript|vbscript|data):", re.IGNORECASE)
UNSEEN = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"  # they turn the reading direction of what follows
NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")

BODIES = {
    "opening brackets": "[" * MANY,
    "images without an end": "![" * MANY,
    "links without an end": "[a](b" * MANY,
    "brackets in a link": "[a](" + "(" * MANY,
    "quotes in quotes": ">" * MANY,
    "lists in a line": "- " * MANY,
    "lists in lists": "\n".join(" " * (2 * n) + "- a" for n in range(300)),
    "lists in quotes": "> - " * MANY,
    "stars": "*" * MANY,
    "stars and letters": "a**b" * MANY,
    "stars and lines": "*_" * MANY,
    "code without an end": "".join("`" * n + " " for n in range(150)),
    "angles": "<" * MANY,
    "tags without an end": "<a " * MANY,
    "attributes without an end": '<a href="' * MANY,
    "instructions": "a <?" * MANY,
    "comments": "a <!-- " * MANY,
    "elements in elements": "x " + "<span>" * MANY + "y" + "</span>" * MANY,
    "blocks in blocks": "<div>" * MANY,
    "ends of elements": "</b>" * MANY,
    "entities": "&amp;" * MANY,
    "entities that are none": "&" * MANY + "&#x110000;&#0;&#xD800;&nobody;",
    "a wide table": f"|{'a|' * 2000}\n|{'-|' * 2000}\n|{'b|' * 2000}",
    "a long table": "|a|b|\n|-|-|\n" + "|c|d|\n" * 3000,
    "references": "\n".join(f"[a{n}]: https://a.example/{n}" for n in range(2000)) + "\n\n" + "[a1] " * 2000,
    "addresses": "https://a.example/ " * 3000,
    "lines": "\n" * MANY * 5,
    "rules": "---\n\n" * 2000,
    "a long line": "あ" * MANY * 10,
    "a long latin line": "a " * MANY * 5,
    "backslashes": "\\" * MANY,
    "accents": "a" + "\u0301" * MANY,
    "joiners": "\u200d" * MANY,
    "directions": "\u202e" * MANY,
    "controls": "".join(map(chr, [*range(1, 9), 11, 12, *range(14, 32), *range(127, 160)])) + "\ufffe\uffff\U0001fffe",
    "marks of our own": "\x91title\x92 %C2%91title%C2%92 \U0001fffetitle\U0001ffff {{ 1 / 0 }}",
    "ends of data": "]]> <![CDATA[ ]]&gt; --> </item></entry></p></div></body></html>",
    "scripts": "<script>alert(1)</script>\n\n<img src=x onerror=alert(1)> <svg onload=alert(1)> <iframe src=//a.ex>",
    "script addresses": '[x](javascript:alert(1)) <a href="jav&#x09;ascript:alert(1)">y</a> ![z](data:text/html,x)',
    "script addresses by reference": "[x][1] <JaVaScRiPt:alert(1)>\n\n[1]: vbscript:alert(1)",
    "handlers": '<p onclick="alert(1)" style="background:url(javascript:alert(1))">x</p><b/onmouseover=alert(1)>y</b>',
    "forms": "<form action=//a.example><input name=q><button>go</button></form><base href=//a.example>",
}
TITLES = {
    "ten thousand letters": "あ" * MANY,
    "ten thousand words": "word " * MANY,
    "an end of data": "a ]]> b",
    "an element": "a <b>bold</b> & \"quoted\" 'talk'",
    "a script's address": "[x](javascript:alert(1)) talk",
    "a picture": "![talk](https://a.example/x.png)",
    "a way out": "../../../../etc/passwd",
    "a way out, escaped": "%2e%2e%2f%2e%2e%2fpasswd",
    "dots": "..",
    "a slash": "/",
    "a line of a calendar": "a&#13;&#10;END:VEVENT&#10;BEGIN:VEVENT",
    "marks of a calendar": "a;b,c\\n:d",
    "controls": "a\x07b\x1b[31mc",
    "directions": "safe \u202eevil\u2066 talk",
    "nothing to see": "\u200b",
    "emoji": "👩‍💻👨‍👩‍👧",
    "right to left": "שלום עולם",
    "stars": "*" * MANY,
    "brackets": "[" * MANY,
    "accents": "e\u0301" * 3000,
}


def recap(title="First talk", body="body", name="Harbour 2026"):
    return f"# {name}\n\n## Day 1\n\n### {title}\n\nalpha starts\n\n{body}\n\n### Last talk\n\nomega ends\n"


def publish(folder, text):
    publication = OnDisk.new(folder / "p")
    publication.recap.write_bytes(text if isinstance(text, bytes) else text.encode())
    return publication, publication.publish(FIRST, "--all", "--json")


def assert_harmless(publication):
    """Judge everything a visitor can read with other people's parsers."""
    feeds = publication.feeds()
    for path, data in feeds.items():
        if path.endswith(".png"):  # a poster: letters drawn by our own hand
            continue
        text = data.decode()
        assert not NO_XML.search(text), path
        assert not set(UNSEEN) & set(text), path
        if path.endswith((".html", ".xml", ".json")):
            assert "\r" not in text, path
        if path.endswith(".html"):
            assert_safe(html.fromstring(data), path)
        elif path.endswith(".json"):
            json.loads(data)
    for name in FEEDS:
        assert gates.w3c(feeds[f"{SLUG}/{name}"]) == []
        parsed = feedparser.parse(feeds[f"{SLUG}/{name}"], sanitize_html=False, resolve_relative_uris=False)
        assert not parsed.bozo
        for entry in parsed.entries:
            assert_safe(html.fragment_fromstring(entry.content[0].value, create_parent="div"), name)
    calendar = feeds[f"{SLUG}/calendar.ics"].decode().split("\r\n")
    assert calendar.count("BEGIN:VEVENT") == calendar.count("END:VEVENT") == 1
    assert all(re.fullmatch(r"[a-z0-9./-]+", path) for path in feeds)


def assert_safe(root, place):
    for own in root.xpath(OWN):
        own.drop_tree()
    for element in root.iter(etree.Element):
        assert element.tag not in DANGEROUS, place
        for name, value in element.attrib.items():
            assert not name.startswith("on"), place
            assert not SCRIPT_ADDRESS.match(re.sub("[\x00-\x20]", "", value)), place


def words(publication):
    """Return all text of the session pages."""
    pages = (data for path, data in publication.feeds().items() if path.startswith(f"{SLUG}/sessions/"))
    return b"\n".join(pages).decode()


@pytest.mark.parametrize("name", BODIES)
def test_a_hostile_body_is_published_harmless_and_whole(tmp_path, name):
    publication, outcome = publish(tmp_path, recap(body=BODIES[name]))

    assert outcome.code == 0, outcome.err
    assert_harmless(publication)
    assert "alpha starts" in words(publication)
    assert "omega ends" in words(publication)


@pytest.mark.parametrize("name", TITLES)
def test_a_hostile_title_is_published_harmless_and_whole(tmp_path, name):
    publication, outcome = publish(tmp_path, recap(title=TITLES[name]))

    assert outcome.code == 0, outcome.err
    assert_harmless(publication)
    assert len(json.loads(publication.feeds()[f"{SLUG}/sessions/feed.json"])["items"]) == 2
    assert "alpha starts" in words(publication)


@pytest.mark.parametrize("name", TITLES)
def test_a_hostile_title_of_the_recap_is_harmless(tmp_path, name):
    publication, outcome = publish(tmp_path, recap(name=TITLES[name]))

    assert outcome.code == 0, outcome.err
    assert_harmless(publication)


FRONTS = {
    "a bomb of aliases": "a0: &a0 [x, x]\n"
    + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 20)),
    "brackets": "x: " + "[" * 20_000,
    "mappings": "x: " + "{a: " * 10_000,
    "a command": 'title: !!python/object/apply:os.system ["touch pwned"]',
    "itself": "x: &x [*x]",
    "no date": "title: Harbour\ndate: 99999-99-99",
    "a script": 'title: "]]> <script>alert(1)</script>"\nlanguage: "<script>"',
    "controls": 'title: "a\\a\\e[31m\\u202e b"',
    "five megabytes": "x: " + "a" * 5_000_000,
    "no end": "title: [",
}


@pytest.mark.parametrize("name", FRONTS)
def test_hostile_front_matter_is_harmless(tmp_path, name):
    publication, outcome = publish(tmp_path, f"---\n{FRONTS[name]}\n---\n\n{recap()}")

    assert outcome.code == 0, outcome.err
    assert_harmless(publication)
    assert "omega ends" in words(publication)
    assert not (publication.folder / "pwned").exists()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "shift_jis", "euc_jp", "iso2022_jp"])
def test_japanese_in_any_encoding_is_read(tmp_path, encoding):
    text = "# 港の会議\n\n## 1日目\n\n### 灯台の守り方\n\n灯台を二十年守った人の話でした。\n"

    publication, outcome = publish(tmp_path, text.encode(encoding))

    assert outcome.code == 0, outcome.err
    assert "灯台を二十年守った人の話でした。" in words(publication)


def test_bytes_that_are_no_text_spoil_only_themselves(tmp_path):
    text = (
        "# 港の会議\n\n## 1日目\n\n### 灯台の守り方\n\n灯台を守".encode()
        + b"\xff\xfe\xed\xa0\x80"
        + "る話でした。\n".encode()
    )

    publication, outcome = publish(tmp_path, text)

    assert outcome.code == 0, outcome.err
    assert "灯台を守" in words(publication)
    assert "る話でした。" in words(publication)


def test_talks_with_one_title_stay_apart(tmp_path):
    text = "# T\n\n## Day 1\n\n### Welcome\n\nfirst\n\n### Databases\n\nsecond\n\n## Day 2\n\n### Welcome\n\nthird\n"

    publication, outcome = publish(tmp_path, text)

    items = json.loads(publication.feeds()[f"{SLUG}/sessions/feed.json"])["items"]
    assert outcome.code == 0
    assert [item["title"] for item in items] == ["Welcome", "Databases", "Welcome"]
    assert len({item["id"] for item in items}) == 3


def test_one_long_address_used_often_does_not_multiply(tmp_path):
    text = recap(body=f"[a]: https://a.example/{'y' * 2_000}\n\n" + "[a] " * 2_000)

    publication, _ = publish(tmp_path, text)

    assert sum(map(len, publication.feeds().values())) < 200 * len(text)


def test_a_comment_without_an_end_is_a_finding(tmp_path):
    publication = OnDisk.new(tmp_path / "p", recap(body="<!-- to do"))

    outcome = publication.run("outline", "recaps/minato.md", "--json")

    reading = json.loads(outcome.out)
    assert [found["line"] for found in reading["findings"] if found["severity"] == "warning"] == [9]


def test_a_lone_surrogate_in_front_matter_is_harmless(tmp_path):
    _, outcome = publish(tmp_path, f'---\ntitle: "a\\ud800b"\n---\n\n{recap()}')

    assert outcome.code == 0, outcome.err


def test_a_long_key_in_front_matter_takes_no_time(tmp_path):
    OnDisk.new(tmp_path / "p").recap.write_text(f"+++\na{'.a' * 32_000} = 1\n+++\n\n{recap()}", "utf-8")
    reading = OnDisk(tmp_path / "p").start("outline", "recaps/minato.md", "--json")

    try:
        reading.communicate(timeout=4)
    finally:
        reading.kill()
        reading.communicate()

    assert reading.returncode == 0
