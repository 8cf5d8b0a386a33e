"""Links between sessions and what else a reading adds, told through what readers see and must not see yet."""

import re

import pytest

from cnddigest.rendering.page import FEEDS
from desk import NEXT_DAY, START, Desk

STORAGE, LOAD, WATCH = "分散ストレージの設計と運用", "負荷試験の落とし穴をさぐる", "観測できるシステムの作り方"
BOATS = "帆船と海図と羅針盤と灯台と潮流と港湾と船員と航海と甲板と係留と荷役と検疫の話。"


def a_text(first: str = "SLO（Service Level Objective）の話。", third: str = "") -> str:
    """Three days of one session each; `first` and `third` are what the first and the third one say."""
    return f"""---
title: 港の会議 2026 まとめ
topics: [storage, 港]
---

# 1日目

## {STORAGE}

https://event.example/talks/1

{first}

{BOATS}

#ストレージ

# 2日目

## {LOAD}

https://event.example/talks/2

SLOを守る話。樹木と森林。

# 3日目

## {WATCH}

https://event.example/talks/3

{third or f"1日目の「{STORAGE}」と、{LOAD}を受けた話。"}

{BOATS}
"""


def page(desk: Desk, number: int) -> str:
    return desk.folder.files[f"minato/parts/{number}.html"].decode()


def ids(desk: Desk) -> dict[str, str]:
    """The id of each session of the recap, by title, released or not."""
    headlines = desk.store.headlines("minato")
    return {session.title: session.id for headline in headlines for session in headline.sessions}


def days_of(desk: Desk):
    """Publish until everything is out; yield how many Parts are."""
    for day in range(3):
        desk.publish(START + day * NEXT_DAY)
        yield day + 1


def test_a_text_leads_to_the_sessions_that_are_out():
    desk = Desk(a_text())

    list(days_of(desk))

    known = ids(desk)
    assert f'「<a href="../sessions/{known[STORAGE]}.html">{STORAGE}</a>」' in page(desk, 3)
    assert f'<a href="../sessions/{known[LOAD]}.html">{LOAD}</a>を受けた' in page(desk, 3)


def test_in_feeds_and_issues_it_leads_to_the_site():
    desk = Desk(a_text())

    list(days_of(desk))

    url = f"https://recaps.example.org/minato/sessions/{ids(desk)[STORAGE]}.html"
    assert f'<a href="{url}">{STORAGE}</a>' in desk.folder.files["minato/feed.json"].decode().replace('\\"', '"')
    assert f'href="{url}"' in desk.folder.files["minato/issues/3.html"].decode()
    assert f"{STORAGE}: {url}" in desk.folder.files["minato/issues/3.txt"].decode()


def test_a_page_leads_on_once_what_it_names_is_out_and_the_issue_stays_as_it_was_mailed():
    desk = Desk(a_text(first=f"3日目の「{WATCH}」に続く話。"))
    desk.publish()
    link = f"sessions/{ids(desk)[WATCH]}.html"
    issue, entry = desk.folder.files["minato/issues/1.html"], desk.folder.files["minato/atom.xml"].decode()

    seen = [link in page(desk, 1) for _ in days_of(desk)]

    assert seen == [False, False, True]
    assert link in desk.folder.files[f"minato/sessions/{ids(desk)[STORAGE]}.html"].decode()
    assert desk.folder.files["minato/issues/1.html"] == issue
    (first,) = re.findall(r"<entry.*?</entry>", entry, re.DOTALL)
    assert first in desk.folder.files["minato/atom.xml"].decode()


def test_a_release_rewrites_the_pages_that_name_it_and_no_other_old_ones():
    desk = Desk(a_text(first=f"3日目の「{WATCH}」に続く話。"))
    desk.publish()
    desk.publish(START + NEXT_DAY)
    writes = dict(desk.folder.writes)

    desk.publish(START + 2 * NEXT_DAY)

    old = {f"minato/parts/{n}.html" for n in (1, 2)} | {
        f"minato/sessions/{ids(desk)[title]}.html" for title in (STORAGE, LOAD)
    }
    assert (
        desk.folder.touched_since(writes) & old == old
    )  # part 2 for its link to the next one, part 1 for its reference


