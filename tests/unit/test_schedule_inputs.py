"""A Serial's schedule in the publication folder."""

import pytest

from cnddigest.config.loading import load
from cnddigest.errors import BadConfiguration, BadSchedule
from cnddigest.inputs import PublicationFolder, read_schedule

SETTINGS = """\
[publication]
title = "港"
base_url = "https://recaps.example.org/"
[serials.minato]
recap = "minato.md"
schedule = %s
"""


@pytest.fixture
def publication(tmp_path):
    (tmp_path / "minato.md").write_text("# 港の会議\n", "utf-8")
    (tmp_path / "minato.csv").write_text("title,room\n", "utf-8")

    def write(schedule):
        path = tmp_path / "cnddigest.toml"
        path.write_text(SETTINGS % schedule, "utf-8")
        return load(str(path), {})

    return write


@pytest.mark.parametrize(
    ("written", "expected"),
    [('"minato.csv"', ("minato.csv",)), ('["talks.json", "tracks.json"]', ("talks.json", "tracks.json"))],
)
def test_a_schedule_is_a_file_or_several(publication, written, expected):
    assert publication(written).publication.serials[0].schedules == expected


@pytest.mark.parametrize("written", ["[]", "5", '["a.json", "a.json"]'])
def test_a_senseless_schedule_is_refused(publication, written):
    with pytest.raises(BadConfiguration, match="schedule"):
        publication(written)


def test_a_schedule_in_the_output_is_refused(publication):
    with pytest.raises(BadConfiguration, match="the output holds the schedule"):
        publication('"feeds/minato.csv"')


def test_an_edited_schedule_is_something_to_read_again(publication, tmp_path):
    settings = publication('"minato.csv"')
    folder = PublicationFolder(tmp_path, configuration=settings.path, recaps=("minato.md", "minato.csv"))
    before = folder.fingerprint()

    (tmp_path / "minato.csv").write_text("title,room\n港を測る,埠頭A\n", "utf-8")

    assert folder.fingerprint() != before


def test_a_missing_schedule_is_named_as_the_author_named_it(tmp_path):
    with pytest.raises(BadSchedule, match=r"^schedule not found: minato\.csv$"):
        read_schedule(tmp_path / "minato.csv", "minato.csv")


def test_a_folder_is_no_schedule(tmp_path):
    with pytest.raises(BadSchedule, match=r"^cannot read schedule, it is a folder: minato$"):
        read_schedule(tmp_path, "minato")
