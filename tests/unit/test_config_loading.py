"""A configuration file becomes Settings, or two lines that say what to mend and where."""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnddigest.config import Settings, load
from cnddigest.config.model import Rate
from cnddigest.errors import BadConfiguration

NO_VARIABLES: Mapping[str, str] = {}
SECRETS = {"CNDDIGEST_SMTP_PASSWORD": "p4ss", "CNDDIGEST_SECRET": "s3cret"}
SMALLEST = """\
[publication]
title = "Harbour recaps"
base_url = "https://recaps.example.org/"

[serials.harbour]
recap = "recaps/harbour.md"
"""


@pytest.fixture
def configure(tmp_path, monkeypatch):
    """Write a file and load it by its bare name, as a user in that folder does."""

    def configured(text: str | bytes = SMALLEST, environment: Mapping[str, str] = NO_VARIABLES) -> Settings:
        data = text.encode() if isinstance(text, str) else text
        (tmp_path / "cnddigest.toml").write_bytes(data)
        monkeypatch.chdir(tmp_path)
        return load(None, environment)

    return configured


@pytest.fixture
def refused(configure):
    """Load a file that must be refused, and return what the user reads."""

    def complaint(text: str | bytes, environment: Mapping[str, str] = NO_VARIABLES) -> tuple[str, str | None]:
        with pytest.raises(BadConfiguration) as caught:
            configure(text, environment)
        return caught.value.message, caught.value.hint

    return complaint


def cadence(line: str) -> str:
    return f"{SMALLEST}[serials.harbour.cadence]\n{line}\n"


def publication(line: str) -> str:
    return SMALLEST.replace("[serials.harbour]", f"{line}\n[serials.harbour]")


def mail(lines: str) -> str:
    return f'{SMALLEST}[mail]\nfrom = "Recaps <recaps@example.org>"\n{lines}\n'


def test_the_smallest_file_has_every_default(configure, tmp_path):
    settings = configure()

    serial = settings.publication.serials[0]
    assert settings.root == tmp_path
    assert settings.output == tmp_path / "feeds"
    assert settings.record == str(tmp_path / "cnddigest.sqlite3")
    assert settings.mail.transport == "folder"
    assert settings.mail.sender == "Harbour recaps <digest@recaps.example.org>"
    assert settings.mail.bounces == "digest@recaps.example.org"
    assert settings.mail.outbox == tmp_path / "outbox"
    assert (settings.web.host, settings.web.port) == ("127.0.0.1", 8000)
    assert settings.web.secret_file == tmp_path / "secret"
    assert settings.publication.language == "en"
    assert settings.publication.timezone.key == "UTC"
    assert serial.recaps == ("recaps/harbour.md",)
    assert serial.title is None
    assert (serial.cadence.parts, serial.cadence.start, serial.cadence.every) == ("day", None, "day")
    assert (serial.cadence.at, serial.cadence.catch_up) == (dt.time(8), "all")


def test_paths_are_relative_to_the_file_and_not_to_the_current_folder(configure, tmp_path, monkeypatch):
    configure(publication('output = "public"\nrecord = "state/record.db"'))
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")

    settings = load("../cnddigest.toml", {})

    assert settings.output.resolve() == tmp_path / "public"
    assert Path(settings.record).resolve() == tmp_path / "state/record.db"


def test_everything_of_a_serial_is_read(configure):
    text = """
    [publication]
    title = "T"
    base_url = "https://recaps.example.org"
    language = "JA"
    timezone = "Asia/Tokyo"
    publisher = { name = "港", email = "desk@example.org", address = "東京都港区1-1" }
    [serials.minato-2026]
    recap = ["one.md", "two.md"]
    title = "港の会議"
    schedule = "minato.json"
    attribution = { author = "記録係", url = "https://example.org/記事", licence = "CC BY 4.0" }
    [serials.minato-2026.cadence]
    parts = 3
    start = 2026-12-01
    at = 21:30:00
    every = ["thu", "mon"]
    skip = ["2026-12-29", 2026-12-30]
    catch_up = "one"
    """

    settings = configure(text)

    serial = settings.publication.serials[0]
    assert settings.publication.base_url == "https://recaps.example.org/"
    assert settings.publication.language == "ja"
    assert settings.publication.publisher_address == "東京都港区1-1"
    assert serial.slug == "minato-2026"
    assert serial.recaps == ("one.md", "two.md")
    assert serial.attribution.url == "https://example.org/%E8%A8%98%E4%BA%8B"
    assert serial.cadence.parts == 3
    assert serial.cadence.start == dt.date(2026, 12, 1)
    assert serial.cadence.at == dt.time(21, 30)
    assert serial.cadence.every == (0, 3)
    assert serial.cadence.skip == {dt.date(2026, 12, 29), dt.date(2026, 12, 30)}
    assert serial.schedules == ("minato.json",)