def secrets(first: int, last: int) -> str:
    """Days of one session each whose titles nobody may see before: each names the one before it."""
    return "".join(
        f"\n# {day}日目\n\n## まだ秘密の発表その{day}: 港の舞台裏を歩く{day}回目\n\n"
        f"「港の舞台裏を歩く{day - 1}回目」と「{WATCH}」の話。{BOATS}\n"
        for day in range(first, last + 1)
    )


@pytest.mark.parametrize("rule", ["day", "session", 2])
def test_nothing_says_the_id_or_title_of_a_session_that_is_not_out(rule):
    desk = Desk(a_text(first="「港の舞台裏を歩く5回目」に続く話。") + secrets(4, 6), parts=rule)
    leaks = []

    for day in range(6):
        desk.publish(START + day * NEXT_DAY)
        out = desk.store.totals("minato").released_parts
        waiting = [one for headline in desk.store.headlines("minato", first=out + 1) for one in headline.sessions]
        shown = "\n".join(desk.folder.files) + desk.everything
        leaks += [one.title for one in waiting if one.title in shown or one.id in shown]

    assert leaks == []
    assert f'<a href="../sessions/{next(name for title, name in ids(desk).items() if "5回目" in title)}.html">' in page(
        desk, 1
    )


def test_growing_gives_the_same_pages_as_making_all_at_once():
    text = a_text(first=f"3日目の「{WATCH}」に続く話。")
    grown = Desk(text)
    list(days_of(grown))
    files = dict(grown.folder.files)
    grown.store.keep_fragments({}, only=True)
    grown.folder.files.clear()

    grown.publish(START + 3 * NEXT_DAY)

    assert grown.folder.files == files


def test_a_release_that_old_pages_lead_to_needs_no_template_engine():
    desk = Desk(a_text(first=f"3日目の「{WATCH}」に続く話。"))
    desk.publish()
    desk.inputs.templates = dict  # type: ignore[method-assign]  # rendering anything would now fail

    list(days_of(desk))

    assert f"sessions/{ids(desk)[WATCH]}.html" in page(desk, 1)


def test_related_sessions_are_shown_where_they_can_be_read():
    desk = Desk(a_text())

    seen = ['class="related"' in page(desk, part) for part in days_of(desk)]

    assert seen == [False, False, True]
    assert f'<li><a href="../sessions/{ids(desk)[STORAGE]}.html">{STORAGE}</a> <small>' in page(desk, 3)
    assert 'class="related"' not in page(desk, 1)


def test_an_abbreviation_is_explained_on_the_pages_that_come_after_its_explanation():
    desk = Desk(a_text())

    list(days_of(desk))

    assert '<abbr title="Service Level Objective">SLO</abbr>を守る話' in page(desk, 2)
    assert "<abbr" not in page(desk, 1)


def test_tags_of_recap_and_session_are_categories_of_every_feed():
    desk = Desk(a_text())

    desk.publish()

    for feed in FEEDS:
        text = desk.folder.files[f"minato/{feed.path}"].decode()
        places = [text.index(tag) for tag in ("ストレージ", "storage", "港")]
        assert len(set(places)) == 3
    assert re.findall(r'<category term="([^"]*)"', desk.folder.files["minato/atom.xml"].decode()) == [
        "ストレージ",
        "storage",
        "港",
    ]
    assert "<li>ストレージ</li>" in page(desk, 1)
    assert '<dd lang="ja">storage、港</dd>' in page(desk, 1)


def test_a_corrected_title_is_corrected_where_others_name_it_as_related():
    desk = Desk(a_text())
    list(days_of(desk))
    desk.rewrite(f"## {STORAGE}", "## 分散ストレージの作り方")

    desk.publish(START + 3 * NEXT_DAY)

    assert ">分散ストレージの作り方</a> <small>" in page(desk, 3)


def test_what_is_named_in_vain_stays_text():
    desk = Desk(a_text(third="「存在しない発表のとても長い題名」の話。[偽](session:nobody-00000000)"))

    list(days_of(desk))

    assert '"session:' not in desk.everything
