"""What a person should check, and where."""

import pytest

from builders import a_source
from cnddigest.recap.outline import understood

PROSE = "発表の内容をまとめて紹介していました。"


def findings(text: str, **fields: object):
    return understood([a_source(text, **fields)]).findings


def rules(text: str, **fields: object) -> dict[str, int]:
    return {finding.rule: finding.line for finding in findings(text, **fields)}


def a_talk(*lines: str) -> str:
    return "\n".join(["会議のまとめ", PROSE, "1日目", "ある発表の題名", *lines, "別の発表の題名", PROSE])


@pytest.mark.parametrize(
    "line", ["資料は以下のページにあります。", "録画はこちらから見られます。", "The slides below are worth it."]
)
def test_a_reference_without_a_link_is_told(line):
    assert rules(a_talk(line))["dangling-reference"] == 5


def test_a_reference_with_a_link_in_reach_is_fine():
    assert "dangling-reference" not in rules(a_talk("資料は以下のページにあります。", "https://example.org/slides"))


@pytest.mark.parametrize("line", ["本日開催の別の会議でも話題でした。", "I heard it yesterday in another room."])
def test_a_day_named_from_the_day_of_writing_is_told(line):
    assert rules(a_talk(line))["relative-time"] == 5


def test_a_day_without_a_date_is_told():
    assert rules(a_talk(PROSE))["no-date"] == 3


def test_a_recap_without_days_is_told():
    assert "no-days" in rules(f"会議のまとめ\n{PROSE}\nある発表\n{PROSE}\n別の発表\n{PROSE}")


def test_a_talk_that_stands_twice_is_a_warning():
    text = "# Conf\n\n## A\n\nx\n\n## B\n\ny\n\n## A\n\nz\n"

    found = {finding.rule: finding for finding in findings(text, format="markdown")}["duplicate-session"]

    assert (found.line, found.severity, found.message) == (
        11,
        "warning",
        "title stands on line 3 too, so check that both are meant: A",
    )


def test_a_talk_without_text_or_link_is_told():
    assert rules("# Conf\n\n## A\n\n## B\n\ny\n\n## C\n\nz\n", format="markdown")["empty-session"] == 3


def test_a_heading_with_nothing_under_it_is_told():
    text = "# Conf\n\n## Track A\n\n### A\n\nx\n\n### B\n\ny\n\n## Track B\n"

    assert rules(text, format="markdown")["empty-section"] == 13


def test_lists_that_lost_their_bullets_are_a_warning():
    text = "会議のメモ\n" + "\n".join(f"短い項目その{n}" for n in range(40))

    found = {finding.rule: finding.severity for finding in findings(text)}

    assert found["unclear-structure"] == "warning"


def test_a_page_of_prose_without_a_break_is_a_warning():
    assert "unclear-structure" in rules(a_talk("とても長い文章です。" * 400))


def test_a_relative_image_is_a_warning():
    assert rules("# Conf\n\n## A\n\n![x](images/x.png)\n\n## B\n\ny\n", format="markdown")["relative-link"] == 5


def test_findings_come_in_the_order_of_lines():
    found = [finding.line for finding in findings(a_talk("本日、以下のページで公開されました。", "題名に近い短い行"))]

    assert found == sorted(found)


def test_messages_are_sentences_in_lower_case_without_a_full_stop():
    for finding in findings(a_talk("本日、以下のページで公開されました。")):
        assert finding.message[0].islower()
        assert not finding.message.endswith(".")


@pytest.mark.parametrize(
    ("language", "line", "rule"),
    [
        ("de", "Die Folien sind unten verlinkt, siehe unten.", "dangling-reference"),
        ("no", "Lysbildene er nedenfor, og de er verdt det.", "dangling-reference"),
        ("fr", "Les diapos sont plus bas, et elles valent le détour.", "dangling-reference"),
        ("de", "Das war gestern im großen Saal.", "relative-time"),
        ("no", "Det var i går, i den store salen.", "relative-time"),
        ("fr", "On en parlait encore hier dans la grande salle.", "relative-time"),
        ("no", "Det var forrige uke på Geilo.", "relative-time"),
    ],
)
def test_phrases_are_known_in_every_language(language, line, rule):
    text = f"# Conf\n\n## A\n\n{line}\n\n## B\n\nx\n"

    assert rules(text, format="markdown", language=language)[rule] == 5


@pytest.mark.parametrize(("language", "line"), [("de", "Das war hier im Saal."), ("en", "An iron demain i dag.")])
def test_a_word_means_what_it_means_in_its_own_language(language, line):
    text = f"# Conf\n\n## A\n\n{line}\n\n## B\n\nx\n"

    assert "relative-time" not in rules(text, format="markdown", language=language)


def test_a_very_long_session_is_told():
    text = "# Conf\n\n## A\n\n" + "Ein Satz wie jeder andere.\n\n" * 130 + "## B\n\ny\n"

    found = {finding.rule: finding for finding in findings(text, format="markdown")}["long-session"]

    assert (found.line, found.severity) == (3, "info")
    assert "3,380 characters" in found.message


def test_sessions_without_a_link_are_told_once_where_most_others_have_one():
    linked = "".join(f"## {name}\n\nhttps://example.org/{name}\n\nx\n\n" for name in "ADE")
    text = f"# Conf\n\n{linked}## B\n\ny\n\n## C\n\nz\n"

    found = [finding for finding in findings(text, format="markdown") if finding.rule == "no-link"]

    assert [finding.message for finding in found] == ["2 of 5 talks have no link to slides, video or page: B, C"]


@pytest.mark.parametrize("link", ["", "https://example.org/a\n\n"])
def test_where_few_sessions_have_a_link_none_is_missed(link):
    text = f"# Conf\n\n## A\n\n{link}x\n\n## B\n\ny\n\n## C\n\nz\n"

    assert "no-link" not in rules(text, format="markdown")


@pytest.mark.parametrize(
    "source",
    [
        "",
        "blob:https://example.org/1",
        "file:///C:/a.png",
        "image.png",
        "data:image/gif;base64,R0lGODlhAQABAAAAACw=",
        "Uploading…",
    ],
)
def test_a_picture_of_which_only_the_place_is_left_is_a_warning(source):
    text = f'# Conf\n\n## A\n\n<p><img alt="x" src="{source}"></p>\n\n## B\n\ny\n'

    assert rules(text, format="markdown")["dead-image"] == 5


def test_a_picture_with_an_address_of_its_own_is_fine():
    text = "# Conf\n\n## A\n\n![x](https://example.org/image.png)\n\n## B\n\ny\n"

    assert "dead-image" not in rules(text, format="markdown")


def test_a_close_reading_says_how_sure_it_is():
    messages = [f.message for f in findings(a_talk("題名に近い短い行", PROSE)) if f.rule == "low-confidence"]

    assert all("% sure" in message for message in messages)