@pytest.mark.parametrize(
    ("lines", "sender"),
    [
        ('[mail]\nfrom = "desk@example.org"', '"Recaps, Inc." <desk@example.org>'),
        ('[mail]\nfrom = "Desk <desk@example.org>"', "Desk <desk@example.org>"),
        ('[publication.publisher]\nemail = "desk@example.org"', '"Recaps, Inc." <desk@example.org>'),
        ('[publication.publisher]\nname = "Desk"\nemail = "desk@example.org"', "Desk <desk@example.org>"),
        ('[publication.publisher]\nname = "Desk"', '"Recaps, Inc." <digest@recaps.example.org>'),
    ],
)
def test_who_sends_has_a_name(configure, lines, sender):
    settings = configure(SMALLEST.replace("Harbour recaps", "Recaps, Inc.") + lines + "\n")

    assert settings.mail.sender == sender
    assert "<" not in settings.mail.bounces


def test_serials_keep_the_order_of_the_file(configure):
    settings = configure(SMALLEST + '[serials.b]\nrecap = "b.md"\n[serials.a]\nrecap = "a.md"\n')

    assert [serial.slug for serial in settings.publication.serials] == ["harbour", "b", "a"]


def test_mail_and_web_are_checked_and_complete(configure, tmp_path):
    text = mail(
        """
        transport = "smtp"
        bounces = "bounces@example.org"
        lease = "90s"
        [mail.smtp]
        host = "mail.example.org"
        rate = "100/s"
        per_domain = { "docomo.ne.jp" = "30/m" }
        password_file = "relay"
        [[mail.dkim]]
        domain = "example.org"
        selector = "s1"
        key_file = "dkim.pem"
        [web]
        bind = "[::1]:80"
        """
    )

    settings = configure(text, SECRETS)

    assert settings.mail
    assert settings.mail.smtp
    assert settings.mail.sender == "Recaps <recaps@example.org>"
    assert settings.mail.lease == dt.timedelta(seconds=90)
    assert settings.mail.retry_for == dt.timedelta(days=3)
    assert settings.mail.smtp.port == 587
    assert settings.mail.smtp.rate == Rate(count=100, seconds=1)
    assert settings.mail.smtp.per_domain == (("docomo.ne.jp", Rate(count=30, seconds=60)),)
    assert settings.mail.dkim[0].key_file == tmp_path / "dkim.pem"
    assert (settings.web.host, settings.web.port) == ("::1", 80)
    assert (settings.mail.smtp.password, settings.web.secret) == tuple(SECRETS.values())


def test_feeds_name_our_own_hub_before_the_others_and_each_once(configure):
    hubs = '["https://hub.example.org/", "https://Hub.example.org/", "https://recaps.example.org/hub"]'
    settings = configure(f"{SMALLEST}[web]\nhub = true\nhubs = {hubs}\n")

    assert settings.publication.hubs == (f"{settings.publication.base_url}hub", "https://hub.example.org/")
    assert settings.web.hubs == ("https://hub.example.org/", "https://recaps.example.org/hub")


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('hubs = "https://hub.example.org/"', "not a list of web addresses"),
        ('hubs = ["ftp://hub.example.org/"]', "not a web address"),
        ('hub = "yes"', "neither true nor false"),
    ],
)
def test_a_hub_that_is_none_is_refused(refused, line, problem):
    message, _ = refused(f"{SMALLEST}[web]\n{line}\n")

    assert message.startswith(problem)


