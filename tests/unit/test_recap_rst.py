"""What the reader of reStructuredText promises."""

import datetime as dt
import sys
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import a_source
from cnddigest.errors import BadRecap
from cnddigest.recap import rst
from cnddigest.recap.model import Link
from cnddigest.recap.outline import understood
from cnddigest.recap.rst import docinfo
from cnddigest.recap.source import decode

PLAYER = "https://www.youtube.com/watch?v=abc"


def read(text):
    return list(rst.blocks(text))


def shown(text):
    return [string for block in read(text) if block.kind != "furniture" for string in block.strings]


def furniture(text):
    return [(block.line, block.text, block.reason) for block in read(text) if block.kind == "furniture"]


def links(text):
    return [link for block in read(text) for link in block.links]


def headings(text):
    return [(block.line, block.level, block.text) for block in read(text) if block.kind == "heading"]


# Headings


def test_levels_follow_from_the_order_of_underlines():
    text = "=====\nTitle\n=====\n\nDay 1\n=====\n\nTalk\n----\n\nx\n\nDay 2\n=====\n"

    found = headings(text)

    assert found == [(2, 1, "Title"), (5, 2, "Day 1"), (8, 3, "Talk"), (13, 2, "Day 2")]


@pytest.mark.parametrize("underline", ["======", "===", "====="])
def test_a_japanese_title_may_be_underlined_by_letters_or_columns(underline):
    assert headings(f"見出し\n{underline}\n\n本文です。\n") == [(1, 1, "見出し")]


def test_a_title_needs_no_blank_line_around_it():
    assert headings("Day 1\n=====\nTalk\n----\nIt was good.\nOther\n-----\n") == [
        (1, 1, "Day 1"),
        (3, 2, "Talk"),
        (6, 2, "Other"),
    ]


def test_a_rule_is_no_title():
    assert shown("One.\n\n----\n\nTwo.\n") == ["One.", "Two."]


def test_rows_of_a_table_are_no_titles():
    text = (
        "=====  =====\nDay 1  Day 2\n=====  =====\n1      x\n\nAlpha  Beta\n------------\nGamma  Delta\n=====  =====\n"
    )

    assert headings(text) == []
    assert {"Day 1 | Day 2"} <= set(shown(text))


def test_marks_in_a_title_are_not_shown():
    assert headings("*Talk* by ``me``\n================\n") == [(1, 1, "Talk by me")]


# Text


def test_lines_of_a_japanese_paragraph_are_joined_without_a_space():
    assert shown("発表の内容を\nまとめて、\nA\nと言いました。\n") == ["発表の内容をまとめて、 A と言いました。"]


def test_emphasis_stands_beside_japanese_letters():
    (block,) = read("これは**重要**です。\n")

    assert block.html == "<p>これは<strong>重要</strong>です。</p>\n"


def test_names_with_underscores_stay_as_typed():
    assert shown("Call __init__ or open_ it, he said.\n\n見出し __init__ の話です。\n") == [
        "Call __init__ or open_ it, he said.",
        "見出し __init__ の話です。",
    ]


def test_items_carry_their_own_paragraphs_links_and_lines():
    (block,) = read("* `Talk <https://e.org/1>`_ - Ann Lee\n\n  It was good.\n\n* Other - Bo Ek\n")

    assert block.kind == "list"
    assert [cell.strings for (cell,) in block.cells] == [("Talk - Ann Lee", "It was good."), ("Other - Bo Ek",)]
    assert [cell.line for (cell,) in block.cells] == [1, 5]
    assert block.cells[0][0].links == (Link(label="Talk", url="https://e.org/1"),)


def test_an_indented_list_is_a_list():
    assert [block.kind for block in read("Talks:\n\n   * one\n\n   * two\n")] == ["paragraph", "list"]


def test_an_initial_begins_no_list():
    assert shown("A. Lee spoke first.\n") == ["A. Lee spoke first."]


