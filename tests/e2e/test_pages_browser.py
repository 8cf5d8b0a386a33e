"""Pages in a real browser: readable by everyone, at every width, in light and dark, from a disk."""

import dataclasses

import pytest

from browser import fits, violations
from builders import NOON, TOKYO, a_masthead, a_part, a_release, a_session, some_prose, some_templates, template_sources
from cnddigest.recap.model import NOTHING, Closing, Link, Prose
from cnddigest.rendering import page
from cnddigest.rendering.masthead import Neighbour
from cnddigest.rendering.slots import fill
from cnddigest.serial.model import Chapter

pytestmark = pytest.mark.slow

RICH = (
    "<h1>大見出し</h1>"
    "<p>本文に<strong>強調</strong>と<code>inline code</code>、<a href='https://e.org'>リンク</a>。"
    "<ruby>漢字<rt>かんじ</rt></ruby><mark>目立つ</mark></p><blockquote><p>引用</p></blockquote>"
    "<ul><li>一<ol><li>二</li></ol></li></ul>"
    f"<h4>小見出し</h4><pre><code>{'very wide code ' * 20}</code></pre>"
    f"<table><thead><tr>{'<th>見出し</th>' * 12}</tr></thead>"
    f"<tbody><tr><td>100,000</td>{'<td>長めの内容です</td>' * 11}</tr></tbody></table>"
    f"<details><summary>詳しく</summary><p>中身</p></details><p>https://e.org/{'long' * 60}</p>"
)
LONG = (
    "Kubernetesクラスタの運用を十年続けて分かった、可用性と費用と人のしあわせを同時に高めるための"
    "七つの実践的な方法とその限界についての考察と展望、次へ"
)


def a_full_release():
    sessions = (
        a_session(
            1,
            prose=Prose(paragraphs=("本文",), html=RICH),
            speakers=("山田", "鈴木"),
            starts_at="10:00",
            track="A",
            kind="keynote",
            url="https://e.org/1",
            links=(Link(label="動画", url="https://v.example/1"),),
        ),
        a_session(2, title=LONG),
        a_session(3, title="昼食", kind="event", prose=NOTHING),
    )
    part = a_part(
        introduction=some_prose("はじめに"),
        chapters=(Chapter(label="1日目", sessions=sessions), Chapter(label="2日目", sessions=(a_session(4),))),
        closing=Closing(heading="おわりに", prose=some_prose("では")),
    )
    release = a_release(part=part)
    entries = (release.entries[0], dataclasses.replace(release.entries[1], withdrawn=True), *release.entries[2:])
    return dataclasses.replace(release, entries=entries)


def the_pages(language):
    templates, masthead, release = some_templates(language, timezone=TOKYO), a_masthead(), a_full_release()
    near = Neighbour(title=LONG, path="parts/1.html")
    following = page.next_link(templates, masthead, near)
    coming = page.coming(templates, masthead, 2, NOON)
    yield "minato/parts/1.html", fill(page.part_page(templates, masthead, release, near), {"next": following})
    for index, session in enumerate(release.part.sessions):
        waiting = page.coming_link(templates, masthead, 2, NOON)
        text = fill(page.session_page(templates, masthead, release, index, near), {"next": waiting})
        yield f"minato/sessions/{session.id}.html", text
    slots = {
        "rows": page.row(templates, masthead, release),
        "progress": page.progress(templates, masthead, 1),
        "older": page.older_link(templates, masthead, "contents-1.html"),
        "coming": coming,
    }
    yield "minato/index.html", fill(page.archive_page(templates, masthead), slots)
    yield "minato/contents-1.html", fill(page.older_page(templates, masthead, "contents-1.html"), slots)
    card = page.card(templates, masthead, 1, 2, NOON)
    yield "index.html", fill(page.front_page(templates, masthead.publication), {"cards": card})


