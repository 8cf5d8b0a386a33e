"""The Issue in a real browser: readable by everyone, narrow and wide, light and dark, with and without its style."""

import re

import pytest

from browser import fits, violations
from builders import a_masthead, a_part, a_publication, a_release, a_session, some_prose, some_templates
from cnddigest.recap.model import NOTHING, Closing, Link, Prose
from cnddigest.rendering.confirmation import confirmation
from cnddigest.rendering.issue import mailed
from cnddigest.rendering.slots import fill
from cnddigest.serial.model import Chapter

pytestmark = pytest.mark.slow

ROWS = "<tr><td>長めの内容</td><td>1</td></tr>" * 3
RICH = (
    "<p>本文に<strong>強調</strong>と<code>code</code>、<a href='https://e.example/'>リンク</a>、"
    "<mark>印</mark>、<del>旧</del>。<ruby>漢字<rt>かんじ</rt></ruby></p>"
    "<h2>見出し</h2><blockquote><p>引用</p></blockquote><ul><li>一<ol><li>二</li></ol></li></ul>"
    f"<pre><code>{'very wide code ' * 20}</code></pre>"
    f"<table><caption>表</caption><thead><tr><th>名</th><th>値</th></tr></thead><tbody>{ROWS}</tbody></table>"
    "<figure><img src='https://e.example/a.png' alt='構成図' width='900' height='400'>"
    "<figcaption>説明</figcaption></figure><dl><dt>語</dt><dd>意味</dd></dl>"
    f"<details><summary>詳しく</summary><p>中身</p></details><p>https://e.example/{'long' * 60}</p>"
)
LONG = "Kubernetesクラスタの運用を十年続けて分かった、可用性と費用を同時に高めるための七つの方法とその限界"
LOOKS = """[...document.querySelectorAll('body *')].map(element => {
    const style = getComputedStyle(element);
    return [style.color, style.fontSize, style.margin, style.padding].join();
})"""


def an_issue(language):
    sessions = (
        a_session(
            1,
            prose=Prose(paragraphs=("本文",), html=RICH),
            speakers=("山田", "鈴木"),
            starts_at="10:00",
            kind="keynote",
        ),
        a_session(2, title=LONG, url="https://e.example/2", links=(Link(label="動画", url="https://v.example/2"),)),
        a_session(3, title="昼食", kind="event", prose=NOTHING),
        a_session(4, prose=some_prose("長い話。" * 30_000)),
    )
    part = a_part(
        introduction=some_prose("はじめに。"),
        chapters=(Chapter(label="1日目", sessions=sessions[:2]), Chapter(label="2日目", sessions=sessions[2:])),
        closing=Closing(heading="おわりに", prose=some_prose("では。")),
    )
    masthead = a_masthead(publication=a_publication(language=language))
    made = mailed(some_templates(language), masthead, a_release(part=part))
    return fill(made.html, dict.fromkeys(["unsubscribe", "preferences"], "https://recaps.example.org/x"))


def a_confirmation(language):
    masthead = a_masthead(publication=a_publication(language=language))
    made = confirmation(some_templates(language), masthead, days=30)
    return fill(made.html, {"confirm": "https://recaps.example.org/x"})


@pytest.fixture(scope="module", params=["ja", "en"])
def html(request):
    return an_issue(request.param)


@pytest.fixture(
    params=[(320, "light"), (320, "dark"), (600, "light"), (600, "dark"), (1280, "light")], ids="{0[0]}-{0[1]}".format
)
def window(request, browser):
    """A window as a mail program with images off gives it; `window.asked` is what the Issue wanted to load."""
    width, scheme = request.param
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    tab = context.new_page()
    tab.asked = []
    tab.route("**/*", lambda route: (tab.asked.append(route.request.url), route.abort()))
    yield tab
    context.close()


def without_style_block(html):
    return re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL)


def test_it_breaks_no_rule_of_accessibility(html, window):
    window.set_content(html)

    assert violations(window) == []


def test_it_is_never_wider_than_its_window_and_loads_nothing_but_images(html, window):
    window.set_content(html)

    assert fits(window)
    assert window.asked == ["https://e.example/a.png"]


def test_it_keeps_its_look_where_the_style_block_is_dropped(html, browser):
    tab = browser.new_page(viewport={"width": 600, "height": 900}, color_scheme="light")
    tab.set_content(html)
    whole = tab.evaluate(LOOKS)

    tab.set_content(without_style_block(html))

    assert tab.evaluate(LOOKS) == whole
    assert fits(tab)
    tab.close()


def test_lines_are_of_a_length_one_reads_with_ease(html, window):
    window.set_content(html)

    text, size = window.evaluate(
        "(p => [p.clientWidth, parseFloat(getComputedStyle(p).fontSize)])(document.querySelector('.prose > p'))"
    )

    assert size == 15
    assert 18 <= text / size <= 40


def test_links_that_stand_alone_are_large_enough_for_a_thumb(html, window):
    window.set_content(html)

    alone = [link.bounding_box() for link in window.query_selector_all(".last, .alone")]
    sizes = window.eval_on_selector_all(".last", "links => links.map(link => getComputedStyle(link).fontSize)")

    assert len(alone) == 5
    assert all(box["height"] >= 24 and box["width"] >= 24 for box in alone)  # WCAG 2.2, 2.5.8
    assert sizes == ["14px", "14px"]


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_question_has_one_button_that_nobody_misses(language, window):
    window.set_content(a_confirmation(language))

    button = window.query_selector(".action")
    text, label = (
        window.eval_on_selector(each, "e => parseFloat(getComputedStyle(e).fontSize)") for each in (".said", ".action")
    )

    assert button.bounding_box()["height"] >= 44
    assert label >= text == 16


def test_the_preheader_is_never_seen(html, window):
    window.set_content(html)

    assert not window.is_visible(".preheader")


def test_dark_is_dark_and_light_is_light(html, browser):
    seen = []
    for scheme in ("light", "dark"):
        tab = browser.new_page(color_scheme=scheme)
        tab.set_content(html)
        seen.append(tab.evaluate("getComputedStyle(document.querySelector('.sheet')).backgroundColor"))
        tab.close()

    assert seen == ["rgb(251, 249, 245)", "rgb(23, 24, 26)"]


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_confirmation_is_as_easy_to_read(language, window):
    window.set_content(a_confirmation(language))

    assert violations(window) == []
    assert fits(window)
    assert not window.is_visible(".preheader")
    assert window.asked == []