def test_terms_are_items_before_what_is_said_of_them():
    (block,) = read("Talk - Ann Lee\n   It was good.\nOther - Bo Ek\n   So was this.\n")

    assert [cell.strings[0] for (cell,) in block.cells] == ["Talk - Ann Lee", "Other - Bo Ek"]


def test_fields_below_a_talk_say_who_spoke():
    text = (
        "Conf\n====\n\nTalk\n----\n\n:Speaker: Ann Lee\n:Room: Hall A\n\nIt was good, they said.\n\nOther\n-----\n\nx\n"
    )

    found = understood([a_source(text, format="rst")])

    assert (found.sessions[0].speakers, found.sessions[0].room) == (("Ann Lee",), "Hall A")


@pytest.mark.parametrize(
    "table",
    [
        "===== =====\nTime  Talk\n===== =====\n10:00 One\n11:00 Two\n===== =====\n",
        "+-----+----+\n|Time |Talk|\n+=====+====+\n|10:00|One |\n+-----+----+\n|11:00|Two |\n+-----+----+\n",
        ".. list-table::\n\n   * - Time\n     - Talk\n   * - 10:00\n     - One\n   * - 11:00\n     - Two\n",
        '.. csv-table::\n   :header: "Time", "Talk"\n\n   10:00, One\n   11:00, Two\n',
    ],
)
def test_every_kind_of_table_is_rows_of_cells(table):
    (block,) = read(table)

    assert [[cell.strings for cell in row] for row in block.cells] == [
        [("Time",), ("Talk",)],
        [("10:00",), ("One",)],
        [("11:00",), ("Two",)],
    ]


def test_code_is_verbatim_and_its_file_is_named():
    (block,) = read(".. code-block:: python\n   :caption: a.py\n   :linenos:\n\n   # no heading\n   x = 1\n")

    assert (block.kind, block.strings) == ("code", ("a.py", "# no heading\nx = 1"))


# Links


@pytest.mark.parametrize(
    "text",
    [
        "See `here <https://e.org/a>`_.",
        "See `here <https://e.org/a>`__.",
        "See here_.\n\n.. _here: https://e.org/a",
        "See `here`__.\n\n__ https://e.org/a",
        "See `here`__.\n\n.. __: https://e.org/a",
        "See here_.\n\n.. _here: there_\n.. _there: https://e.org/\n   a",
        "See :any:`here <https://e.org/a>`.",
    ],
)
def test_every_way_to_link_leads_there(text):
    assert links(text) == [Link(label="here", url="https://e.org/a")]


def test_a_link_may_be_defined_chapters_away():
    assert links("A\n=\n\n* see it_\n\nB\n=\n\nx\n\n.. _it: https://e.org/a\n")[0].url == "https://e.org/a"


def test_a_lone_address_is_a_card():
    assert [block.kind for block in read("Talk\n====\n\nhttps://e.org/talks/1\n\nIt was good.\n")] == [
        "heading",
        "card",
        "paragraph",
    ]


@pytest.mark.parametrize("directive", [".. youtube:: abc", f".. youtube:: {PLAYER}\n   :width: 640"])
def test_a_player_becomes_a_link(directive):
    assert links(f"Talk\n====\n\n{directive}\n") == [Link(label="YouTube", url=PLAYER)]


def test_a_substitution_shows_what_it_stands_for():
    assert shown("|k8s| runs.\n\n.. |k8s| replace:: *Kubernetes*\n") == ["Kubernetes runs."]


def test_a_note_stands_at_the_end_of_its_chapter():
    text = "A\n=\n\nCited [#]_ here.\n\nB\n=\n\nEnd.\n\n.. [#] The note.\n"

    assert shown(text) == ["A", "Cited [1] here.", "[1] The note.", "B", "End."]


