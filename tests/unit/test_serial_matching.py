"""Sessions of a corrected recap found among those of an earlier reading."""

import random
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from builders import a_session, some_prose
from cnddigest.serial.matching import match

LONG = "サービスメッシュを三年間運用して分かった五つの落とし穴とその避け方"
OTHER = "決済基盤をコンテナに移すまでの二年間に起きたこと、やめたこと、残したこと"
STORY = (
    "夜中に鳴るアラートの七割は誰も直さない古いジョブが出していた。そこで当番は、鳴った理由を翌朝までに一行で書く。"
    "三か月でアラートは四分の一になり、残りは本当に起きるべきものだった。"
)
UNLIKE = (
    "データベースの移行は金曜の夜にやらない。影の書き込みを二週間続け、差分が零になってから読む側を切り替えた。"
    "切り戻しの手順は毎日自動で試され、本番では一度も使われなかった。"
)
WORDS = st.text(alphabet="港会議運用監視abc12 ", max_size=12)
SESSIONS = st.lists(
    st.builds(
        lambda name, title, url, text: a_session(1, id=name, title=title, url=url, prose=some_prose(text)),
        st.sampled_from(["a", "b", "c", "d", "e", "f", "g"]),
        WORDS,
        st.sampled_from([None, "https://example.org/1", "https://example.org/2"]),
        st.sampled_from(["", STORY, UNLIKE, STORY + UNLIKE]),
    ),
    max_size=7,
    unique_by=lambda session: session.id,
)


def titles(sessions):
    return [session.title for session in sessions]


def pairs(found):
    return [(one.id, other.id) for one, other in found.pairs]


def a_talk(name, **fields):
    return a_session(1, **{"id": name, "title": f"talk {name}", "prose": some_prose()} | fields)


def test_an_unchanged_recap_matches_throughout():
    sessions = [a_session(n) for n in range(1, 5)]

    found = match(sessions, sessions)

    assert found.pairs == tuple(zip(sessions, sessions, strict=True))
    assert found.added == found.vanished == found.ambiguous == ()


def test_a_renamed_session_is_known_by_its_page():
    old = a_talk("a", title="古い題", url="https://example.org/1")

    assert pairs(match([old], [a_talk("b", title="全く新しい", url="https://example.org/1")])) == [("a", "b")]


def test_spelling_in_full_width_is_the_same_title():
    old = a_talk("a", title="Ｇｏで書く　サーバー")

    assert pairs(match([old], [a_talk("b", title="goで書く サーバー")])) == [("a", "b")]


def test_a_page_shared_by_several_sessions_tells_nothing():
    page = "https://example.org/"

    found = match([a_talk("a", url=page), a_talk("b", url=page)], [a_talk("c", url=page)])

    assert found.pairs == ()


def test_sessions_of_one_title_are_told_apart_by_their_pages():
    old = [
        a_talk("lt", title="LT", url="https://example.org/1"),
        a_talk("lt-2", title="LT", url="https://example.org/2"),
    ]

    found = match(old, [a_talk("lt", title="LT", url="https://example.org/2")])

    assert pairs(found) == [("lt-2", "lt")]


def test_an_id_kept_through_a_renaming_does_not_catch_a_new_session_of_the_old_title():
    old = [a_talk("a", title="新しい題")]  # was called something else when its id was made
    new = [a_talk("b", title="新しい題"), a_talk("a", title="古い題")]

    found = match(old, new)

    assert pairs(found) == [("a", "b")]
    assert titles(found.added) == ["古い題"]


def test_a_title_with_a_slip_mended_is_the_same_session():
    old = [a_talk("a", title=LONG), a_talk("b", title=OTHER)]
    new = [a_talk("c", title=OTHER), a_talk("d", title=LONG.replace("五つ", "五個"))]

    assert pairs(match(old, new)) == [("a", "d"), ("b", "c")]


def test_titles_that_differ_in_a_number_are_different_sessions():
    found = match([a_talk("a", title=f"{LONG} その1")], [a_talk("b", title=f"{LONG} その2")])

    assert found.pairs == ()


def test_two_titles_as_near_are_ambiguous():
    old = a_talk("a", title=LONG + "一")

    found = match([old], [a_talk("b", title=LONG + "二"), a_talk("c", title=LONG + "三")])

    assert found.pairs == ()
    assert found.vanished == found.ambiguous == (old,)


def test_a_session_with_another_title_is_known_by_its_text():
    old = [a_talk("a", prose=some_prose(STORY)), a_talk("b", prose=some_prose(UNLIKE))]
    new = [a_talk("c", title="zzz", prose=some_prose(UNLIKE[:60])), a_talk("d", title="yyy", prose=some_prose(STORY))]

    assert pairs(match(old, new)) == [("a", "d"), ("b", "c")]


def test_different_texts_and_titles_are_different_sessions():
    found = match([a_talk("a", prose=some_prose(STORY))], [a_talk("b", title="zzz", prose=some_prose(UNLIKE))])

    assert titles(found.vanished) == ["talk a"]
    assert titles(found.added) == ["zzz"]


def test_texts_of_a_few_letters_prove_nothing():
    found = match(
        [a_talk("a", prose=some_prose("資料はまだない。"))],
        [a_talk("b", title="zzz", prose=some_prose("資料はまだない。"))],
    )

    assert found.pairs == ()


@given(SESSIONS, SESSIONS)
def test_every_session_is_accounted_for_once(old, new):
    found = match(old, new)

    assert sorted([one.id for one, _ in found.pairs] + [s.id for s in found.vanished]) == sorted(s.id for s in old)
    assert sorted([other.id for _, other in found.pairs] + [s.id for s in found.added]) == sorted(s.id for s in new)
    assert set(found.ambiguous) <= set(found.vanished)


@given(SESSIONS)
def test_a_reading_matches_itself(sessions):
    found = match(sessions, sessions)

    assert all(one.id == other.id for one, other in found.pairs)
    assert found.vanished == found.added == ()


@given(SESSIONS, st.randoms(use_true_random=False))
def test_order_does_not_matter(sessions, chance):
    shuffled = chance.sample(sessions, len(sessions))

    found = match(sessions, shuffled)

    assert all(one.id == other.id for one, other in found.pairs)
    assert found.vanished == ()


def test_a_recap_replaced_by_another_is_compared_in_bounded_work():
    chance = random.Random(1)

    def some_text(letters):
        return "".join(chr(0x4E00 + chance.randrange(2000)) for _ in range(letters))

    old = [a_talk(f"a{n}", title=some_text(20), prose=some_prose(some_text(60))) for n in range(1500)]
    new = [a_talk(f"b{n}", title=some_text(20), prose=some_prose(some_text(60))) for n in range(1500)]
    new[700] = replace(old[3], id="b700", title="zzz")

    assert pairs(match(old, new)) == [("a3", "b700")]


def test_hostile_titles_and_texts_are_compared_in_bounded_work():
    old = [a_talk(f"a{n}", title="a" * 20_000 + str(n), prose=some_prose("あ" * 20_000)) for n in range(15)]
    new = [a_talk(f"b{n}", title="a" * 20_001 + str(n), prose=some_prose("い" * 20_000)) for n in range(15)]

    assert len(match(old, new).vanished) == 15