def test_secrets_are_not_shown_where_settings_are(configure):
    text = mail('[mail.smtp]\nhost = "127.0.0.1"')

    shown = repr(configure(text, SECRETS))

    assert "p4ss" not in shown
    assert "s3cret" not in shown


def test_the_environment_goes_before_the_file(configure):
    settings = configure(
        environment={"CNDDIGEST_BASE_URL": "http://other.example/sub", "CNDDIGEST_RECORD": "postgresql://db/recaps"}
    )

    assert settings.publication.base_url == "http://other.example/sub/"
    assert settings.record == "postgresql://db/recaps"


def test_an_empty_variable_counts_as_none(configure):
    settings = configure(environment={"CNDDIGEST_BASE_URL": "", "CNDDIGEST_SECRET": ""})

    assert settings.publication.base_url == "https://recaps.example.org/"
    assert settings.web.secret is None


def test_a_wrong_variable_is_named(refused):
    message, hint = refused(SMALLEST, {"CNDDIGEST_BASE_URL": "recaps.example.org"})

    assert message == "not a web address in the environment, CNDDIGEST_BASE_URL: recaps.example.org"
    assert hint == 'write it like "https://recaps.example.org/"'


@pytest.mark.parametrize("text", [SMALLEST.replace("\n", "\r\n"), "\ufeff" + SMALLEST])
def test_line_ends_and_a_byte_order_mark_do_not_matter(configure, text):
    settings = configure(text)

    assert settings.publication.title == "Harbour recaps"


def test_a_full_width_time_is_a_time(configure):
    settings = configure(cadence('at = "０９：３０"'))

    assert settings.publication.serials[0].cadence.at == dt.time(9, 30)