def test_a_note_keeps_its_label():
    assert shown("Cited [Lee26]_.\n\n.. [Lee26] The note.\n   It goes on.\n") == [
        "Cited [Lee26].",
        "[Lee26] The note. It goes on.",
    ]


# Directives


def test_an_unknown_directive_loses_nothing():
    text = ".. talk:: A Title\n   :speaker: Ann Lee\n   :width: 3\n\n   Its *text*.\n\n   - an item\n"

    assert shown(text) == ["A Title", "speaker: Ann Lee", "Its text.", "an item"]


def test_a_broken_directive_loses_nothing():
    text = ".. figure:: a.png\n   :no such: option\n\n   What it shows.\n"

    assert shown(text) == ["What it shows."]


@pytest.mark.parametrize("role", [":ref:`words <place>`", ":doc:`words`", ":nobody-knows:`words`", "`words`"])
def test_the_words_of_any_role_are_shown(role):
    assert shown(f"Some {role} here.\n") == ["Some words here."]


@pytest.mark.parametrize("box", ["note", "warning", "tip"])
def test_a_box_is_its_text(box):
    assert shown(f".. {box}:: It begins\n   and goes on.\n\n   More.\n") == ["It begins and goes on.", "More."]


def test_comments_and_instructions_are_furniture():
    text = ".. a remark\n\nText.\n\n.. contents:: In here\n   :depth: 2\n\n.. toctree::\n\n   other\n"

    assert furniture(text) == [
        (1, "a remark", "comment"),
        (5, ".. contents:: In here :depth: 2", "contents directive"),
        (8, ".. toctree:: other", "toctree directive"),
    ]


def test_raw_html_shows_its_text_and_players():
    text = '.. raw:: html\n\n   <script>x()</script><p>Seen.</p><iframe src="https://e.org/v"></iframe>\n'

    assert shown(text) == ["Seen.", "https://e.org/v"]


# The facts at the head


@pytest.mark.parametrize(
    "head",
    [
        "Title\n=====\n\n:date: 2026-05-09 10:00\n:lang: en\n:tags: a, b\n\n",
        ".. title: Title\n.. date: 2026-05-09 10:00:00 UTC\n.. lang: en\n\n",
        ":Date: May 9, 2026\n:language: en\n\nTitle\n=====\n\n",
        ".. post:: 9 May 2026\n   :tags: a\n   :language: en\n\nTitle\n=====\n\n",
    ],
)
def test_facts_of_every_generator_are_read(head):
    source = decode("a.rst", f"{head}Text.\n".encode())

    assert (source.written_on, source.language) == (dt.date(2026, 5, 9), "en")
    assert "2026" not in source.text
    assert source.text.count("\n") == head.count("\n") + 1


def test_fields_that_are_no_facts_stay_text():
    text = "Title\n=====\n\n:Speaker: Ann Lee\n\nText.\n"

    assert docinfo.split(text).text == text


def test_text_without_a_telling_name_is_known_by_its_marks():
    source = decode("a.txt", b"Title\n=====\n\n* `Talk <https://e.org>`_ - Ann Lee\n\n.. note:: Good.\n")

    assert source.format == "rst"


@pytest.mark.parametrize(
    "text", ["Title\n=====\n\nA talk.\n", "会議のまとめ\n1日目\n発表\n話です。\n", ".. note:: x\n"]
)
def test_weak_marks_leave_a_text_plain(text):
    assert decode("a.txt", text.encode()).format == "text"


# Laws and hostile texts

