"""`doctor`: every fault a publish would meet is named beforehand, and looking changes nothing."""

import datetime as dt
import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

import hooks
from builders import NOON
from cnddigest.cli import checks
from cnddigest.cli.check import Check
from cnddigest.cli.main import run
from cnddigest.config import load
from cnddigest.delivery.dkim import Algorithm, generate
from cnddigest.inputs import packaged_templates
from cnddigest.store import unwritable

NOW = dt.datetime(2999, 1, 1, tzinfo=dt.UTC)  # after every file here was written


@pytest.fixture
def healthy(tmp_path, monkeypatch):
    """A new publication, with the current folder in it."""
    run(["init", str(tmp_path), "--base-url", "https://harbour.house/"])
    monkeypatch.chdir(tmp_path)
    return tmp_path


def states(now: dt.datetime = NOW) -> dict[str, str]:
    return {check.name.split()[0]: check.state for check in checks.publication(load(None, {}), now)}


def seen(name: str) -> Check:
    return next(check for check in checks.publication(load(None, {}), NOW) if check.name.startswith(name))


def configure(root: Path, old: str, new: str) -> None:
    file = root / "cnddigest.toml"
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")


@pytest.mark.usefixtures("healthy")
def test_a_new_publication_is_in_order(capsys):
    capsys.readouterr()

    code = run(["doctor"])

    out, err = capsys.readouterr()
    assert (code, err) == (0, "")
    assert set(states().values()) == {"ok"}
    assert "2 days, 4 sessions" in out
    assert "would release 1 of 2 Parts and write " in out


def test_looking_changes_nothing(healthy):
    before = sorted(healthy.rglob("*"))

    run(["doctor"])

    assert sorted(healthy.rglob("*")) == before


def test_doctor_as_json_has_every_check_with_its_state(healthy, capsys):
    (healthy / "recaps/lighthouse.md").unlink()
    capsys.readouterr()

    run(["doctor", "--json"])

    found = json.loads(capsys.readouterr().out)
    assert found["schema"] == "cnddigest/doctor/1"
    assert [list(check) for check in found["checks"]] == [["name", "state", "detail", "hint"]] * len(found["checks"])
    assert {check["name"] for check in found["checks"]} >= {"python", "sqlite", "configuration", "output", "record"}


def test_a_bad_configuration_is_a_check_too(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)

    code = run(["doctor"])

    out, err = capsys.readouterr()
    assert code == 1
    assert "configuration  mend  no configuration: cnddigest.toml" in out
    assert "mend: configuration: make a publication with `cnddigest init DIR`" in err


def test_one_fault_does_not_hide_another(healthy):
    (healthy / "recaps/lighthouse.md").unlink()
    (healthy / "feeds").write_text("a file")

    assert (states()["recap"], states()["output"]) == ("mend", "mend")


def test_a_missing_recap_must_be_mended(healthy, capsys):
    (healthy / "recaps/lighthouse.md").unlink()

    code = run(["doctor"])

    assert code == 1
    assert "recap not found: recaps/lighthouse.md" in capsys.readouterr().out


def test_an_example_address_is_worth_a_look_and_no_fault(healthy):
    configure(healthy, "https://harbour.house/", "https://recaps.example.org/")

    assert seen("address").state == "look"


def test_a_file_in_place_of_the_output_must_be_mended(healthy):
    (healthy / "feeds").write_text("a file")

    assert seen("output").detail == f"not a folder: {healthy}/feeds"


def test_an_output_nobody_can_write_must_be_mended(healthy):
    configure(healthy, "timezone", 'output = "/proc/feeds"\ntimezone')

    assert states()["output"] == "mend"


def test_a_record_that_is_none_must_be_mended_and_stays_as_it_is(healthy):
    (healthy / "cnddigest.sqlite3").write_text("these are not the bytes of a database, and nobody may lose them")

    assert states()["record"] == "mend"
    assert (healthy / "cnddigest.sqlite3").read_text().startswith("these are not")


def test_a_record_on_postgresql_is_told_to_be_too_early(healthy):
    configure(healthy, "timezone", 'record = "postgresql://db/recaps"\ntimezone')

    assert states()["record"] == "mend"


def test_a_template_that_nothing_uses_is_worth_a_look(healthy):
    (healthy / "templates").mkdir()
    (healthy / "templates/prat.html.j2").write_text("misspelt")

    assert seen("templates").detail == "nothing uses prat.html.j2"


def test_a_template_that_is_no_text_must_be_mended(healthy):
    (healthy / "templates").mkdir()
    (healthy / "templates/part.html.j2").write_bytes(b"\xff\xfe")

    assert states()["templates"] == "mend"


def test_a_sign_that_can_not_be_made_must_be_mended(healthy):
    (healthy / "templates").mkdir()
    (healthy / "templates/visit_note.html.j2").write_text("{{ misspelt }}")

    assert states()["signs"] == "mend"


def test_a_template_that_can_not_be_rendered_is_found_by_a_rehearsal(healthy, capsys):
    (healthy / "templates").mkdir()
    (healthy / "templates/part.html.j2").write_text("{{ nothing.such }}")

    code = run(["doctor"])

    assert code == 1
    assert "template error: part.html.j2, line 1" in capsys.readouterr().out


