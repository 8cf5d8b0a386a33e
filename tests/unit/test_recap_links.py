"""What a link leads to, by its host, its path and its label."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnddigest.recap.links import ORDER, is_said_by, kind
from cnddigest.recap.model import Link


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://speakerdeck.com/minato/slo", "slides"),
        ("https://www.slideshare.net/minato/slo", "slides"),
        ("https://www.docswell.com/s/minato/slo", "slides"),
        ("https://docs.google.com/presentation/d/1/edit", "slides"),
        ("https://slides.example.net/slo", "slides"),
        ("https://example.org/slo.pptx", "slides"),
        ("https://www.youtube.com/watch?v=1", "video"),
        ("https://youtu.be/1", "video"),
        ("https://player.vimeo.com/video/1", "video"),
        ("https://video.example.org/1", "video"),
        ("https://github.com/minato/slo", "code"),
        ("https://gitlab.example.org/minato/slo", "code"),
        ("https://github.com/minato/slo/blob/main/slo.pdf", "document"),
        ("https://example.org/paper.pdf", "document"),
        ("https://event.example.org/2026/talks/2101", "page"),
        ("https://example.org/", "other"),
        ("https://github.com/", "other"),
        ("http://[broken", "other"),
    ],
)
def test_an_address_says_what_it_leads_to(url, expected):
    assert kind(Link(label=url, url=url)) == expected


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("スライド", "slides"),
        ("発表資料", "slides"),
        ("ＳＬＩＤＥＳ", "slides"),
        ("動画", "video"),
        ("Recording", "video"),
        ("ソースコード", "code"),
        ("発表ページ", "page"),
        ("Code of Conduct", "other"),
        ("動画も資料も会場の様子もすべてまとめて読める運営チームの長い長い長い長い長い長い長い長い報告記事", "other"),
    ],
)
def test_a_short_label_says_it_where_the_address_does_not(label, expected):
    assert kind(Link(label=label, url="https://example.org/x")) == expected


def test_a_well_known_host_is_believed_before_a_label():
    assert kind(Link(label="スライド", url="https://youtu.be/1")) == "video"


@pytest.mark.parametrize(("label", "said"), [("スライド", True), ("Slides", True), ("スライド（改訂版）", False)])
def test_a_label_may_say_no_more_than_the_kind(label, said):
    assert is_said_by(label, "slides") is said


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_link_is_of_some_kind(label, url):
    assert kind(Link(label=label, url=url)) in ORDER