@pytest.mark.parametrize(
    ("every", "expected"),
    [
        ('"weekday"', "weekday"),
        ('"original"', "original"),
        ('"90m"', dt.timedelta(minutes=90)),
        ('"48h"', dt.timedelta(hours=48)),
        ('"2d"', 2),
        ('"1d12h"', dt.timedelta(hours=36)),
        ('"1h30m"', dt.timedelta(minutes=90)),
        ('"2h"', dt.timedelta(hours=2)),
        ('["sun"]', (6,)),
    ],
)
def test_every_rhythm_of_the_reference_is_read(configure, every, expected):
    settings = configure(cadence(f"every = {every}"))

    assert settings.publication.serials[0].cadence.every == expected


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        (
            publication('timezone = "Mars/X"'),
            "unknown time zone in cnddigest.toml, line 5, publication.timezone: Mars/X",
            'write it like "Asia/Tokyo"',
        ),
        (
            publication('timezone = "Asia/Tokio"'),
            "unknown time zone in cnddigest.toml, line 5, publication.timezone: Asia/Tokio",
            "did you mean Asia/Tokyo?",
        ),
        (
            cadence('at = "25:00"'),
            "not a time of day in cnddigest.toml, line 8, serials.harbour.cadence.at: 25:00",
            'write hours and minutes from "00:00" to "23:59"',
        ),
        (
            cadence("parts = 0"),
            "not a way to cut a recap in cnddigest.toml, line 8, serials.harbour.cadence.parts: 0",
            'choose "day", "session" or a number from 1 on, without quotes',
        ),
        (
            cadence('every = "fortnight"'),
            "not a rhythm in cnddigest.toml, line 8, serials.harbour.cadence.every: fortnight",
            'choose "day", "weekday", "original", weekdays as in ["mon", "thu"], days as in "2d", or a time as in "90m"',  # noqa: E501
        ),
        (
            SMALLEST.replace('title = "Harbour recaps"\n', ""),
            "missing setting in cnddigest.toml, line 1: publication.title",
            'add title = "Harbour recaps"',
        ),
    ],
)
def test_a_wrong_value_is_told_with_place_key_value_and_remedy(refused, text, message, hint):
    assert refused(text) == (message, hint)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (publication('timezone = "Asia"'), "publication.timezone"),
        (publication('timezone = "../etc/passwd"'), "publication.timezone"),
        (publication('timezone = "localtime"'), "publication.timezone"),
        (publication("timezone = 9"), "publication.timezone"),
        (publication('language = "japanese"'), "publication.language"),
        (publication('language = "ja_JP"'), "publication.language"),
        (publication('language = ""'), "publication.language"),
        (publication('output = "."'), "publication.output"),
        (publication('output = "../"'), "publication.output"),
        (publication('record = "feeds/record.db"'), "publication.record"),
        (publication('record = "mysql://db"'), "publication.record"),
        (publication('publisher = { email = "desk" }'), "publication.publisher.email"),
        (publication('publisher = { name = "a\\nb" }'), "publication.publisher.name"),
        (SMALLEST.replace("https://recaps.example.org/", "recaps.example.org"), "publication.base_url"),
        (SMALLEST.replace("https://recaps.example.org/", "ftp://recaps.example.org"), "publication.base_url"),
        (SMALLEST.replace("https://recaps.example.org/", "https://"), "publication.base_url"),
        (SMALLEST.replace("https://recaps.example.org/", "https://a:b@example.org"), "publication.base_url"),
        (SMALLEST.replace("https://recaps.example.org/", "https://example.org/?page=1"), "publication.base_url"),
        (SMALLEST.replace("https://recaps.example.org/", "https://example.org:99999/"), "publication.base_url"),
        (SMALLEST.replace("https://recaps.example.org/", "https://exa mple.org/"), "publication.base_url"),
        (SMALLEST.replace("https://recaps.example.org/", "http://[::1"), "publication.base_url"),
        (SMALLEST.replace("serials.harbour", 'serials."Harbour 2026"'), "serials.Harbour 2026"),
        (SMALLEST.replace("serials.harbour", "serials." + "a" * 41), "serials." + "a" * 41),
        (SMALLEST.replace("serials.harbour", "serials.assets"), "serials.assets"),
        (SMALLEST.replace('"recaps/harbour.md"', "[]"), "serials.harbour.recap"),
        (SMALLEST.replace('"recaps/harbour.md"', '["a.md", "a.md"]'), "serials.harbour.recap"),
        (SMALLEST.replace('"recaps/harbour.md"', '["a.md", 3]'), "serials.harbour.recap"),
        (SMALLEST.replace('"recaps/harbour.md"', "true"), "serials.harbour.recap"),
        (cadence("parts = true"), "serials.harbour.cadence.parts"),
        (cadence('parts = "3"'), "serials.harbour.cadence.parts"),
        (cadence("parts = 1.5"), "serials.harbour.cadence.parts"),
        (cadence('start = "tomorrow"'), "serials.harbour.cadence.start"),
        (cadence("start = 2026-12-01T08:00:00"), "serials.harbour.cadence.start"),
        (cadence('at = "8 am"'), "serials.harbour.cadence.at"),
        (cadence("at = 08:00:30"), "serials.harbour.cadence.at"),
        (cadence("every = []"), "serials.harbour.cadence.every"),
        (cadence('every = ["mon", "mon"]'), "serials.harbour.cadence.every"),
        (cadence('every = ["monday"]'), "serials.harbour.cadence.every"),
        (cadence('every = "mon"'), "serials.harbour.cadence.every"),
        (cadence('every = "59s"'), "serials.harbour.cadence.every"),
        (cadence('every = "0m"'), "serials.harbour.cadence.every"),
        (cadence('every = "999999d"'), "serials.harbour.cadence.every"),
        (cadence("every = 90"), "serials.harbour.cadence.every"),
        (cadence('skip = "2026-12-29"'), "serials.harbour.cadence.skip"),
        (cadence('skip = ["2026-02-30"]'), "serials.harbour.cadence.skip"),
        (cadence("skip = [7]"), "serials.harbour.cadence.skip"),
        (cadence('catch_up = "none"'), "serials.harbour.cadence.catch_up"),
        (mail('transport = "smtp"'), "mail.transport"),
        (mail('transport = "pigeon"'), "mail.transport"),
        (mail('lease = "soon"'), "mail.lease"),
        (mail('reply_to = "nobody"'), "mail.reply_to"),
        (mail('[mail.smtp]\nhost = "mail.example.org"\nsecurity = "none"'), "mail.smtp.security"),
        (mail('[mail.smtp]\nhost = "mail.example.org"\nport = 0'), "mail.smtp.port"),
        (mail('[mail.smtp]\nhost = "mail.example.org"\nport = true'), "mail.smtp.port"),
        (mail('[mail.smtp]\nhost = "mail.example.org"\nrate = "fast"'), "mail.smtp.rate"),
        (mail('[mail.smtp]\nhost = "mail.example.org"\nper_domain = "2/s"'), "mail.smtp.per_domain"),
        (mail("[mail.smtp]\nport = 25"), "mail.smtp.host"),
        (mail('[[mail.dkim]]\ndomain = "example.org"'), "mail.dkim[0].selector"),
        (mail('dkim = "key"'), "mail.dkim"),
        (SMALLEST + '[web]\nbind = "8000"', "web.bind"),
        ("publication = 3", "publication"),
        (SMALLEST.replace("[serials.harbour]\nrecap", "[serials]\nharbour"), "serials.harbour"),
    ],
)
def test_every_impossible_value_is_refused_with_its_key_and_one_sentence(refused, text, key):
    message, _ = refused(text)

    assert f"{key}: " in message or message.endswith(f": {key}")
    assert "cnddigest.toml" in message
    assert "\n" not in message
    assert message[0].islower()
    assert "." not in message.partition(" in cnddigest.toml")[0]