def test_a_clock_before_the_last_change_must_be_mended(healthy):
    assert states(dt.datetime(1999, 1, 1, tzinfo=dt.UTC))["clock"] == "mend"
    assert states(NOW)["clock"] == "ok"
    assert healthy


def test_a_secret_that_others_can_read_must_be_mended(healthy):
    (healthy / "secret").chmod(0o644)

    assert seen("secret").hint == f"chmod 600 {healthy}/secret"


@pytest.mark.usefixtures("healthy")
def test_a_folder_takes_mail_of_anybody(capsys):
    checks = looked_at(capsys)

    assert checks["mail"]["state"] == "ok"
    assert checks["mail"]["detail"].endswith(">, without a postal address")
    assert "outbox" in checks["outbox"]["detail"]


def test_a_relay_that_is_away_must_be_mended_and_dns_is_told(healthy, capsys):
    with (healthy / "cnddigest.toml").open("a") as file:
        file.write(
            '[mail]\ntransport = "smtp"\nfrom = "Recaps <recaps@minato.example.jp>"\n'
            '[mail.smtp]\nhost = "127.0.0.1"\nport = 1\nsecurity = "none"\n'
        )

    checks = looked_at(capsys)

    assert checks["relay"]["state"] == "mend"
    assert "127.0.0.1:1" in checks["relay"]["detail"]
    assert "v=DMARC1" in checks["dns TXT _dmarc.minato.example.jp"]["detail"]


@pytest.mark.parametrize(("mode", "state"), [(0o600, "ok"), (0o644, "mend")])
def test_a_key_that_others_can_read_must_be_mended(healthy, capsys, mode, state):
    key = healthy / "dkim.pem"
    key.write_bytes(generate(Algorithm.ED25519))
    key.chmod(mode)
    with (healthy / "cnddigest.toml").open("a") as file:
        file.write('[[mail.dkim]]\ndomain = "minato.example.jp"\nselector = "s1"\nkey_file = "dkim.pem"\n')

    checks = looked_at(capsys)

    assert checks["dkim s1"]["state"] == state


def looked_at(capsys):
    """Return every check by its name."""
    capsys.readouterr()
    run(["doctor", "--json"])
    return {check["name"]: check for check in json.loads(capsys.readouterr().out)["checks"]}


def used(healthy: Path) -> Path:
    """Use the secret once, and return its file."""
    run(["publish"])
    run(["subscribers", "add", "haru@example.net", "--confirmed", "--consent-source", "paper"])
    run(["subscribers", "show", "haru@example.net"])
    return healthy / "secret"


@pytest.mark.parametrize("content", [None, "another one, long enough"])
def test_a_secret_that_is_not_the_records_must_be_mended(healthy, capsys, content):
    secret = used(healthy)
    secret.unlink()
    if content:
        secret.write_text(content)
        secret.chmod(0o600)

    checks = looked_at(capsys)

    assert checks["secret"]["state"] == "mend"
    assert "--secret-is-lost" in checks["secret"]["hint"]
    assert secret.exists() == bool(content)


def test_a_lost_secret_is_given_up_with_all_that_went_with_it(healthy, capsys):
    used(healthy).unlink()
    capsys.readouterr()

    code = run(["doctor", "--secret-is-lost"])

    assert code == 0
    assert "links in messages that are out are dead" in capsys.readouterr().err
    assert looked_at(capsys)["secret"]["state"] == "ok"


@pytest.mark.usefixtures("healthy")
def test_nothing_is_given_up_where_nothing_is_lost(capsys):
    code = run(["doctor", "--secret-is-lost"])

    assert code == 2
    assert "no secret is lost" in capsys.readouterr().err
    assert not Path("cnddigest.sqlite3").exists()


def test_publishing_without_mail_needs_no_secret(healthy):
    (healthy / "secret").unlink()

    code = run(["publish"])

    assert code == 0
    assert not (healthy / "secret").exists()


def test_a_record_that_can_only_be_read_must_be_mended(healthy, capsys, monkeypatch):
    used(healthy)
    monkeypatch.setattr(unwritable, "is_unwritable", lambda _: True)

    checks = looked_at(capsys)

    assert checks["record"]["state"] == "mend"
    assert "can be read, and not written" in checks["record"]["detail"]


def test_a_damaged_record_sends_nobody_in_a_circle(healthy, capsys):
    used(healthy)
    with (healthy / "cnddigest.sqlite3").open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 60_000)

    checks = looked_at(capsys)

    assert checks["record"]["state"] == "mend"
    assert "doctor" not in checks["record"]["hint"]


def test_an_export_that_can_not_be_read_is_empty(healthy, capsys):
    used(healthy)
    with (healthy / "cnddigest.sqlite3").open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 60_000)
    capsys.readouterr()

    code = run(["subscribers", "export"])

    assert (code, capsys.readouterr().out) == (2, "")


