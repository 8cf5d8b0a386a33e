"""What a reading adds: references between sessions, abbreviations, related sessions, tags."""

import re
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import a_recap, a_session, some_prose
from cnddigest.recap import tags
from cnddigest.recap.features import abbreviations, enriched, lexicon, references, related
from cnddigest.recap.features.passages import rewritten
from cnddigest.recap.features.references import targets
from cnddigest.recap.model import NOTHING, Day, Prose, Recap, Session
from cnddigest.rendering.markup import safe, text_only
from hostile import hostile

LONG = "分散ストレージの設計と運用"
ENGLISH = "Observability without tears"


def recap_of(*sessions: Session, introduction: Prose = NOTHING) -> Recap:
    return replace(a_recap(), days=(Day(number=1, sessions=sessions),), introduction=introduction)


def a_talk(number: int, *paragraphs: str, html: str | None = None, **fields: object) -> Session:
    prose = some_prose(*paragraphs)
    return a_session(number, prose=replace(prose, html=html) if html else prose, **fields)


def mentions(*texts: str, title: str = LONG, html: str | None = None, **fields: object) -> list[str]:
    """The ids that a session with these paragraphs refers to, beside one of that title whose id is `target`."""
    target = a_session(1, id="target", title=title, prose=Prose(), **fields)
    made = enriched(recap_of(target, a_talk(2, *texts, html=html)))
    return targets(made.sessions[1].prose.html)


@pytest.mark.parametrize(
    ("title", "text"),
    [
        (LONG, "前の日の分散ストレージの設計と運用を受けた話です。"),
        (LONG, "「分散ストレージの設計と運用」でも聞いた話です。"),
        (LONG, "分散ｽﾄﾚｰｼﾞの設計と運用を受けた話です。"),
        (ENGLISH, "As in observability without tears, this was fun."),
        (ENGLISH, "As in “Observability without Tears”, this was fun."),
        ("港の朝", "1日目の「港の朝」にも出ました。"),
        ("実践: 手で動かすストレージ", "1日目の「手で動かすストレージ」にも出ました。"),
        ("Q & A about the harbour", "See Q & A about the harbour."),
    ],
)
def test_a_session_that_is_called_by_its_name_is_a_reference(title, text):
    assert mentions(text, title=title) == ["target"]


@pytest.mark.parametrize(
    ("title", "text"),
    [
        (LONG, "1日目に講演されていたストレージの話です。"),
        (LONG, "新分散ストレージの設計と運用計画の話です。"),
        ("港の朝", "港の朝は早いものです。"),
        ("Observability", "Observability matters."),
        (ENGLISH, "This was observability without tears-and-more."),
        ("昼食をみんなで食べる会", "「昼食をみんなで食べる会」で話しました。"),
    ],
)
def test_what_is_no_name_of_one_session_is_no_reference(title, text):
    kind = {"kind": "event"} if "昼食" in title else {}

    assert mentions(text, title=title, **kind) == []


def test_a_code_is_a_name_where_it_has_a_letter_and_a_digit():
    assert mentions("B-12の発表に続く話です。", code="B-12") == ["target"]
    assert mentions("A1の発表に続く話です。", code="A1") == []


@pytest.mark.parametrize("around", ["a", "code", "pre", "h4", "abbr"])
def test_nothing_is_marked_in_links_code_and_headings(around):
    html = f"<p><{around}>{LONG}</{around}></p>"

    assert mentions(LONG, html=html) == []


def test_the_first_mention_of_a_session_is_its_link():
    assert mentions(f"{LONG}の話。", f"{LONG}の話をもう一度。") == ["target"]


def test_a_session_never_refers_to_itself():
    made = enriched(recap_of(a_talk(1, f"{LONG}の話です。", title=LONG)))

    assert made.sessions[0].prose.html == f"<p>{LONG}の話です。</p>"


def test_a_title_of_two_sessions_names_neither():
    twins = (a_talk(n, title=LONG) for n in (1, 2))

    made = enriched(recap_of(*twins, a_talk(3, f"「{LONG}」の話です。")))

    assert targets(made.sessions[2].prose.html) == []


def test_the_longest_of_two_names_is_meant():
    short, long = a_talk(1, title=LONG), a_talk(2, title=f"{LONG} 実践編")

    made = enriched(recap_of(short, long, a_talk(3, f"{LONG} 実践編の話です。")))

    assert targets(made.sessions[2].prose.html) == [long.id]


