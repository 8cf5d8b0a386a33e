"""Headings of talks, taken apart; in doubt the title keeps the whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnddigest.recap.heading import Heading, Style, clock, event_or_talk, form, split, style

NOTHING_SHARED = Style()


def shared(*forms: str) -> Style:
    return Style(forms=frozenset(forms))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10h00 – Une forge associative (Maëlle Guérande)", Heading(title="Une forge associative", starts_at="10:00")),
        ("14h – Pause des haies", Heading(title="Pause des haies", starts_at="14:00")),
        ("9:30 pm Late show", Heading(title="Late show", starts_at="21:30")),
        ("[A-1] 10:00 一晩で入れ替える", Heading(title="一晩で入れ替える", starts_at="10:00")),
        ("10:00～10:50【20-A-1】今と未来", Heading(title="今と未来", starts_at="10:00")),
        ("[運用]14:30 一週間", Heading(title="一週間", track="運用", starts_at="14:30")),
        ("基調講演「港を開く」", Heading(title="港を開く", kind="keynote")),
        ("Keynote: The Prompt Is a Promise", Heading(title="The Prompt Is a Promise", kind="keynote")),
        ("Eröffnungs-Keynote: Alte Häfen", Heading(title="Alte Häfen", kind="keynote")),
        ("LT: 五分で", Heading(title="五分で", kind="lightning")),
        ("◆ 題名", Heading(title="題名")),
        ("「警告のみ」で半年動かす", Heading(title="「警告のみ」で半年動かす")),
        ("「a」と「b」", Heading(title="「a」と「b」")),
        ("2. Is Not a Version", Heading(title="2. Is Not a Version")),
        ("10:00", Heading(title="10:00", starts_at="10:00")),
    ],
)
def test_what_stands_before_a_title_is_taken_off(text, expected):
    found = split(text, NOTHING_SHARED)

    assert (found.starts_at, found.track, found.kind) == (expected.starts_at, expected.track, expected.kind)
    assert found.title.startswith(expected.title)


@pytest.mark.parametrize(
    ("text", "how", "title", "speakers"),
    [
        ("Debugging by Subtraction by Wren Oduya", "by", "Debugging by Subtraction", ["Wren Oduya"]),
        (
            "Zero-Copy - or so - in Practice - Marek Dunn & Lio Sato",
            "dash",
            "Zero-Copy - or so - in Practice",
            ["Marek Dunn", "Lio Sato"],
        ),
        ("Undo (Casimir Lowe, Acme Inc)", "brackets", "Undo", ["Casimir Lowe"]),
        ("LiveView on a Tractor / Dale Whitcomb", "slash", "LiveView on a Tractor", ["Dale Whitcomb"]),
        ("小さな待ち行列 | 灘太郎", "bar", "小さな待ち行列", ["灘太郎"]),
        ("Kari Nordmann: Plattformer", "first", "Plattformer", ["Kari Nordmann"]),
        ("沼田さん「捨てた日」", "before", "捨てた日", ["沼田"]),
        ("Small Queues - Fenna de Wit", "dash", "Small Queues", ["Fenna de Wit"]),
        ("Small Queues - Wit, Fenna", "dash", "Small Queues", ["Fenna Wit"]),
        (
            "Small Queues (by Jan van der Meer and Ann O'Brien)",
            "brackets",
            "Small Queues",
            ["Jan van der Meer", "Ann O'Brien"],
        ),
    ],
)
def test_a_speaker_is_believed_where_the_talks_share_the_form(text, how, title, speakers):
    found = split(text, shared(how))

    assert (found.title, list(found.speakers)) == (title, speakers)


@pytest.mark.parametrize(
    ("text", "title", "speakers"),
    [
        ("見積もり術 御影 隼人 氏 / 住吉 真由 氏", "見積もり術", ["御影 隼人", "住吉 真由"]),
        ("設計書の寿命を語ろう。 魚崎 美和 氏", "設計書の寿命を語ろう。", ["魚崎 美和"]),
        ("「五分でわかる防波堤」 ― 沖 あかね", "五分でわかる防波堤", ["沖 あかね"]),
        ("「import this を毎朝読む生活」― 水尾 茜", "import this を毎朝読む生活", ["水尾 茜"]),
        ("権限設計やり直し　高崎 みのりさん", "権限設計やり直し", ["高崎 みのり"]),
        ("一晩で入れ替える - 汐見 蓮", "一晩で入れ替える", ["汐見 蓮"]),
    ],
)
def test_some_forms_are_beyond_doubt(text, title, speakers):
    found = split(text, NOTHING_SHARED)

    assert (found.title, list(found.speakers)) == (title, speakers)


@pytest.mark.parametrize(
    "text",
    [
        "kubefork - 自分専用のクラスタ",
        "Operators - Deep Dive",
        "Runner Controller (ARC)を運用すること",
        "Reading a Man Page Aloud (the whole room)",
        "入門 - 前編",
        "Spot VM / Preemptible VM",
        "Kubernetes: Deep Dive",
    ],
)
def test_what_is_no_name_stays_in_the_title(text):
    found = split(text, NOTHING_SHARED)

    assert (found.title, found.speakers) == (text, ())


def test_a_running_number_goes_where_the_talks_are_numbered():
    headings = ["1. Packaging", "2. Async", "3. A Linter"]

    titles = [split(text, style(headings)).title for text in headings]

    assert titles == ["Packaging", "Async", "A Linter"]


def test_one_heading_with_a_number_is_not_numbering():
    assert not style(["Caching", "2. Is Not a Version", "Queues"]).numbered


def test_a_day_before_the_title_goes_only_where_it_is_one():
    text = "Friday 09:30 Small Queues"

    assert split(text, NOTHING_SHARED, day=True).title == "Small Queues"
    assert split("１日目基調講演「港を開く」", NOTHING_SHARED, day=True).title == "港を開く"
    assert split("Friday Night Deployments", NOTHING_SHARED).title == "Friday Night Deployments"


@pytest.mark.parametrize("title", ["Lunch", "Coffee break", "Déjeuner partagé", "昼休憩", "懇親会", "Mittagessen"])
def test_a_break_is_an_event(title):
    assert event_or_talk(title) == "event"


@pytest.mark.parametrize(
    "title",
    [
        "Lunch and Learn with Kernel Developers",
        "Coffee-Driven Development",
        "Break Glass",
        "休憩できない夜間バッチを止めるまで",
        "Breaking changes",
    ],
)
def test_a_talk_that_mentions_a_break_is_a_talk(title):
    assert event_or_talk(title) == "talk"


@pytest.mark.parametrize(
    ("text", "expected"), [("09:30", "09:30"), ("9h", "09:00"), ("10時30分", "10:30"), ("25:00", None), ("noon", None)]
)
def test_a_clock_is_read(text, expected):
    assert clock(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10:30 Title", "clock"),
        ("[A1] Title", "code"),
        ("1. Title", "number"),
        ("Title by First Last", "by"),
        ("Title", None),
    ],
)
def test_a_talk_shows_its_form(text, expected):
    assert form(text) == expected


@given(st.text(max_size=400), st.booleans())
def test_any_heading_can_be_taken_apart(text, day):
    found = split(text, shared("by", "dash", "brackets", "slash", "bar", "first"), day=day)

    assert all(character in text for character in found.title)


@given(st.text(min_size=1, max_size=60).filter(str.strip))
def test_a_title_is_never_empty(text):
    assert split(text, shared("by", "dash"), day=True).title


def test_two_talks_in_ten_do_not_make_a_form():
    plain = [f"発表{n}" for n in range(8)]

    assert not style([*plain, "Design by Committee Meeting", "Learning by Doing Things"]).forms


def test_subtitles_are_not_names_unless_most_talks_begin_with_one():
    some = ["Kari Nordmann: Plattformer", "Ola Hansen: Feilsøking"]

    assert "first" in style([*some, "Kvalitet"]).forms
    assert "first" not in style([*some, *("Kvalitet", "Kode", "Folk", "Fjell")]).forms


def test_a_number_may_have_a_hash():
    numbered = style(["#1 Alerts -- Niamh Daly", "#2 Failure -- Sten Aalto"])

    assert split("#2 Failure -- Sten Aalto", numbered) == Heading(title="Failure", speakers=("Sten Aalto",))


@pytest.mark.parametrize("number", ["セッション{}「港の話」", "発表{} 港の話", "Session {} 港の話", "Talk {}: 港の話"])
def test_a_number_may_have_a_word_before_it(number):
    numbered = style([number.format(1), number.format(2)])

    assert split(number.format(2), numbered).title == "港の話"


def test_what_says_that_a_title_comes_is_taken_off_where_talks_share_it():
    labelled = style(["Talk: Patch Tuesday", "Talk: Canary Tokens", "タイトル：港の話"])

    assert [split(text, labelled).title for text in ("Talk: Canary Tokens", "タイトル：港の話")] == [
        "Canary Tokens",
        "港の話",
    ]
    assert split("Talk: Canary Tokens", NOTHING_SHARED).title == "Talk: Canary Tokens"


def test_codes_without_brackets_are_taken_off_where_most_talks_have_one():
    coded = style(["A-1 港を開く", "A-3 船を出す", "B-4 帆を張る", "懇親会"])

    assert split("B-4 帆を張る", coded).title == "帆を張る"
    assert split("A-1 10:30 港を開く", coded).starts_at == "10:30"


def test_codes_of_as_many_tracks_as_talks_are_codes_where_they_rise():
    coded = style(["A2 港を開く", "B3 船を出す", "C4 帆を張る", "懇親会"])

    assert split("B3 船を出す", coded).title == "船を出す"
    assert not style(["S3 の話", "G4 の話", "K8 の話"]).coded


def test_brackets_behind_a_name_hold_a_company_where_other_talks_name_their_speaker_before_them():
    bracketed = ["Less Code — Ana Corvin (Saint Sable)", "Friday — Kim Lest (Grand Dune)"]
    written = style([*bracketed, "Slow Tests — Bas Duvier", "One Page — Ines Ravel, Tom Gale"])

    assert split("Less Code — Ana Corvin (Saint Sable)", written).title == "Less Code"
    assert split("Less Code — Ana Corvin (Saint Sable)", written).speakers == ("Ana Corvin",)


def test_brackets_behind_a_subtitle_hold_the_speaker():
    written = style(["Rust - Memory Safety (Ana Corvin)", "Slow Tests (Bas Duvier)", "One Page (Ines Ravel)"])

    assert split("Rust - Memory Safety (Ana Corvin)", written).speakers == ("Ana Corvin",)


@pytest.mark.parametrize("company", ["Cobalt Studio", "Atelier Marin", "Harbour Consulting", "Coopérative Brume"])
def test_companies_that_look_like_names_are_no_speakers(company):
    assert split(f"Queries (Abel Santang, {company})", shared("brackets")).speakers == ("Abel Santang",)


@pytest.mark.parametrize(
    "talks",
    [
        ["S3 の話", "EC2 の話", "Route 53 の話"],
        ["A-1 港", "A-2 船"],
        ["A-1 港", "B-2 船", "C-3 帆", "浜", "沖", "島"],
        ["V8 inside out", "V8 inside out", "V8 inside out"],
    ],
)
def test_product_names_are_no_codes(talks):
    found = style(talks)

    assert [split(talk, found).title for talk in talks] == talks


@pytest.mark.parametrize(
    ("text", "title", "speaker"),
    [
        ("使いにくさの考古学　　柏木 透（国分寺大学）", "使いにくさの考古学", "柏木 透"),
        ("音だけの画面　　久我 れん（独立）", "音だけの画面", "久我 れん"),
        ("The Long Queue  Ann Lee", "The Long Queue", "Ann Lee"),
    ],
)
def test_two_spaces_set_the_speaker_apart(text, title, speaker):
    found = split(text, shared("gap"))

    assert (found.title, found.speakers) == (title, (speaker,))


@pytest.mark.parametrize("text", ["LT大会", "Lightning Talks", "⚡ LT", "Lyntaler"])
def test_lightning_talks_as_a_whole_are_lightning(text):
    assert split(text, NOTHING_SHARED).kind == "lightning"


@pytest.mark.parametrize("text", ["[1日目] 港の話", "【1日目】港の話", "1日目 港の話"])
def test_the_day_before_a_title_may_stand_in_brackets(text):
    assert split(text, NOTHING_SHARED, day=True).title == "港の話"


def test_a_number_inside_a_phrase_is_no_running_number():
    headings = [f"Talk {n} of many" for n in (1, 2, 3)]

    titles = [split(text, style(headings)).title for text in headings]

    assert titles == headings


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[A-1] Title", {"code": "A-1"}),
        ("【16-C-1】ログを読む 灘 太郎 氏", {"code": "16-C-1", "speakers": ("灘 太郎",), "title": "ログを読む"}),
        ("A-1 10:00 Title", {"code": "A-1", "starts_at": "10:00", "title": "Title"}),
        ("C4 in five minutes", {"code": None, "title": "C4 in five minutes"}),
        ("10:00〜10:45 題名", {"starts_at": "10:00", "ends_at": "10:45", "title": "題名"}),
        ("11:00-10:00 Title", {"starts_at": "11:00", "ends_at": None}),
        ("13:30 Uhr: Testen", {"starts_at": "13:30", "title": "Testen"}),
        ("kl. 10:15 Tittel", {"starts_at": "10:15", "title": "Tittel"}),
        ("Title @ Hall A", {"room": "Hall A", "title": "Title"}),
        ("題名（会議室2）", {"room": "会議室2", "title": "題名"}),
        ("Title (Room 3) - 灘 太郎", {"room": "Room 3", "title": "Title", "speakers": ("灘 太郎",)}),
        ("題名（英語）", {"language": "en", "title": "題名"}),
        ("Title [EN]", {"language": "en", "title": "Title"}),
        ("Life (in Norwegian)", {"language": "no", "title": "Life"}),
        ("Day 2 Keynote: Title", {"kind": "keynote", "title": "Title"}),
        ("1日目基調講演「題名」", {"kind": "keynote", "title": "題名"}),
        ("Day 2 Keynotes are long", {"kind": "talk", "title": "Day 2 Keynotes are long"}),
        ("The Day 1 Problem", {"kind": "talk", "title": "The Day 1 Problem"}),
        ("Conférence d'ouverture : Titre", {"kind": "keynote", "title": "Titre"}),
        ("題名（灘 太郎・東湾銀行）", {"speakers": ("灘 太郎",), "title": "題名"}),
        ("「題名」灘 太郎（株式会社いろは）", {"speakers": ("灘 太郎",), "title": "題名"}),
        ("「Title」Lena Vogt（Hafen GmbH）", {"speakers": ("Lena Vogt",), "title": "Title"}),
    ],
)
def test_the_parts_of_a_heading_come_apart(text, expected):
    found = split(text, NOTHING_SHARED)

    assert {name: getattr(found, name) for name in expected} == expected


@pytest.mark.parametrize("degree", ["Dr. ", "Prof. ", "Prof. Dr. ", "Dr "])
def test_a_degree_is_no_part_of_a_name(degree):
    assert split(f"Title ({degree}Aino Lehto)", shared("brackets")).speakers == ("Aino Lehto",)


def test_a_name_with_a_dot_in_the_middle_stays_whole():
    assert split("題名（ジョン・スミス）", shared("brackets")).speakers == ("ジョン・スミス",)