@pytest.mark.parametrize("setting", ["", 'bounces = "back@harbour.house"'])
def test_who_sends_into_a_folder_hears_of_dns_where_the_file_speaks_of_mail(healthy, capsys, setting):
    with (healthy / "cnddigest.toml").open("a") as file:
        file.write(f"[mail]\n{setting}\n")

    checks = looked_at(capsys)

    assert checks["mail"]["state"] == ("look" if setting else "ok")
    assert any(name.startswith("dns ") for name in checks) == bool(setting)


def test_a_short_key_is_worth_a_look(healthy, capsys):
    key = rsa.generate_private_key(public_exponent=65_537, key_size=1024)  # noqa: S505  what is looked for
    form = Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    (healthy / "dkim.pem").write_bytes(key.private_bytes(*form))
    (healthy / "dkim.pem").chmod(0o600)
    with (healthy / "cnddigest.toml").open("a") as file:
        file.write('[[mail.dkim]]\ndomain = "minato.example.jp"\nselector = "s1"\nkey_file = "dkim.pem"\n')

    checks = looked_at(capsys)

    assert checks["dkim s1"]["state"] == "look"
    assert "1024 bits" in checks["dkim s1"]["detail"]


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("issue.html.j2", ('{{ slot("publisher_line") }}', ""), "an Issue needs slot publisher_line"),
        ("issue.txt.j2", ('slot("unsubscribe_url")', 'slot("page_url")'), "an Issue needs slot unsubscribe_url"),
        ("issue.html.j2", ("</head>", ""), "has no head"),
        ("confirmation.html.j2", ('{{ slot("confirm") }}', ""), "needs the personal link confirm"),
        ("confirmation.txt.j2", ('{{ slot("confirm") }}', ""), "needs the personal link confirm"),
        ("confirmation.txt.j2", ('{{ slot("confirm") }}', 'go: {{ slot("confirm") }}'), "confirm is not alone"),
        ("confirmation.html.j2", ('slot("confirm")', 'slot("confrim")'), "known by this name: confrim"),
        ("confirmation.html.j2", ("</head>", ""), "has no head"),
    ],
)
def test_a_template_that_makes_no_lawful_message_is_named_before_it_is_mailed(healthy, capsys, name, change, said):
    text = (packaged_templates() / name).read_text("utf-8")
    (healthy / "templates").mkdir()
    (healthy / "templates" / name).write_text(text.replace(*change), "utf-8")

    letters = looked_at(capsys)["letters"]

    assert letters["state"] == "mend"
    assert letters["detail"].startswith(f"template error: {name}: ")
    assert said in letters["detail"]


def test_a_folder_in_the_place_of_a_template_is_worth_a_look(healthy):
    (healthy / "templates/issue.html.j2").mkdir(parents=True)

    assert seen("templates").detail == "a folder stands where a template belongs: issue.html.j2"


# Webhooks


def hooked(root: Path, provider: str, data: bytes, more: str = "", mode: int = 0o600) -> Check:
    file = root / f"{provider}.key"
    file.write_bytes(data)
    file.chmod(mode)
    with (root / "cnddigest.toml").open("a") as opened:
        opened.write(f'\n[[web.webhooks]]\nprovider = "{provider}"\nsecret_file = "{provider}.key"\n{more}\n')
    return seen(f"webhook {provider}")


def test_a_webhook_whose_secret_is_its_owners_is_in_order(healthy):
    check = hooked(healthy, "mailgun", hooks.SECRET)

    assert (check.state, hooks.SECRET.decode() in check.detail) == ("ok", False)


def test_a_webhooks_secret_that_others_can_read_is_to_be_mended(healthy):
    check = hooked(healthy, "mailgun", hooks.SECRET, mode=0o644)

    assert (check.state, check.hint) == ("mend", f"chmod 600 {healthy}/mailgun.key")


def test_a_public_key_may_be_read_by_anybody_and_must_be_one(healthy):
    good = hooked(healthy, "sendgrid", hooks.sendgrid_public(), mode=0o644)
    (healthy / "sendgrid.key").write_bytes(b"a password, not a key")
    bad = seen("webhook sendgrid")

    assert (good.state, bad.state) == ("ok", "mend")


def test_a_certificate_says_until_when_it_is_good(healthy):
    ended = hooked(healthy, "ses", hooks.amazon_certificate(), more=f'topic = "{hooks.TOPIC}"')
    good = next(check for check in checks.publication(load(None, {}), NOON) if check.name == "webhook ses")

    assert ended.state == "mend"  # centuries later
    assert (good.state, good.detail) == (
        "ok",
        f"posts to /bounces, signed until {NOON + dt.timedelta(days=400):%Y-%m-%d}",
    )


def test_two_webhooks_with_one_secret_would_read_each_others_mail(healthy):
    hooked(healthy, "postmark", hooks.SECRET)
    check = hooked(healthy, "mailjet", hooks.SECRET)

    assert check.state == "mend"


def test_a_webhook_without_its_file_says_which(healthy):
    hooked(healthy, "mailgun", hooks.SECRET)
    (healthy / "mailgun.key").unlink()

    assert "secret_file of [[web.webhooks]] mailgun" in seen("webhook mailgun").detail
