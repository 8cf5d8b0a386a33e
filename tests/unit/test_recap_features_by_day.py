"""References that name a day and no title, and what they mean."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import a_recap, a_session, some_prose
from cnddigest.recap.features import enriched
from cnddigest.recap.features.references import targets
from cnddigest.recap.model import Day, Recap, Session
from cnddigest.rendering.markup import safe, text_only
from hostile import hostile

BOATS = "帆船の海図の羅針盤の灯台の潮流の港湾の船員の航海の甲板の水先案内の係留の荷役の検疫の入港の出港の海里"
SOME_BOATS = "海図の羅針盤の灯台の潮流の港湾の船員の航海の甲板の係留の荷役の検疫の入港の出港の海里"
TREES = "樹木の森林の年輪の落葉の広葉樹の針葉樹の林道の伐採の植林の間伐の製材の木材の根系の樹皮の樹冠の林業"
STARS = "恒星の惑星の彗星の銀河の望遠鏡の星座の天文台の光年の軌道の衛星の流星群の日食の月食の黄道の赤道儀の観測"
LABELS = ("1日目", "2日目")


def a_talk(number: int, *paragraphs: str, **fields: object) -> Session:
    return a_session(number, prose=some_prose(*paragraphs), **fields)


def two_days(*spoken: str, labels: tuple[str, str] = LABELS, **fields: object) -> Recap:
    """A talk about boats on the first day, and one on the second that says these words; the others are about trees."""
    first = (a_talk(1, BOATS, **fields), a_talk(2, TREES, speakers=("森 みどり",)))
    second = (a_talk(3, *spoken, SOME_BOATS), a_talk(4, STARS))
    days = zip((1, 2), labels, (first, second), strict=True)
    return replace(
        a_recap(),
        days=tuple(
            Day(number=n, label=label, date=dt.date(2026, 6, 4 + n), sessions=sessions) for n, label, sessions in days
        ),
    )


def linked(recap: Recap, place: int = 2) -> list[str]:
    return targets(enriched(recap).sessions[place].prose.html)


@pytest.mark.parametrize(
    "text",
    [
        "1日目に講演されていた話の続きです。",
        "なお、１日目のセッションでも聞いた話です。",
        "初日の発表を思い出しました。",
        "前日のトークと同じ問題です。",
        "昨日聞いた講演の続きです。",
        "金曜日のセッションの続きです。",
        "金曜のセッションの続きです。",
        "It goes on where the talk on day 1 ended.",
        "As in yesterday’s talk, the harbour is full.",
        "The session on Friday said so too.",
        "Remember the first day's session?",
        "Comme dans la conférence d'hier, le port est plein.",
        "Wie gestern im Vortrag zu hören war.",
        "Der Vortrag am ersten Tag begann damit.",
        "Som i foredraget på dag 1.",
    ],
)
def test_a_talk_that_is_told_by_its_day_is_the_one_related_to_it(text):
    assert linked(two_days(text)) == ["talk-00000001"]


@pytest.mark.parametrize(
    "text",
    [
        "1日目に港で聞いた話です。",  # no word for a talk
        "2日目の講演の話です。",  # nothing on that day is related
        "3日目の講演の話です。",  # no such day
        "東京の1日目の講演の話です。",  # another event's
        "昨年1日目の講演の話です。",
        "1日目と2日目の講演の話です。",
        "2日目と1日目の講演の話です。",
        "1日目の講演の中で一番です。",
        "1日目の講演はどれもよかったです。",
        "1日目の発表資料を読みました。",
        "1日目に発表された製品の話です。",
        "一昨日の講演の話です。",
        "1日目の講演「別の船の話」の続きです。",
        "1日目の森みどりさんの講演の続きです。1日目の講演でも。".replace("森みどり", "森 みどり"),
        "1日目の基調講演の続きです。",
        "The talks on day 1 were good.",
        "The talk on day 10 was good.",
        "A talk in Friday harbour.",
        "Every workday talks are given.",
    ],
)
def test_words_that_may_mean_another_talk_or_several_mean_none(text):
    assert linked(two_days(text)) == []


def test_a_keynote_is_meant_by_its_kind():
    assert linked(two_days("1日目の基調講演の続きです。", kind="keynote")) == ["talk-00000001"]


def test_a_text_that_names_a_talk_of_the_day_has_no_second_link_to_that_day():
    named, told = "「長い名前のある発表」の話。", "1日目の講演の続きです。"

    made = [linked(two_days(text, title="長い名前のある発表")) for text in (named + told, told + named)]

    assert made == [["talk-00000001"], ["talk-00000001"]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1日目の講演の続きです。「森を歩いて数える」の話も。", ["talk-00000002", "talk-00000001"]),
        ("「森を歩いて数える」の話です。1日目の講演の続きです。", ["talk-00000002"]),
        ("1日目の講演でおもしろいと思ったのは「森を歩いて数える」という話です。", ["talk-00000002"]),
    ],
)
def test_a_title_of_that_day_is_what_the_words_after_it_and_around_it_mean(text, expected):
    recap = two_days(text)
    named = replace(recap.sessions[1], title="森を歩いて数える")
    recap = replace(recap, days=(replace(recap.days[0], sessions=(recap.sessions[0], named)), recap.days[1]))

    assert sorted(linked(recap)) == sorted(expected)


def test_two_related_talks_on_the_day_are_none():
    recap = two_days("1日目の講演の続きです。")
    both = replace(recap.days[0], sessions=(*recap.days[0].sessions, a_talk(5, BOATS)))

    assert linked(replace(recap, days=(both, recap.days[1])), place=3) == []


def test_nobody_speaks_of_a_day_that_comes_later():
    recap = two_days()
    first = replace(recap.days[0], sessions=(a_talk(1, "2日目の講演でも聞きました。", BOATS), recap.sessions[1]))

    assert linked(replace(recap, days=(first, recap.days[1])), place=0) == []


def test_days_without_labels_are_not_counted():
    assert linked(two_days("1日目の講演の続きです。", labels=("", ""))) == []


@pytest.mark.parametrize(
    ("labels", "text", "expected"),
    [
        (("前夜祭", "1日目"), "前夜祭のセッションの続きです。", ["talk-00000001"]),
        (("前夜祭", "1日目"), "1日目の講演の続きです。", []),
        (("前夜祭", "本編"), "初日の講演の続きです。", []),
        (("1日目", "最終日"), "最終日の講演の続きです。", []),
        (("Første dag", "Siste dag"), "Som i foredraget siste dagen.", []),
        (("Erster Tag", "Letzter Tag"), "Wie der Vortrag des ersten Tages.", ["talk-00000001"]),
        (("Erster Tag", "Letzter Tag"), "Wie der Vortrag am letzten Tag.", []),
        (("Friday", "Saturday"), "As in the talk on day 1.", ["talk-00000001"]),
        (("Day 0", "Day 1"), "As in the talk on day 1.", []),
    ],
)
def test_a_number_means_the_day_that_says_it_and_an_eve_is_no_first_day(labels, text, expected):
    assert linked(two_days(text, labels=labels)) == expected


def test_the_words_themselves_are_the_link():
    made = enriched(two_days("１日目に講演されていた、船の話です。"))

    html = made.sessions[2].prose.html
    assert '<p><a href="session:talk-00000001">１日目に講演されていた</a>、船の話です。</p>' in html


@given(
    st.lists(st.one_of(hostile, st.sampled_from(["1日目の講演", "talk on day 1", "<p>", "<a>", "の" * 50]))).map(
        "".join
    )
)
def test_no_hostile_text_loses_or_gains_a_letter_by_a_day(html):
    recap = two_days("話です。")
    spoken = recap.sessions[2]
    spoken = replace(spoken, prose=replace(spoken.prose, html=html))
    recap = replace(recap, days=(recap.days[0], replace(recap.days[1], sessions=(spoken, recap.sessions[3]))))

    made = enriched(recap)

    shown = [text_only(safe(text)).replace(" ", "") for text in (made.sessions[2].prose.html, html)]
    assert sorted(shown[0]) == sorted(shown[1])