def test_an_unknown_key_is_told_with_the_nearest_that_exists(refused):
    message, hint = refused(cadence('evrey = "day"'))

    assert message == "unknown key in cnddigest.toml: serials.harbour.cadence.evrey (line 8)"
    assert hint == "did you mean every?"


def test_all_unknown_keys_are_told_at_once(refused):
    message, hint = refused('colour = "red"\n' + publication("titel = 3") + '[mial]\nfrom = "x"\n')

    assert message == "unknown keys in cnddigest.toml: colour (line 1), publication.titel (line 6), mial (line 9)"
    assert hint == "did you mean title, mail?"


def test_an_unknown_key_like_nothing_else_is_told_what_may_stand_there(refused):
    _, hint = refused(SMALLEST + "[web]\nzzz = 1")

    assert hint.startswith("known here: bind, secret_file, ")


@pytest.mark.parametrize("line", ['[mail.smtp]\nhost = "a.example"\npassword = "x"', 'token = "x"'])
def test_a_secret_in_the_file_is_refused_and_not_repeated(refused, line):
    message, hint = refused(mail(line.replace('"x"', '"hunter2"')))

    assert "hunter2" not in message
    assert hint
    assert "CNDDIGEST_SMTP_PASSWORD" in hint


def test_a_file_without_serials_is_refused(refused):
    message, hint = refused(SMALLEST.partition("[serials")[0])

    assert message == "no serial in the configuration: cnddigest.toml"
    assert hint == 'add [serials.NAME] with recap = "recaps/NAME.md"'


def test_a_line_is_found_inside_tables_of_a_list(refused):
    message, _ = refused(mail('[[mail.dkim]]\ndomain="a.example"\nselector="s"\nkey_file="k"\n[[mail.dkim]]\ndomain=3'))

    assert message == "not a text in cnddigest.toml, line 14, mail.dkim[1].domain: 3"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"title = caf\xe9", "configuration is not UTF-8: cnddigest.toml, line 1"),
        (SMALLEST.encode("utf-16"), "configuration is not UTF-8: cnddigest.toml, line 1"),
        (b"#" * 10_000_000, "configuration is larger than 1 MiB: cnddigest.toml"),
        (b"a = " + b"[" * 100_000, "configuration is not TOML that a person would write: cnddigest.toml"),
        (b"a = " + b"9" * 10_000, "configuration is not TOML that a person would write: cnddigest.toml"),
    ],
)
def test_a_file_that_is_no_configuration_is_refused(refused, data, message):
    assert refused(data)[0] == message