def test_a_list_of_all_titles_costs_no_more_than_a_list():
    titles = [f"発表{n}回目の分散ストレージ" for n in range(2000)]

    made = enriched(
        recap_of(*(a_talk(n, title=title) for n, title in enumerate(titles)), introduction=some_prose(*titles))
    )

    assert len(targets(made.introduction.html)) <= references.MOST


def test_introductions_and_the_closing_may_refer_to_sessions_too():
    text = some_prose(f"「{LONG}」がありました。")

    made = enriched(recap_of(a_talk(1, title=LONG), introduction=text))

    assert targets(made.introduction.html) == ["talk-00000001"]


def test_marks_change_no_word_of_a_text():
    recap = recap_of(a_talk(1, "SLO（Service Level Objective）の話。", title=LONG), a_talk(2, f"{LONG}とSLOの話。"))

    made = enriched(recap)

    assert [session.prose.paragraphs for session in made.sessions] == [s.prose.paragraphs for s in recap.sessions]
    assert text_only(made.sessions[1].prose.html) == f"{LONG}とSLOの話。"


def test_enriching_the_same_text_gives_the_same():
    recap = recap_of(a_talk(1, title=LONG), a_talk(2, f"{LONG}の話です。"))

    assert enriched(recap) == enriched(recap)


@given(
    st.lists(st.one_of(hostile, st.sampled_from([LONG, "SLO", f"<p>{LONG}", "<table>", "<a>", "</p>"]))).map("".join)
)
def test_no_hostile_text_loses_or_gains_a_letter_by_being_marked(html):
    target = a_talk(1, "SLO（Service Level Objective）の話。", title=LONG)

    made = enriched(recap_of(target, a_session(2, prose=Prose(paragraphs=(LONG, "SLO"), html=html))))

    shown = [text_only(safe(text)).replace(" ", "") for text in (made.sessions[1].prose.html, html)]
    assert sorted(shown[0]) == sorted(shown[1])  # text between the rows of a table is put before it, with its blanks


@given(hostile)
def test_rewriting_nothing_changes_nothing(html):
    assert rewritten(html, lambda text: text) == html


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SLO（Service Level Objective）", {"SLO": "Service Level Objective"}),
        ("SLO (Service Level Objective、目標の値)", {"SLO": "Service Level Objective"}),
        ("an Open Source Program Office (OSPO) helps", {"OSPO": "Open Source Program Office"}),
        (
            "HTAP(Hybrid Transactional and Analytical Processing)",
            {"HTAP": "Hybrid Transactional and Analytical Processing"},
        ),
        ("FAPI(Financial-grade API)", {"FAPI": "Financial-grade API"}),
        ("IaC（Infrastructure as Code）", {"IaC": "Infrastructure as Code"}),
        ("SLO（サービスレベル目標）", {"SLO": "サービスレベル目標"}),
        ("OSS（後で述べます）", {}),
        ("EDR(Microsoft Defender)", {}),
        ("Kyverno (policies for the cluster)", {}),
        ("the crowd at the pier (OSPO)", {}),
        ("SLO（{}".format("あ" * 5000), {}),
    ],
)
def test_an_abbreviation_is_explained_by_words_that_fit_it(text, expected):
    assert abbreviations.explained([text]) == expected


def explained_in(*texts: str, out: tuple[str, ...] = ()) -> list[list[str]]:
    made = enriched(recap_of(*(a_talk(n, text) for n, text in enumerate(texts, 1))), out=out)
    return [re.findall(r'<abbr title="([^"]*)">', session.prose.html) for session in made.sessions]


def test_an_abbreviation_is_explained_once_in_each_later_session():
    found = explained_in("SLOの話。", "SLO（Service Level Objective）の話。", "SLOとSLOの話。", "ほかの話。")

    assert found == [[], [], ["Service Level Objective"], []]


def test_who_explains_an_abbreviation_again_needs_no_help():
    assert explained_in("SLO（Service Level Objective）。", "SLO（Service Level Objective）とSLO。") == [[], []]


def test_two_explanations_of_one_abbreviation_end_it():
    found = explained_in("SRE（Site Reliability Engineering）。", "SRE（Some Rare Event）。", "SREの話。")

    assert found == [[], [], []]


def test_what_is_out_is_never_explained_by_what_is_not():
    early, late = "SLO（Service Level Objective）の話。", "SLOの話。"

    assert explained_in(early, late) == [[], ["Service Level Objective"]]
    assert explained_in(early, late, out=("talk-00000002",)) == [[], []]


