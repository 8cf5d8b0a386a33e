"""What nobody else may know: made once, read whole, and never shown."""

import os
from pathlib import Path

import pytest

from cnddigest.config.model import Smtp, Web, Webhook
from cnddigest.config.secret import password, proof, secrets
from cnddigest.errors import BadConfiguration, OutputFailed


def a_web(file: Path, secret: str | None = None) -> Web:
    return Web(host="127.0.0.1", port=8000, secret_file=file, secret=secret)


def a_relay(file: Path | None = None, word: str | None = None) -> Smtp:
    return Smtp(host="relay", port=587, security="tls", connections=1, username="u", password=word, password_file=file)


def test_a_secret_is_made_once_for_its_owner_alone(tmp_path):
    file = tmp_path / "secret"

    first, again = secrets(a_web(file)), secrets(a_web(file))

    assert first == again
    assert len(first[0]) >= 32
    assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret"]


def test_an_old_secret_stays_below_the_new_one(tmp_path):
    (tmp_path / "secret").write_text("the new one, long enough\n\nthe old one, long enough\n")

    found = secrets(a_web(tmp_path / "secret"))

    assert found == (b"the new one, long enough", b"the old one, long enough")


def test_the_environment_goes_before_the_file_and_makes_none(tmp_path):
    found = secrets(a_web(tmp_path / "secret", "from the environment"))

    assert found == (b"from the environment",)
    assert not (tmp_path / "secret").exists()


@pytest.mark.parametrize("data", [b"", b"\n\n", b"short\n", b"\xff\xfe\x00", b"long enough to be one\nshort\n"])
def test_a_secret_that_could_be_guessed_is_refused_and_not_shown(tmp_path, data):
    (tmp_path / "secret").write_bytes(data)

    with pytest.raises(BadConfiguration) as caught:
        secrets(a_web(tmp_path / "secret"))

    assert "short\n" not in caught.value.message
    assert str(tmp_path) in caught.value.message


def test_a_folder_that_is_away_is_an_error_of_ours(tmp_path):
    with pytest.raises(OutputFailed):
        secrets(a_web(tmp_path / "nowhere" / "secret"))


def test_a_pipe_in_the_place_of_a_password_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "relay")

    with pytest.raises(BadConfiguration):
        password(a_relay(tmp_path / "relay"))


def test_the_first_line_of_its_file_is_the_password(tmp_path):
    (tmp_path / "relay").write_text("  spaces count \r\nnot this\n")

    assert password(a_relay(tmp_path / "relay")) == "  spaces count "
    assert password(a_relay(tmp_path / "relay", "environment")) == "environment"
    assert password(a_relay()) is None


def test_a_file_that_is_away_is_told_with_the_setting_that_names_it(tmp_path):
    with pytest.raises(BadConfiguration) as caught:
        password(a_relay(tmp_path / "relay"))

    assert caught.value.message.startswith("can't read password_file of [mail.smtp], no such file or directory: ")


def test_an_empty_password_file_is_an_error(tmp_path):
    (tmp_path / "relay").write_text("\n")

    with pytest.raises(BadConfiguration):
        password(a_relay(tmp_path / "relay"))


def a_webhook(file: Path | None, provider: str = "mailgun", secret: str | None = None) -> Webhook:
    return Webhook(provider=provider, secret_file=file, secret=secret)


def test_each_line_of_a_webhooks_file_is_believed_and_a_pem_file_is_one(tmp_path):
    (tmp_path / "lines").write_text("the new key of theirs\n\n  the old key of theirs \n")
    (tmp_path / "pem").write_text("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")

    assert proof(a_webhook(tmp_path / "lines")) == (b"the new key of theirs", b"the old key of theirs")
    assert len(proof(a_webhook(tmp_path / "pem", "ses"))) == 1
    assert proof(a_webhook(None, secret="from the environment")) == (b"from the environment",)  # noqa: S106


@pytest.mark.parametrize("data", [b"", b"\n \n", b"short\n"])
def test_a_webhooks_secret_that_could_be_guessed_is_refused_and_not_shown(tmp_path, data):
    (tmp_path / "key").write_bytes(data)

    with pytest.raises(BadConfiguration) as caught:
        proof(a_webhook(tmp_path / "key"))

    assert "mailgun" in caught.value.message
    assert "short\n" not in caught.value.message
