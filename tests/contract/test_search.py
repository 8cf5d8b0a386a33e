"""What searching may rely on, whichever index it is given; the one that looks through everything says what is right."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnddigest.ports.search import SearchIndex, Shelved
from cnddigest.search.asking import parse
from cnddigest.search.model import Searchable
from cnddigest.store.scan import Scan
from cnddigest.store.search import IN_MEMORY, SqliteIndex

HERE = ("minato",)


@pytest.fixture(params=["scan", "sqlite"])
def index(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SearchIndex]:
    opened: SearchIndex = Scan() if request.param == "scan" else SqliteIndex(str(tmp_path / "record.search"))
    yield opened
    opened.close()


def talk(
    title: str = "発表", text: str = "", *, part: int = 1, position: int = 1, speakers: tuple[str, ...] = ()
) -> Searchable:
    return Searchable(
        serial="minato",
        part=part,
        position=position,
        session_id=f"t-{part}-{position}",
        title=title,
        speakers=speakers,
        text=text,
    )


def shelved(*sessions: Searchable, part: int = 1, serial: str = "minato") -> Shelved:
    return Shelved(serial=serial, part=part, digest=f"digest-{part}", sessions=sessions)


def found(index: SearchIndex, asked: str, *, first: int = 0, count: int = 20) -> list[str]:
    return [hit.session_id for hit in index.find(parse(asked), serials=HERE, first=first, count=count).sessions]


def test_a_new_index_shows_nothing(index: SearchIndex) -> None:
    assert index.revision() == -1
    assert dict(index.shelves()) == {}
    assert found(index, "発表") == []


def test_what_goes_in_is_found_whole(index: SearchIndex) -> None:
    whole = talk("コンテナ入門", "一段落目。\n二段落目。", speakers=("山田 花子", "O'Brien"))

    index.follow(7, changed=[shelved(whole)])

    assert index.revision() == 7
    assert dict(index.shelves()) == {("minato", 1): "digest-1"}
    assert index.find(parse("コンテナ"), serials=HERE, first=0, count=9).sessions == (whole,)


@pytest.mark.parametrize(
    ("asked", "is_found"),
    [
        ("会議録", True),
        ("議録", True),
        ("録", True),
        ("議会", False),
        ("録の", True),
        ("kube", True),
        ("netes", False),
        ("kubernetes 会議", True),
        ("kubernetes 存在", False),
        ("kube 会議", False),  # only the last word may go on
        ('"cloud native"', True),
        ('"native cloud"', False),
        ("native cloud", True),
        ('"cloud nat"', False),
        ("cloud-native", True),
        ("ｋｕｂｅｒｎｅｔｅｓ", True),
        ("CAFÉ", True),
        ("くらうど", True),
        ("ｸﾗｳﾄﾞ", True),
        ("c++", True),
        ("c#", False),
        ("花子", True),
        ("絵文字🎉", False),
        ("🎉", False),
        ("", False),
    ],
)
def test_words_are_found_as_people_write_them(index: SearchIndex, asked: str, is_found: bool) -> None:
    text = "会議録のまとめ。Kubernetesでクラウドを作る。cloud native café、C++も。"
    index.follow(1, changed=[shelved(talk("発表", text, speakers=("山田 花子",)))])

    assert bool(found(index, asked)) is is_found


def test_nothing_matches_from_one_field_into_the_next(index: SearchIndex) -> None:
    index.follow(1, changed=[shelved(talk("one two", "three four", speakers=("five six", "seven")))])

    assert found(index, '"two three"') == []
    assert found(index, "two three seven")


def test_a_title_counts_more_than_a_text(index: SearchIndex) -> None:
    in_text = talk("別の話", "監視の話。", position=1)
    in_title = talk("監視の話", "別の話。", position=2)
    others = [talk("無関係", "そうでもない。", position=n) for n in range(3, 9)]
    index.follow(1, changed=[shelved(in_text, in_title, *others)])

    assert found(index, "監視") == ["t-1-2", "t-1-1"]


def test_of_equals_the_newest_part_comes_first(index: SearchIndex) -> None:
    parts = [shelved(*(talk("監視", "同じ", part=part, position=n) for n in (1, 2)), part=part) for part in (1, 2, 3)]
    index.follow(1, changed=parts)

    assert found(index, "監視") == ["t-3-1", "t-3-2", "t-2-1", "t-2-2", "t-1-1", "t-1-2"]
    assert found(index, "監視", first=2, count=2) == ["t-2-1", "t-2-2"]
    assert index.find(parse("監視"), serials=HERE, first=2, count=2).total == 6
    assert found(index, "監視", first=6) == []


def test_an_edit_takes_the_place_of_what_was_there(index: SearchIndex) -> None:
    index.follow(1, changed=[shelved(talk("誤字", "あやまり", position=1), talk("消える", position=2))])

    index.follow(2, changed=[shelved(talk("正字", "ただしい"))])

    assert [found(index, asked) for asked in ("誤字", "あやまり", "消える", "正字", "ただしい")] == [
        [],
        [],
        [],
        ["t-1-1"],
        ["t-1-1"],
    ]


def test_what_is_gone_is_not_found(index: SearchIndex) -> None:
    index.follow(1, changed=[shelved(talk("一つ目")), shelved(talk("二つ目", part=2), part=2)])

    index.follow(2, gone=[("minato", 1)])

    assert found(index, "つ目") == ["t-2-1"]
    assert dict(index.shelves()) == {("minato", 2): "digest-2"}


def test_other_serials_are_left_out(index: SearchIndex) -> None:
    index.follow(1, changed=[shelved(talk("同じ"), serial="minato")])

    assert index.find(parse("同じ"), serials=["yama"], first=0, count=9).total == 0
    assert index.find(parse("同じ"), serials=[], first=0, count=9).total == 0


def test_a_change_that_fails_leaves_everything(index: SearchIndex) -> None:
    index.follow(1, changed=[shelved(talk("前から"))])

    def broken() -> Iterator[Shelved]:
        yield shelved(talk("途中まで"))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        index.follow(2, changed=broken())

    assert index.revision() == 1
    assert found(index, "前から") == ["t-1-1"]
    assert found(index, "途中") == []


TEXT = st.text(alphabet="会議録あアaAbé cC1+#_-\"'*()\n。ー", max_size=12)
ASKED = st.text(alphabet="会議録あアaAbé cC1+#_-\"'*():^{}。ー", max_size=8)
TALKS = st.lists(st.tuples(TEXT, TEXT, TEXT), min_size=1, max_size=4)


@settings(max_examples=300, deadline=None)
@given(before=TALKS, after=TALKS, asked=st.lists(ASKED, min_size=1, max_size=6))
def test_an_index_finds_what_looking_through_everything_does(before: object, after: object, asked: list[str]) -> None:
    sqlite, scan = SqliteIndex(IN_MEMORY), Scan()
    for revision, texts in enumerate((before, after)):
        assert isinstance(texts, list)
        sessions = [
            talk(title, text, position=n, speakers=(name,)) for n, (title, text, name) in enumerate(texts, start=1)
        ]
        for each in (sqlite, scan):
            each.follow(revision, changed=[shelved(*sessions)])

    try:
        for question in asked:
            assert sorted(found(sqlite, question)) == sorted(found(scan, question)), question
        sqlite._db.execute("insert into token (token) values ('integrity-check')")
    finally:
        sqlite.close()