WORDS = [f"word{letter}" for letter in "abcdefghijklmnop"]
FORMS = [
    "{}\n======\n",
    "{}\n",
    "* {}\n\n  {}\n",
    "1. {}\n2. {}\n",
    "   {}\n",
    "{}\n   {}\n",
    ":{}: {}\n",
    "| {}\n| {}\n",
    "{}::\n\n   {}\n",
    ".. note:: {}\n\n   {}\n",
    ".. unheard-of:: {}\n\n   {}\n",
    ".. figure:: x.png\n\n   {}\n\n   {}\n",
    "===== =====\n{} {}\n===== =====\n",
    "*{}* `{} <https://e.org>`_\n",
    ".. {}\n",
    ".. [1] {}\n",
    ".. |x| replace:: {}\n",
    ">>> {}\n",
    "**{}\n",
    "`{}\n",
]
MARKS = [
    "*",
    "**",
    "`",
    "``",
    "_",
    "__",
    "|",
    "[",
    "]_",
    "::",
    ".. ",
    "- ",
    "1. ",
    "\n",
    "\n\n",
    "   ",
    "====",
    "\\",
    "+-+",
]


@given(st.lists(st.sampled_from(FORMS), max_size=12), st.booleans())
def test_every_word_is_in_exactly_one_block(forms, wide):
    tokens = iter(f"{'語' if wide else 'w'}{n}x" for n in range(100))
    used = []

    def filled(form):
        words = [next(tokens) for _ in range(form.count("{}"))]
        used.extend(words)
        return form.format(*words)

    text = "\n".join(map(filled, forms))

    found = Counter(word for block in read(text) for string in block.strings for word in used if word in string)

    assert found == Counter(used)


@given(st.lists(st.one_of(st.sampled_from([*MARKS, *WORDS, "語"]), st.text(max_size=4)), max_size=40).map("".join))
def test_any_text_is_read_and_every_line_exists(text):
    found = read(text)

    lines = text.count("\n") + 1
    assert all(1 <= block.line <= lines for block in found)
    assert all("\0" not in string for block in found for string in block.strings)


HOSTILE = {
    "markers in a line": "- " * 10_000 + "word",
    "quotations": "\n\n".join(" " * n + "word" for n in range(1_000)),
    "notes in notes": "\n".join("   " * n + ".. note::\n" for n in range(300)) + "   " * 300 + "word",
    "emphasis without an end": "*word " * 20_000,
    "backquotes": "`word " * 20_000,
    "borders": "=== ===\nword b\n" * 2_000,
    "frames": "+-+-+-+\n" * 2_000 + "\nword\n",
    "a substitution of itself": "|a| word\n\n.. |a| replace:: |a|\n",
    "names in a circle": "x_ word\n\n.. _x: y_\n.. _y: x_\n",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_text_is_read_to_its_end(name):
    assert any("word" in string for string in shown(HOSTILE[name]))


def test_substitutions_do_not_multiply():
    bomb = "".join(f".. |a{n}| replace:: " + f"|a{n + 1}| " * 10 + "\n" for n in range(20))

    found = read(f"{bomb}\n" + "|a0| " * 100)

    assert sum(len(string) for block in found for string in block.strings) < 300_000


@pytest.mark.parametrize(
    "directive",
    [
        ".. include:: {}",
        ".. literalinclude:: {}",
        ".. csv-table::\n   :file: {}",
        ".. raw:: html\n   :file: {}",
        ".. raw:: html\n   :url: file://{}",
        ".. figure:: {}\n   :figwidth: image",
        ".. |x| image:: {}\n\n|x|",
    ],
)
def test_no_directive_opens_a_file(tmp_path, directive):
    secret = tmp_path / "secret.txt"
    secret.write_text("hidden words", "utf-8")
    opened = []
    sys.addaudithook(lambda event, args: opened.append(args[0]) if event == "open" else None)

    found = read("Text.\n\n" + directive.format(secret) + "\n")

    assert str(secret) not in map(str, opened)
    assert not any("hidden" in block.text for block in found)


def test_the_date_is_not_asked_for():
    assert shown("Today is |today|.\n\n.. |today| date::\n") == ["Today is today."]


def test_endless_lists_are_refused():
    text = "* one\n\n   " + "word " * (rst.LARGEST // 5 + 1)

    with pytest.raises(BadRecap, match="lists and tables"):
        read(text)
