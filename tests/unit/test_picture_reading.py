"""Image files told by what they hold, without what nobody should learn from them."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnddigest.errors import BadPicture
from cnddigest.picture import reading, variants
from cnddigest.picture.model import LARGEST_FILE
from drawings import a_png, chunk, drawn, exif, size_of

STEM = "0123456789abcdef0123"
KINDS = {"PNG": "png", "JPEG": "jpeg", "GIF": "gif", "WEBP": "webp", "AVIF": "avif"}
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def refusal(data: bytes) -> str:
    with pytest.raises(BadPicture) as refused:
        reading.read(data)
    return refused.value.message


def outcome(make: Callable[[], object]) -> str:
    try:
        make()
    except BadPicture as refused:
        return refused.message
    return "made"


def published(data: bytes) -> tuple[variants.Variants, bytes, bytes]:
    names = variants.variants(reading.read(data), STEM, can_convert=True)
    return names, variants.make(names.page, data), variants.make(names.mail, data)


@pytest.mark.parametrize("kind", KINDS)
def test_an_image_is_known_by_what_it_holds(kind):
    picture = reading.read(drawn(kind, 64, 48))

    assert (picture.format, picture.width, picture.height, picture.moving) == (KINDS[kind], 64, 48, False)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_what_stands_behind_the_end_of_an_image_is_left_out(kind):
    data = drawn(kind)

    picture = reading.read(data + b"PK\x03\x04 a second file")

    assert b"second file" not in picture.data
    assert size_of(picture.data)[1:] == (40, 30)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_nobody_learns_which_camera_it_was(kind):
    data = drawn(kind, exif=exif())

    picture = reading.read(data)

    assert b"Kamera" in data
    assert b"Kamera" not in picture.data
    assert size_of(picture.data)[1:] == (40, 30)


def test_words_in_a_png_and_a_gif_are_left_out():
    png, gif = a_png(extra=chunk(b"tEXt", b"Author\0Kamera")), drawn("GIF", comment=b"Kamera")

    kept = [reading.read(data).data for data in (png, gif)]

    assert [b"Kamera" in data for data in (png, gif, *kept)] == [True, True, False, False]


@pytest.mark.parametrize(("orientation", "size"), [(1, (40, 30)), (3, (40, 30)), (6, (30, 40)), (8, (30, 40))])
def test_a_photograph_stays_upright(orientation, size):
    picture = reading.read(drawn("JPEG", exif=exif(orientation=orientation)))

    assert (picture.width, picture.height) == size
    assert size_of(picture.data)[1:] == size


def test_reading_what_was_read_changes_nothing():
    files = [drawn(kind, exif=exif(orientation=6)) for kind in ("PNG", "JPEG", "WEBP")] + [drawn("GIF", frames=3)]

    once = [reading.read(data).data for data in files]

    assert [reading.read(data).data for data in once] == once


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_an_image_that_ends_early_is_damaged(kind):
    data = drawn(kind, 200, 100)

    for end in (12, 20, 40, len(data) // 2, len(data) - 3):
        assert refusal(data[:end]) == "image is damaged"


@pytest.mark.parametrize("kind", ["PNG", "GIF", "WEBP"])
def test_a_moving_image_is_told_from_a_still_one(kind):
    assert reading.read(drawn(kind, frames=3)).moving


@pytest.mark.parametrize("size", [(100_000, 100_000), (2**31 - 1, 1), (60_000, 1_000)])
def test_an_image_that_would_fill_the_memory_is_refused(size):
    assert refusal(a_png(said=size)) == "image has more than 50 million pixels"


def test_an_image_of_no_size_is_damaged():
    assert refusal(a_png(said=(0, 40))) == "image is damaged"


@pytest.mark.parametrize(
    "data", [b"", b"PK\x03\x04", b"\x7fELF", b"root:x:0:0:root:/root:/bin/sh\n", b"%PDF-1.7", b"<html><script>"]
)
def test_a_file_that_only_has_the_name_of_an_image_is_refused(data):
    assert refusal(data) == "file is no PNG, JPEG, GIF, WebP or AVIF image"


@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf", b"\n <!-- a drawing -->"])
def test_a_drawing_is_refused_since_it_may_hold_scripts(start):
    assert refusal(start + SVG.partition(b"?>")[2]) == "image is a drawing that may hold scripts, save it as PNG"


def test_a_huge_file_is_refused_unread():
    assert refusal(b"\x89PNG\r\n\x1a\n" + bytes(LARGEST_FILE)) == "image is larger than 20 MiB"


@given(st.data())
def test_no_broken_file_does_more_than_be_refused(data):
    kind = data.draw(st.sampled_from(["PNG", "JPEG", "GIF", "WEBP", "AVIF"]))
    file = bytearray(drawn(kind, 20, 10))
    for place in data.draw(st.lists(st.integers(0, len(file) - 1), max_size=6)):
        file[place] = data.draw(st.integers(0, 255))

    assert outcome(lambda: variants.make(f"{STEM}-10.jpg", bytes(file))).startswith(("image", "file", "made"))


@given(
    st.sampled_from([b"\xff\xd8\xff", b"GIF89a", b"\x89PNG\r\n\x1a\n", b"RIFF\x40\0\0\0WEBP"]), st.binary(max_size=200)
)
def test_no_bytes_behind_a_signature_do_more_than_be_refused(signature, rest):
    assert outcome(lambda: reading.read(signature + rest)).startswith(("image", "made"))


def test_a_photograph_is_as_wide_as_pages_and_mail_need_it():
    names, page, mail = published(drawn("JPEG", 3000, 1500))

    assert (names.page, names.mail) == (f"{STEM}-1600.jpg", f"{STEM}-1200.jpg")
    assert (names.width, names.height) == (1600, 800)
    assert (size_of(page), size_of(mail)) == (("JPEG", 1600, 800), ("JPEG", 1200, 600))


def test_a_small_image_that_mail_programs_know_is_one_file():
    names, page, _ = published(a_png())

    assert names.page == names.mail == f"{STEM}.png"
    assert page == a_png()


@pytest.mark.parametrize(
    ("kind", "options", "ending"),
    [
        ("WEBP", {}, "jpg"),
        ("WEBP", {"lossless": True}, "png"),
        ("WEBP", {"mode": "RGBA", "lossless": True}, "png"),
        ("AVIF", {}, "jpg"),
    ],
)
def test_mail_gets_a_format_that_its_programs_know(kind, options, ending):
    names, _, mail = published(drawn(kind, **options))

    assert names.mail == f"{STEM}-40.{ending}"
    assert size_of(mail) == ({"jpg": "JPEG", "png": "PNG"}[ending], 40, 30)


def test_pages_keep_a_webp_and_a_moving_image_as_they_are():
    webp, gif = published(drawn("WEBP"))[0], published(drawn("GIF", 1800, 30, frames=2))[0]

    assert webp.page == f"{STEM}.webp"
    assert gif.page == gif.mail == f"{STEM}.gif"


def test_a_converted_image_is_turned_as_it_was_shown():
    names, _, mail = published(drawn("JPEG", 2000, 1500, exif=exif(orientation=6)))

    assert (names.page, names.mail) == (f"{STEM}.jpg", f"{STEM}-1200.jpg")
    assert size_of(mail)[1:] == (1200, 1600)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_every_kind_of_png_can_be_made_smaller(mode):
    _, page, mail = published(drawn("PNG", 1700, 20, mode=mode))

    assert (size_of(page), size_of(mail)) == (("PNG", 1600, 19), ("PNG", 1200, 14))


def test_printers_colours_become_a_screens():
    assert size_of(published(drawn("JPEG", 1700, 20, mode="CMYK"))[2]) == ("JPEG", 1200, 14)


def test_the_same_file_gives_the_same_bytes():
    data = drawn("WEBP", 1300, 200)

    assert published(data) == published(data)


def test_without_pillow_every_image_stays_as_it_is():
    names = variants.variants(reading.read(drawn("WEBP", 2000, 100)), STEM, can_convert=False)

    assert names == variants.Variants(page=f"{STEM}.webp", mail=f"{STEM}.webp", width=2000, height=100)


def test_an_avif_is_refused_where_its_metadata_cannot_be_left_out():
    picture = reading.read(drawn("AVIF"))

    with pytest.raises(BadPicture, match="save it as PNG or JPEG"):
        variants.variants(picture, STEM, can_convert=False)


def test_an_image_whose_conversion_would_fill_the_memory_stays_as_it_is():
    names = variants.variants(reading.read(a_png(said=(7_000, 7_000))), STEM, can_convert=True)

    assert names == variants.Variants(page=f"{STEM}.png", mail=f"{STEM}.png", width=7_000, height=7_000)


@pytest.mark.parametrize("name", ["../x.png", f"{STEM}.svg", f"{STEM}-0.png", f"{STEM}.png\n", ""])
def test_nothing_is_made_under_another_name(name):
    with pytest.raises(ValueError, match=r"\A"):
        variants.make(name, a_png())