BOATS = "帆船 海図 羅針盤 灯台 潮流 港湾 船員 航海 甲板 水先案内 係留 荷役 検疫 入港 出港 海里 汽笛 錨地".replace(
    " ", "の"
)
TREES = "樹木 森林 年輪 落葉 広葉樹 針葉樹 林道 伐採 植林 間伐 製材 木材 根系 樹皮 樹冠 林業 苗木 腐葉土".replace(
    " ", "の"
)
STARS = "恒星 惑星 彗星 銀河 望遠鏡 星座 天文台 光年 軌道 衛星 流星群 日食 月食 黄道 赤道儀 観測 星雲 超新星".replace(
    " ", "の"
)


def test_sessions_about_the_same_are_related_with_the_words_they_share():
    shared = "海図と羅針盤と灯台と潮流と航海"
    sessions = (a_talk(1, BOATS), a_talk(2, TREES), a_talk(3, f"{shared}と甲板", BOATS), a_talk(4, STARS))

    made = enriched(recap_of(*sessions))

    assert [[one.session_id for one in session.related] for session in made.sessions] == [
        ["talk-00000003"],
        [],
        ["talk-00000001"],
        [],
    ]
    assert set(made.sessions[0].related[0].terms) <= set(BOATS.split("の"))


def test_words_that_any_recap_has_relate_nothing():
    text = "発表 紹介 内容 問題 概要 言及 講演 説明 仕組 機能 情報 実装 利用 対応 必要".replace(" ", "の")

    made = enriched(recap_of(a_talk(1, text), a_talk(2, text), a_talk(3, TREES)))

    assert not any(session.related for session in made.sessions)


def test_a_term_is_named_as_the_session_spells_it():
    text = "Kubernetes operators reconcile resources; controllers watch secrets, tokens, quotas, volumes, nodes, pods"

    made = enriched(recap_of(a_talk(1, text), a_talk(2, text), a_talk(3, TREES)))

    assert "Kubernetes" in {term for session in made.sessions for one in session.related for term in one.terms}


def test_a_thousand_equal_texts_are_not_compared_with_each_other():
    sessions = tuple(a_talk(n, BOATS) for n in range(1, 1001))

    made = enriched(recap_of(*sessions))

    assert not any(session.related for session in made.sessions)


@given(
    st.dictionaries(st.text("abc", min_size=1, max_size=3), st.lists(st.sampled_from(BOATS.split("の")), min_size=1))
)
def test_what_is_related_is_so_both_ways(texts):
    found = related.related({name: Counter(words) for name, words in texts.items()})

    pairs = {(name, one.session_id) for name, ones in found.items() for one in ones}
    assert all(name != other for name, other in pairs)
    assert pairs == {(other, name) for name, other in pairs}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("#ストレージ #運用", ("ストレージ", "運用")),
        ("よい発表でした。 #cndt2022 #k8s", ("cndt2022", "k8s")),
        ("Tags: storage, Machine learning", ("storage", "Machine learning")),
        ("タグ：ストレージ、運用", ("ストレージ", "運用")),
        ("#k8s #K8S", ("k8s",)),
        ("Ask in #general about it", ()),
        ("issue #123", ()),
        ("C# is a language", ()),
        ("#" * 5000, ()),
        ("Tags: " + "x" * 5000, ()),
    ],
)
def test_tags_are_what_the_author_marked_as_such(text, expected):
    assert tags.said([text]) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (["kubernetes", "#クラウド"], ("kubernetes", "クラウド")),
        ("kubernetes, cloud", ("kubernetes", "cloud")),
        ([{"name": "Go", "versions": []}], ("Go",)),
        ({"a": "b"}, ()),
        (None, ()),
        ([True, 2026, ["x"]], ("2026",)),
    ],
)
def test_front_matter_lists_tags_in_several_ways(value, expected):
    assert tags.given(value) == expected


@given(hostile)
def test_a_tag_is_short_and_on_one_line(text):
    found = tags.listed([text, *tags.said([text])])

    assert all(tag == " ".join(tag.split()) and len(tag) <= tags.LONGEST for tag in found)


def test_terms_are_latin_words_and_runs_of_katakana_and_kanji():
    assert lexicon.terms("kubernetesのストレージ設計、c++とslo") == ["kubernetes", "ストレージ", "設計", "c++", "slo"]