def test_a_typing_error_is_told_with_its_line(refused):
    message, _ = refused("[publication]\ntitle = Harbour\n")

    assert message == "configuration is not TOML, invalid value: cnddigest.toml, line 2, column 9"


def test_a_missing_file_points_to_init(tmp_path):
    with pytest.raises(BadConfiguration, match="no configuration: ") as caught:
        load(str(tmp_path / "nowhere.toml"), {})

    assert "cnddigest init" in str(caught.value.hint)


def test_a_folder_is_no_configuration(tmp_path):
    with pytest.raises(BadConfiguration, match="configuration is a folder") as caught:
        load(str(tmp_path), {})

    assert caught.value.hint == f"try -c {tmp_path}/cnddigest.toml"


@pytest.mark.parametrize("name", ["a\0b", "x" * 5000, "\ud800"])
def test_a_name_that_no_file_can_have_is_refused(name):
    with pytest.raises(BadConfiguration):
        load(name, {})


def test_of_very_many_unknown_keys_some_are_named(refused):
    keys = "".join(f"k{number}=1\n" for number in range(20_000))

    message, _ = refused(keys)

    assert message.endswith("k4 (line 5) and 19995 more")


@pytest.mark.parametrize(
    "text",
    [
        "publication.title" + ".a" * 500_000 + " = 1",
        "[a" + " . 'a'" * 150_000 + "]",
        SMALLEST + "[" + "a." * 20 + "b]\n" + " " * 900_000 + "\nwrong = 1\n",
        "x" * 1_000_000 + " = 1",
        '"' * 1_000_000,
        "a = " + "{a=" * 300_000,
        SMALLEST.replace("harbour]", "a" * 900_000 + "]"),
        SMALLEST.replace("recaps/harbour.md", "a\\n" * 200_000),
        SMALLEST.replace("recaps.example.org", "a." * 400_000),
        mail("x = 1").replace("Recaps ", " <" * 400_000),
        cadence(f'every = "{"1d" * 400_000}"'),
        publication(f'timezone = "{"A/" * 400_000}"'),
        publication(f'language = "aa{"-aaaaaaaa" * 100_000}!"'),
    ],
    ids=range(13),
)
@pytest.mark.timeout(20)
def test_a_file_made_to_hurt_is_refused_in_seconds_and_in_a_short_line(refused, text):
    message, _ = refused(text)

    assert len(message) < 300


def complaint_about(text: str, path: Path) -> str | None:
    path.write_text(text, "utf-8", errors="surrogatepass")
    try:
        load(str(path), {})
    except BadConfiguration as error:
        return error.message
    return None


@pytest.fixture(scope="module")
def any_path(tmp_path_factory):
    return tmp_path_factory.mktemp("any") / "cnddigest.toml"


@given(text=st.text(max_size=300))
def test_any_text_is_refused_in_one_sentence(any_path, text):
    message = complaint_about(text, any_path)

    assert message
    assert "\n" not in message


VALUES = st.recursive(
    st.sampled_from(["1", "-1", "0.5", "nan", "true", '""', '"x"', '"08:00"', "2026-12-01", "08:00:00", '"1m"']),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]")
        | inner.map(lambda item: f"{{ a = {item} }}")
    ),
    max_leaves=4,
)
KEYS = ["title", "base_url", "language", "timezone", "output", "record", "publisher"]


@given(key=st.sampled_from(KEYS), value=VALUES)
def test_any_value_of_any_kind_is_read_or_refused_in_one_sentence(any_path, key, value):
    lines = {"title": '"T"', "base_url": '"https://example.org"'} | {key: value}
    settings = "".join(f"{name} = {given}\n" for name, given in lines.items())

    message = complaint_about(f'[publication]\n{settings}[serials.a]\nrecap = "a.md"\n', any_path)

    assert "\n" not in (message or "")


def test_port_0_is_any_that_is_free(configure):
    settings = configure(SMALLEST + '[web]\nbind = "127.0.0.1:0"')

    assert (settings.web.host, settings.web.port) == ("127.0.0.1", 0)
