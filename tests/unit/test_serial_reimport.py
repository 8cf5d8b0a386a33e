"""Sessions keep their names when a recap comes back retitled, reordered, on other days, or in another format."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import a_session, a_source, some_prose
from cnddigest.recap.outline import understood
from cnddigest.serial.matching import match

OPENINGS = (
    "夜中に鳴るアラートの七割は誰も直さない古いジョブが出していた。",
    "データベースの移行は金曜の夜にやらない、という規則から話が始まった。",
    "三百台の計測器が同じ秒に送信するので、時刻をわざとずらしたそうだ。",
    "当番表を紙に戻したら、引き継ぎの漏れが半分になったという報告。",
    "新人が初日に触る画面だけを、半年かけて作り直した記録だった。",
    "灯台の電球を替えるように、止めずに配線を替える手順が示された。",
)
ENDINGS = (
    "影の書き込みを二週間続け、差分が零になってから切り替えた。",
    "最後は会場の全員で手を挙げて、来年の題材を決めていた。",
    "質疑では費用の話が長く続き、答えは正直だった。",
    "手書きの図が一枚だけ映され、しばらく誰も話さなかった。",
    "翌朝までに直す人を決めておく、という約束が残った。",
    "紙の写しを全員に配り、持ち帰って試すように頼んだ。",
)
TITLES = (
    "静かな当番",
    "金曜日を避ける移行",
    "時計をずらす",
    "紙の引き継ぎ",
    "最初の一画面",
    "止めない配線",
)
RETITLED = ("夜を眠るために", "規則の作り方", "波を平らに", "半分の漏れ", "初日の設計", "灯台守の手順")


def a_text(n: int) -> str:
    return f"{OPENINGS[n]}{ENDINGS[n]}{TITLES[n]}の章はここまで。"


def a_talk(n: int, **fields):
    return a_session(n + 1, **{"id": f"t{n}", "title": TITLES[n], "prose": some_prose(a_text(n))} | fields)


def as_markdown(order, titles=TITLES, pages=True) -> str:
    talks = [
        f"### {titles[n]}\n\n" + (f"https://event.example.org/talks/{n}\n\n" if pages else "") + a_text(n)
        for n in order
    ]
    return "\n\n".join(["# 港の会議 2026 まとめ", "二日間の記録です。", "## 1日目", *talks[:3], "## 2日目", *talks[3:]])


def as_text(order, titles=TITLES) -> str:
    talks = [f"{titles[n]}\n{a_text(n)}" for n in order]
    return "\n".join(["港の会議 2026 まとめ", "二日間の記録です。", "1日目", *talks[:3], "2日目", *talks[3:]])


def numbers_of(found):
    """Return which talk each old session is, and which its partner is, by their texts."""
    openings = {opening: n for n, opening in enumerate(OPENINGS)}

    def number(session):
        text = "".join(session.prose.paragraphs)
        return next(n for opening, n in openings.items() if opening in text)

    return [(number(one), number(other)) for one, other in found.pairs]


ORDERS = st.permutations(range(len(TITLES)))


@given(ORDERS, ORDERS)
def test_another_format_in_another_order_has_the_same_sessions(before, after):
    old = understood([a_source(as_markdown(before), format="markdown")])
    new = understood([a_source(as_text(after))])

    found = match(old.sessions, new.sessions)

    assert all(one == other for one, other in numbers_of(found))
    assert found.vanished == found.added == found.doubtful == ()


@given(ORDERS, st.sets(st.integers(0, len(TITLES) - 1)))
def test_talks_retitled_and_moved_at_once_are_known_by_their_texts(order, retitled):
    titles = [RETITLED[n] if n in retitled else TITLES[n] for n in range(len(TITLES))]
    old = understood([a_source(as_markdown(range(len(TITLES)), pages=False), format="markdown")])
    new = understood([a_source(as_text(order, titles))])

    found = match(old.sessions, new.sessions)

    assert len(found.pairs) == len(TITLES)
    assert all(one == other for one, other in numbers_of(found))


@given(ORDERS)
def test_titles_that_changed_places_are_never_swapped_in_silence(order):
    old = [a_talk(n) for n in range(len(TITLES))]
    new = [replace(a_talk(n), prose=some_prose(a_text(order[n]))) for n in range(len(TITLES))]

    found = match(old, new)

    moved = {f"t{n}" for n in range(len(TITLES)) if order[n] != n}
    assert {session.id for session in found.doubtful} == moved


@given(ORDERS)
def test_talks_of_one_title_are_told_apart_by_their_texts(order):
    names = ["lt", *(f"lt-{n}" for n in range(2, 7))]
    old = [a_talk(n, id=names[n], title="LT") for n in range(6)]
    new = [a_talk(n, id=names[place], title="LT") for place, n in enumerate(order)]

    found = match(old, new)

    assert sorted(numbers_of(found)) == [(n, n) for n in range(6)]


@pytest.mark.parametrize("gone", range(6))
def test_one_of_several_talks_of_one_title_that_is_gone_is_the_right_one(gone):
    names = ["lt", *(f"lt-{n}" for n in range(2, 7))]
    old = [a_talk(n, id=names[n], title="LT") for n in range(6)]
    left = [n for n in range(6) if n != gone]
    new = [a_talk(n, id=names[place], title="LT") for place, n in enumerate(left)]

    found = match(old, new)

    assert [session.id for session in found.vanished] == [names[gone]]
    assert all(one == other for one, other in numbers_of(found))
