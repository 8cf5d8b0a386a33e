"""Reading takes linear time, also when a text was written to prevent it."""

import time

import pytest

from builders import a_source
from cnddigest.recap.outline import understood

PROSE = "発表の内容をまとめて、詳しく紹介していました。"
LIMIT = 4.0  # seconds of processor time; quadratic time would take minutes

HOSTILE = {
    "one line": "あ" * 100_000,
    "one latin line": "a" * 100_000,
    "one line of words": "a " * 50_000,
    "spaces": "x" + " " * 20_000 + "y",
    "brackets": "[" * 2_000,
    "round brackets": "(" * 2_000,
    "quotes": "「" * 2_000,
    "exclamations": "です" + "!" * 50_000 + "x",
    "stops": ". " * 50_000,
    "dates": "2022/11/21-" * 9_000,
    "digits": "1" * 100_000,
    "names": "山田 氏/" * 20_000 + "氏",
    "addresses": "https://a " * 20_000,
    "dashes": " - " * 30_000,
    "gaps": "題名" + "  山田 太郎" * 20_000,
    "codes": "A-1 " * 20_000,
    "weekdays": "Saturday, " * 20_000,
    "pictures": "📝" * 50_000 + "まとめ",
    "other articles": "関連記事\n" * 5_000,
    "many short lines": "a\n" * 10_000,
    "many days": "".join(f"{n % 99}日目\n発表{n}\n" for n in range(2_000)),
    "many closings": "まとめ\n話です。\n" * 2_000,
    "many contents": "目次\n" + "\n".join(f"発表{n}" for n in range(3_000)) * 2,
    "labels": "Room: " * 20_000,
    "many labels": "会場：ホールA\n" * 5_000,
    "tabs": "10:00\tA\tB\n" * 5_000,
    "many cells": "10:00" + "\tA / 灘 太郎" * 20_000,
    "talks with colons": "Title by Ann Lee: " * 5_000,
    "assignments": "a=" * 50_000,
    "code": "key: [" * 20_000,
    "spans": "June 6-7, " * 10_000,
    "companies": "題名（灘 太郎・" * 10_000,
    "degrees": "Title (" + "Dr. " * 30_000 + "A B)",
    "many tracks": "トラックA\n発表\n" * 2_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_line_takes_no_time(name):
    text = f"会議のまとめ\n{PROSE}\n発表\n{HOSTILE[name]}\n{PROSE}"
    began = time.process_time()

    understood([a_source(text)])

    assert time.process_time() - began < LIMIT


@pytest.mark.parametrize("levels", ["######", "#"])
def test_many_headings_take_no_time(levels):
    text = "# T\n\n" + "".join(f"{levels[: 1 + n % 6]} t{n}\n\nx\n\n" for n in range(1_000))
    began = time.process_time()

    understood([a_source(text, format="markdown")])

    assert time.process_time() - began < 2 * LIMIT


def test_many_bold_lines_take_no_time():
    text = "# T\n\n## Day 1\n\n" + "".join(f"**Talk {n}** by Ann Lee\n\nx\n\n" for n in range(1_000))
    began = time.process_time()

    found = understood([a_source(text, format="markdown")])

    assert time.process_time() - began < LIMIT
    assert len(found.sessions) == 1_000


@pytest.mark.parametrize("picture", ["<img ", '<img src="', "<img src='a' ", "![](blob:"])
def test_many_broken_pictures_take_no_time(picture):
    text = f"# T\n\n## A\n\n<p>{picture * 20_000}</p>\n\n## B\n\nx\n"
    began = time.process_time()

    understood([a_source(text, format="markdown")])

    assert time.process_time() - began < LIMIT


@pytest.mark.slow
def test_ten_times_the_text_takes_about_ten_times_as_long():
    def seconds(talks: int) -> float:
        text = "会議のまとめ\n" + "".join(
            f"発表その{n}の題名\n{PROSE}{n}。\n{PROSE}{n}番目でした。\n" for n in range(talks)
        )
        began = time.process_time()
        assert len(understood([a_source(text)]).sessions) == talks
        return time.process_time() - began

    small = seconds(1_000)

    assert seconds(10_000) < 20 * small