@pytest.fixture(scope="module", params=["ja", "en"])
def site(request, tmp_path_factory):
    """A site on disk, as it is published."""
    folder = tmp_path_factory.mktemp("site")
    assets = ((name, text) for name, text in template_sources().items() if name.startswith("assets/"))
    for path, text in (*the_pages(request.param), *assets):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")
    return folder


@pytest.fixture(params=[(360, "light"), (360, "dark"), (1600, "light"), (1600, "dark")], ids=lambda p: f"{p[0]}-{p[1]}")
def window(request, browser):
    """A browser window that refuses the network and keeps what went wrong in `window.faults`."""
    width, scheme = request.param
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    tab = context.new_page()
    tab.faults = []
    tab.on("console", lambda message: tab.faults.append(message.text) if message.type in {"error", "warning"} else None)
    tab.on("request", lambda sent: tab.faults.append(sent.url) if not sent.url.startswith("file:") else None)
    yield tab
    context.close()


def pages_of(site):
    return sorted(site.rglob("*.html"))


def test_no_page_breaks_a_rule_of_accessibility(site, window):
    for file in pages_of(site):
        if file.stem in {"talk-00000002", "talk-00000004"}:
            continue  # nothing on them that is not on another one: seconds saved
        window.goto(file.as_uri())
        assert violations(window) == [], file


def test_no_page_is_wider_than_its_window_or_asks_for_anything_else(site, window):
    for file in pages_of(site):
        window.goto(file.as_uri())
        assert fits(window), file
    assert window.faults == []


def test_a_number_in_a_crowded_table_stays_whole(site, window):
    file = next(file for file in pages_of(site) if "100,000" in file.read_text("utf-8"))
    window.goto(file.as_uri())

    lines = window.evaluate("""() => {
        const number = [...document.querySelectorAll('td')].find(cell => cell.textContent === '100,000');
        const range = document.createRange();
        range.selectNodeContents(number);
        return range.getClientRects().length;
    }""")

    assert lines == 1


def test_every_link_between_pages_leads_somewhere(site, browser):
    tab = browser.new_page()
    feeds = ("xml", "json", "ics")
    for file in pages_of(site):
        tab.goto(file.as_uri())
        urls = tab.evaluate("[...document.querySelectorAll('a[href]:not(.served a)')].map(link => link.href)")
        own = {url.partition("#")[0].removeprefix("file://") for url in urls if url.startswith("file:")}
        missing = [path for path in own if not path.endswith(feeds) and not (site / path).is_file()]
        assert missing == [], file
    tab.close()


def test_the_first_tab_stop_skips_to_the_text(site, window):
    window.goto((site / "minato/parts/1.html").as_uri())

    window.keyboard.press("Tab")
    skip = window.evaluate(
        "[document.activeElement.className, document.activeElement.getBoundingClientRect().top >= 0]"
    )
    outlined = window.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    window.keyboard.press("Enter")

    assert skip == ["skip", True]
    assert outlined == "solid"
    assert window.evaluate("document.activeElement.id") == "text"


def test_lines_are_of_a_length_one_reads_with_ease(site, window):
    window.goto((site / "minato/parts/1.html").as_uri())

    text, size = window.evaluate(
        "(p => [p.clientWidth, parseFloat(getComputedStyle(p).fontSize)])(document.querySelector('.prose > p'))"
    )

    assert 18 <= text / size <= 40


def test_colours_follow_the_readers_choice(site, browser):
    seen = set()
    for scheme in ("light", "dark"):
        context = browser.new_context(color_scheme=scheme)
        tab = context.new_page()
        tab.goto((site / "index.html").as_uri())
        seen.add(tab.evaluate("getComputedStyle(document.body).backgroundColor"))
        context.close()

    assert len(seen) == 2


def test_paper_shows_the_text_and_not_the_furniture(site, browser):
    tab = browser.new_page()
    tab.goto((site / "minato/parts/1.html").as_uri())

    tab.emulate_media(media="print")

    assert not tab.is_visible(".subscribe")
    assert not tab.is_visible(".neighbours")
    assert tab.is_visible(".prose")
    assert tab.is_visible(".source")
    tab.close()
