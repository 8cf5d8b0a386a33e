"""People's pages: neutral to strangers, exact for whoever holds a link, and nothing happens by looking."""

import itertools
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import httpx
import pytest

from cnddigest.audience.address import parse
from cnddigest.audience.consent import CONFIRM_WITHIN
from cnddigest.audience.model import Ended
from cnddigest.audience.replay import Replay
from cnddigest.audience.tokens import Control
from cnddigest.serial.model import MAIN
from commands import OnDisk
from visitors import DAY, HARU, HOUR, Visitors, a_publication, text, visiting

STATES = ("stranger", "pending", "active", "own", "left", "hard_bounce", "complaint", "manual", "asked often")


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> OnDisk:
    return a_publication(tmp_path_factory.mktemp("people") / "publication")


@pytest.fixture
def visitors(published: OnDisk, tmp_path: Path) -> Iterator[Visitors]:
    with visiting(published.copy(tmp_path / "publication")) as found:
        yield found


def be(visitors: Visitors, state: str, address: str = HARU) -> None:
    """Let an address be known so."""
    key = parse(address).key
    if state == "asked often":
        for _ in range(5):
            visitors.join(address, client="198.51.100.1")
    elif state != "stranger":
        found = visitors.enrol(address, own=state == "own", active=state != "pending")
        if state == "left":
            visitors.audience.end(found.subscription.number, Ended.UNSUBSCRIBED)
        elif state not in ("pending", "active", "own"):
            visitors.audience.suppress([key], reason=state, now=visitors.now)


# Joining


def test_the_answer_is_the_same_whoever_it_is(visitors: Visitors) -> None:
    addresses = {state: f"{state.replace(' ', '_')}@example.net" for state in STATES}
    for state, address in addresses.items():
        be(visitors, state, address)

    answers = {state: visitors.join(address) for state, address in addresses.items()}

    said = {answer.text.replace(addresses[state], "ADDRESS") for state, answer in answers.items()}
    assert len(said) == 1
    shown = {tuple(h for h in answer.headers.items() if h[0] != "content-length") for answer in answers.values()}
    assert len(shown) == 1


@pytest.mark.parametrize("state", ["active", "own"])
def test_nothing_that_is_known_of_a_subscriber_changes_by_a_form(visitors: Visitors, state: str) -> None:
    be(visitors, state)
    before = visitors.person()

    for form in ({"run": "next"}, {"every": "mon"}, {"language": "ja"}, {"every": "12h", "start": "2027-01-01"}):
        visitors.join(form=form)

    assert visitors.person() == before
    assert visitors.queued == [(HARU, "known", None)]


@pytest.mark.parametrize("state", ["hard_bounce", "complaint"])
def test_who_must_not_be_mailed_is_not_mailed_for_a_form(visitors: Visitors, state: str) -> None:
    be(visitors, state)

    visitors.join()

    assert visitors.queued == []


def test_whoever_left_is_asked_and_nothing_is_sent_before_they_say_yes(visitors: Visitors) -> None:
    be(visitors, "left")

    visitors.join()
    visitors.now += 10 * DAY
    visitors.advance()

    assert visitors.queued == [(HARU, "confirm", None)]


def test_an_address_gets_three_messages_and_then_one_in_eight_hours(visitors: Visitors) -> None:
    for _ in range(6):
        visitors.join()
        visitors.now += HOUR / 6
        for each in visitors.account:  # what waits stands for what is asked again: let it be gone
            visitors.ledger._db.execute("delete from delivery where issue = ?", (each.key.issue,))

    asked = visitors.ledger._db.execute("select count(*) from issue where run = 'confirm'").fetchone()

    assert asked == (3,)


def test_two_spellings_of_an_address_have_one_bucket(visitors: Visitors) -> None:
    for address in ("haru@example.net", "HARU@EXAMPLE.NET", "haru@Example.net", "Haru@example.net"):
        visitors.join(address)

    assert len(visitors.queued) == 1


def test_a_flood_from_a_network_waits_and_others_do_not(visitors: Visitors) -> None:
    flood = [visitors.join(f"reader{n}@example.net", client=f"203.0.113.{n + 1}") for n in range(45)]

    refused = [answer.status_code for answer in flood]
    assert refused == [200] * 40 + [429] * 5
    assert flood[-1].headers["retry-after"] == "60"
    assert "try again" in text(flood[-1])
    assert visitors.join(client="198.51.100.9").status_code == 200
    visitors.now += HOUR / 30
    assert visitors.join("late@example.net", client="203.0.113.7").status_code == 200


def test_one_clicks_of_a_whole_mail_provider_are_taken_and_a_flood_of_guesses_is_not(visitors: Visitors) -> None:
    visitors.enrol(HARU)
    way = visitors.path("unsubscribe")

    guessed = [visitors.post(f"/unsubscribe/{number:040}").status_code for number in range(125)]
    taken = visitors.post(way, {"List-Unsubscribe": "One-Click"})
    again = [visitors.post(way, client=f"203.0.113.{number}").status_code for number in range(125)]

    assert guessed == [404] * 120 + [429] * 5
    assert taken.status_code == 200
    assert again[-1] == 429


def test_whoever_asks_for_the_public_run_follows_it(visitors: Visitors) -> None:
    visitors.join(form={"run": "next"})
    visitors.post(visitors.path("confirm"))

    found = visitors.person().subscription
    assert (found.run, found.replay, found.status) == (MAIN, None, "active")
    assert found.consent
    assert found.consent.text == "Send me 港の会議 2026 まとめ by email, each part when it comes out."


def test_the_first_part_leaves_at_once(visitors: Visitors) -> None:
    visitors.join(form={"every": "mon", "at": "21:00", "timezone": "Asia/Tokyo", "per": "1"})
    visitors.post(visitors.path("confirm"))
    visitors.advance()

    assert visitors.queued[-1] == (HARU, "r1", 1)
    assert visitors.nudges == 2


def test_what_somebody_saw_and_said_yes_to_is_kept_in_those_words(visitors: Visitors) -> None:
    visitors.join(form={"every": "mon", "at": "21:00", "timezone": "Asia/Tokyo", "per": "2"})
    page = visitors.get(visitors.path("confirm") + "?lang=ja")

    visitors.post(visitors.path("confirm") + "?lang=ja")

    consent = visitors.person().subscription.consent
    assert consent
    assert consent.text in text(page)
    assert "21:00（日本時間）" in consent.text


def test_two_scanners_and_a_person_confirm_once(visitors: Visitors) -> None:
    visitors.join()
    path = visitors.path("confirm")
    for _ in range(2):
        visitors.get(path)
        visitors.ask("HEAD", path)
    before = visitors.person().subscription.status

    first, second = visitors.post(path), visitors.post(path)

    assert before == "pending"
    assert "Thank you. The first part is on its way" in text(first)
    assert second.status_code == 200
    assert "is already confirmed" in text(second)
    assert visitors.person().subscription.status == "active"


def test_a_link_is_over_after_thirty_days_and_after_leaving(visitors: Visitors) -> None:
    visitors.join()
    path = visitors.path("confirm")
    visitors.now += CONFIRM_WITHIN

    assert [visitors.get(path).status_code, visitors.post(path).status_code] == [404, 404]
    assert visitors.person().subscription.status == "pending"


def test_an_old_confirmation_brings_nobody_back_who_left(visitors: Visitors) -> None:
    visitors.join()
    path = visitors.path("confirm")
    visitors.post(path)
    visitors.post(visitors.path("unsubscribe"))

    answer = visitors.post(path)

    assert answer.status_code in (404, 409)
    assert visitors.person().subscription.status == "ended"


@pytest.mark.parametrize(
    "said",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "https://recaps.example.org.evil.example"},
        {"origin": "https://evil.example", "sec-fetch-site": "cross-site"},
    ],
)
def test_another_site_subscribes_nobody(visitors: Visitors, said: dict[str, str]) -> None:
    answer = visitors.join(headers=said)

    assert answer.status_code == 422
    assert 'value="haru@example.net"' in answer.text
    assert visitors.queued == []


@pytest.mark.parametrize(
    "said",
    [
        {"sec-fetch-site": "same-origin"},
        {"sec-fetch-site": "none"},
        {"origin": "https://recaps.example.org"},
        {"origin": "http://recaps.example.org"},  # TLS ends before us
        {},
    ],
)
def test_our_own_form_does(visitors: Visitors, said: dict[str, str]) -> None:
    visitors.join(headers=said)

    assert visitors.queued == [(HARU, "confirm", None)]


@pytest.mark.parametrize(
    "form",
    [
        {"address": "no address"},
        {"address": ""},
        {"address": "a@b\r\nBcc: x@example.net"},
        {"address": "x" * 400 + "@example.net"},
        {"address": "a@example.net, b@example.net"},
        {"address": "\x00@example.net"},
        {"every": "hourly"},
        {"every": "0m"},
        {"at": "25:00"},
        {"per": "-1"},
        {"per": "9" * 50},
        {"timezone": "../../etc/passwd"},
        {"timezone": "Mars/Olympus"},
        {"start": "0001-01-01"},
    ],
)
def test_what_cannot_be_taken_is_said_beside_the_form_and_the_rest_is_kept(
    visitors: Visitors, form: dict[str, str]
) -> None:
    answer = visitors.join(form={"every": "mon,thu"} | form)

    assert answer.status_code == 422
    assert answer.text.count('id="wrong"') == 1
    assert answer.text.count("aria-invalid") == 1
    assert ('value="mon,thu" selected' in answer.text) == ("every" not in form)
    assert visitors.queued == []


def test_a_feed_for_nobody_is_minted_and_nothing_is_kept(visitors: Visitors) -> None:
    before = visitors.state

    answer = visitors.post("/replay", {"serial": "minato", "every": "day", "at": "08:00", "timezone": "UTC"})

    path = answer.text.partition('href="replay/')[2].partition('"')[0]
    assert visitors.state == before
    assert visitors.get(f"/replay/{path}").status_code == 200


# Several Serials

UMI = """
[serials.umi]
recap = "recaps/minato.md"
title = "海の会議"
[serials.yama]
recap = "recaps/minato.md"
title = "山の会議"
"""


@pytest.fixture(scope="module")
def several(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitors]:
    disk = a_publication(tmp_path_factory.mktemp("several") / "publication", more=UMI)
    disk.configure("[serials.umi]", '[serials.aki]\nrecap = "recaps/minato.md"\ntitle = "later"\n[serials.umi]')
    with visiting(disk) as found:
        yield found


@pytest.mark.parametrize("path", ["/subscribe", "/subscribe?serial=", "/subscribe?serial=nothing"])
def test_who_names_no_serial_chooses_among_what_is_published(several: Visitors, path: str) -> None:
    page = several.get(path)

    ways = re.findall(r'href="(subscribe\?serial=[^"]*)"', page.text.partition("<main")[2])
    assert page.status_code == 200
    assert ways == ["subscribe?serial=minato", "subscribe?serial=umi", "subscribe?serial=yama"]
    assert "later" not in page.text
    assert text(page).count("every day, ") == 3
    assert text(page).count("The next part comes on") == 3


def test_each_serial_has_a_form_with_its_own_heading_and_dates(several: Visitors) -> None:
    page = several.get("/subscribe?serial=umi")

    assert "海の会議, part by part" in text(page)
    assert '<input type="hidden" name="serial" value="umi">' in page.text
    assert "港の会議 2026" not in text(page)


def test_an_address_that_was_written_before_a_serial_was_chosen_goes_along(several: Visitors) -> None:
    answer = several.post("/subscribe", {"address": HARU, "language": "ja"})

    assert answer.status_code == 200
    assert f'name="address" value="{HARU}"' in answer.text
    assert 'name="language" value="ja"' in answer.text
    assert re.findall(r'<button name="serial" value="([a-z]+)"', answer.text) == ["minato", "umi", "yama"]
    assert several.queued == []


@pytest.mark.parametrize("serial", ["nothing", "aki", "minato/../umi", "\x00"])
def test_a_serial_that_is_not_there_is_asked_for_again(several: Visitors, serial: str) -> None:
    answer = several.join(form={"serial": serial})

    assert answer.status_code == 422
    assert 'value="umi"' in answer.text
    assert several.queued == []


# The box on pages that lie in a folder


@pytest.mark.parametrize("page", ["/index.html", "/minato/index.html", "/minato/parts/1.html"])
def test_an_address_written_on_any_page_is_enough(visitors: Visitors, page: str) -> None:
    html = visitors.get(page).text
    (box,) = re.findall(r'<form class="served by-mail".*?</form>', html, re.DOTALL)
    fields = dict(re.findall(r'<input type="hidden" name="([a-z]+)" value="([^"]*)"', box))
    action = urljoin(page, re.findall(r'action="([^"]*)"', box)[0])

    browser = {"sec-fetch-site": "same-origin", "accept-language": "ja"}
    answer = visitors.post(action, {**fields, "address": HARU}, headers=browser)

    assert action == "/subscribe?lang=en"
    assert '<html lang="en">' in answer.text
    assert visitors.person().subscriber.language == "en"
    assert "on its way" in text(answer)
    assert visitors.queued == [(HARU, "confirm", None)]
    assert visitors.person().subscription.replay


def test_the_box_is_hidden_in_a_folder_and_shown_by_a_server(visitors: Visitors) -> None:
    folder = Path(visitors.settings.output, "assets/served.css").read_text("utf-8")

    assert ".served { display: none; }" in folder
    assert re.search(r"\.served\.by-mail \{ display: flex", visitors.get("/assets/served.css").text)


# Links that lead nowhere


@pytest.mark.parametrize("page", ["confirm", "unsubscribe", "preferences", "pace", "replay"])
@pytest.mark.parametrize(
    "mangled", ["", "x", "{}.", "{cut}", "{}=", "{}>", "{}{}{}{}{}{}{}{}{}{}{}{}{}{}", "{}/", "{} "]
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_link_that_was_cut_or_lengthened_is_told_to_be_one(
    visitors: Visitors, page: str, mangled: str, method: str
) -> None:
    token = visitors.tokens.make("unsubscribe", visitors.enrol().subscription.number)
    before = visitors.state

    answer = visitors.ask(method, f"/{page}/{mangled.replace('{}', token).replace('{cut}', token[:20])}")

    assert answer.status_code == 404
    assert "This link doesn't work" in text(answer)
    assert visitors.state == before


def test_a_feed_reader_with_half_an_address_gets_no_page(visitors: Visitors) -> None:
    reader = visitors.get("/replay/abc/rss.xml", headers={"accept": "application/rss+xml"})
    browser = visitors.get("/replay/abc/rss.xml", headers={"accept": "text/html"})

    assert (reader.status_code, reader.text) == (404, "no such page\n")
    assert (browser.status_code, "doesn't work" in text(browser)) == (404, True)


# Faults that are ours


@pytest.mark.parametrize("path", ["/subscribe", f"/preferences/{'x' * 32}", f"/confirm/{'x' * 40}"])
def test_while_the_record_is_away_visitors_are_asked_to_come_again(visitors: Visitors, path: str) -> None:
    record = Path(visitors.settings.record)
    away = record.with_suffix(".away")
    fine = visitors.get(path).status_code
    record.rename(away)

    answer = visitors.get(path)

    away.rename(record)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")
    assert "sqlite" not in answer.text
    assert answer.headers["content-security-policy"]
    assert visitors.get(path).status_code == fine


# Languages


@pytest.mark.parametrize(
    ("query", "accepted", "language"),
    [
        ("", "", "en"),  # the publication's
        ("", "ja,en;q=0.5", "ja"),
        ("", "fr, ja;q=0.1", "ja"),
        ("", "ja;q=0, en", "en"),
        ("", "de", "en"),
        ("", "ja-JP", "ja"),
        ("", "*;q=0.5, ;;;=, en-GB", "en"),
        ("?lang=ja", "en", "ja"),
        ("?lang=JA-jp", "en", "ja"),
        ("?lang=xx", "ja", "ja"),
        ("?lang=../../etc", "en", "en"),
        ("?lang=%22%3E%3Cscript%3E", "en", "en"),
    ],
)
def test_a_page_speaks_the_visitors_language(visitors: Visitors, query: str, accepted: str, language: str) -> None:
    answer = visitors.get(f"/subscribe{query}", headers={"accept-language": accepted})

    assert f'<html lang="{language}">' in answer.text
    assert answer.headers["vary"] == "accept-language"


def test_a_page_leads_to_itself_in_the_other_language_and_buttons_keep_it(visitors: Visitors) -> None:
    visitors.enrol()
    visitors.advance()
    path = visitors.path("preferences")

    page = visitors.get(path)
    done = visitors.post(f"{path}?lang=ja", {"do": "pause"})

    assert 'href="?lang=ja" lang="ja" hreflang="ja">日本語<' in page.text
    assert done.headers["location"].endswith("?done=pause&lang=ja")


def test_the_search_leads_to_itself_in_the_other_language_and_keeps_it(visitors: Visitors) -> None:
    english = visitors.get("/search?q=%E7%99%BA%E8%A1%A8&serial=minato")
    japanese = visitors.get("/search?q=%E7%99%BA%E8%A1%A8&lang=ja")

    assert 'href="?q=%E7%99%BA%E8%A1%A8&amp;serial=minato&amp;lang=ja" lang="ja"' in english.text
    assert 'name="lang"' not in english.text
    assert '<html lang="ja">' in japanese.text
    assert '<input type="hidden" name="lang" value="ja">' in japanese.text


def test_a_person_is_answered_in_the_language_they_are_written_to(visitors: Visitors) -> None:
    visitors.enrol(language="ja")

    page = visitors.get(visitors.path("preferences"), headers={"accept-language": "en"})

    assert '<html lang="ja">' in page.text


# Leaving


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"List-Unsubscribe=One-Click", "application/x-www-form-urlencoded"),
        (
            b'--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n',
            "multipart/form-data; boundary=x",
        ),
        (b"", ""),
        (b"\xff\x00 whatever", "application/octet-stream"),
    ],
)
def test_one_click_ends_it(visitors: Visitors, body: bytes, kind: str) -> None:
    visitors.enrol()
    headers = {"content-type": kind} if kind else {}

    answer = visitors.ask("POST", visitors.path("unsubscribe"), body=body, headers=headers)

    found = visitors.person().subscription
    assert (answer.status_code, found.status, found.reason) == (200, "ended", "unsubscribed")


def test_leaving_is_taken_back_as_if_it_had_not_been(visitors: Visitors) -> None:
    before = visitors.enrol()
    visitors.advance()
    path = visitors.path("unsubscribe")
    visitors.post(path)

    answer = visitors.post(path, {"undo": "1"})

    after = visitors.person()
    assert "subscribed again" in text(answer)
    assert (after.subscription.status, after.subscription.run) == ("active", before.subscription.run)
    assert after.subscription.consent == before.subscription.consent
    assert visitors.queued == [(HARU, "r1", 1)]


@pytest.mark.parametrize("why", [Ended.REMOVED, Ended.BOUNCED, Ended.COMPLAINT, Ended.EXPIRED])
def test_nobody_takes_back_what_was_not_their_click(visitors: Visitors, why: Ended) -> None:
    found = visitors.enrol()
    visitors.audience.end(found.subscription.number, why)

    answer = visitors.post(visitors.path("unsubscribe"), {"undo": "1"})

    assert answer.status_code == 409
    assert visitors.person().subscription.status == "ended"
    assert "You have unsubscribed" not in text(visitors.get(visitors.path("unsubscribe")))


def test_who_never_confirmed_becomes_no_subscriber_by_undoing(visitors: Visitors) -> None:
    visitors.enrol(active=False)
    path = visitors.path("unsubscribe")
    visitors.post(path)

    visitors.post(path, {"undo": "1"})

    assert visitors.person().subscription.status == "ended"


def test_whoever_is_erased_has_left(visitors: Visitors) -> None:
    visitors.enrol()
    leave, prefer = visitors.path("unsubscribe"), visitors.path("preferences")
    kept = visitors.post(prefer, {"do": "erase"})
    still = visitors.person()

    gone = visitors.post(prefer, {"do": "erase", "sure": "yes"})

    assert (kept.status_code, still.subscriber.address) == (200, HARU)
    assert "erased" in text(gone)
    assert visitors.audience.person(parse(HARU).key) == []
    assert visitors.post(leave).status_code == 200
    assert visitors.get(prefer).status_code == 404
    assert HARU.encode() not in Path(visitors.settings.record).read_bytes()


@pytest.mark.parametrize("has_left", [False, True], ids=["still there", "left before"])
def test_whoever_takes_the_feed_instead_goes_on_where_the_mail_stops(out: Visitors, has_left: bool) -> None:
    out.enrol()
    out.advance()
    way = out.path("unsubscribe")
    asked = out.post(way) if has_left else out.get(way)

    page = out.post(way, {"feed": "1"})

    path = page.text.partition('href="../replay/')[2].partition('"')[0]
    left = out.person().subscription.status
    out.now += 2 * DAY
    feed = out.get(f"/replay/{path}").text
    assert "continues with part 2" in text(asked)
    assert f"Nothing more will be sent to {HARU}." in text(page)
    assert "It continues with part 2: every day" in text(page)
    assert left == "ended"
    assert ("2日目" in feed, "1日目" in feed) == (True, False)
    assert "You are subscribed again." in text(out.post(way, {"undo": "1"}))
    assert out.person().subscription.status == "active"


def test_what_no_click_ended_is_not_offered_to_be_undone_beside_a_feed(visitors: Visitors) -> None:
    found = visitors.enrol()
    visitors.audience.end(found.subscription.number, Ended.BOUNCED)

    page = visitors.post(visitors.path("unsubscribe"), {"feed": "1"})

    assert page.status_code == 200
    assert 'name="undo"' not in page.text


def test_a_feed_of_whoever_had_all_begins_anew(out: Visitors) -> None:
    out.enrol()
    out.now += 20 * DAY
    out.advance()

    page = out.post(out.path("unsubscribe"), {"feed": "1"})

    assert "from the beginning" in text(page)


def test_who_follows_the_public_run_has_no_feed_of_their_own_to_take(visitors: Visitors) -> None:
    visitors.enrol(own=False)

    answer = visitors.post(visitors.path("unsubscribe"), {"feed": "1"})

    assert answer.status_code == 404
    assert visitors.person().subscription.status == "active"


# Preferences


def test_every_button_does_what_it_says(visitors: Visitors) -> None:
    visitors.enrol()
    visitors.advance()
    path = visitors.path("preferences")
    pace = {"every": "mon", "at": "21:00", "per": "2", "timezone": "Asia/Tokyo"}

    visitors.post(path, {"do": "pace", **pace})
    paced = visitors.person().subscription.replay
    visitors.post(path, {"do": "pause"})
    paused = visitors.person().subscription.replay
    visitors.post(path, {"do": "resume"})
    visitors.post(path, {"do": "language", "language": "ja"})

    assert paced
    assert (paced.every, paced.at, paced.per, paced.timezone) == ("mon", "21:00", 2, "Asia/Tokyo")
    assert paused
    assert paused.paused
    assert visitors.person().subscriber.language == "ja"


def test_a_button_pressed_twice_does_it_once(visitors: Visitors) -> None:
    disk_all = {"do": "restart", "seen": "r1 1"}
    visitors.enrol()
    visitors.advance()

    for _ in range(3):
        visitors.post(visitors.path("preferences"), disk_all)

    assert visitors.person().subscription.run == "r1.2"


def test_the_public_runs_follower_begins_a_run_of_their_own(visitors: Visitors) -> None:
    visitors.enrol(own=False)
    path = visitors.path("preferences")
    assert "Start from part 1" in text(visitors.get(path))

    answer = visitors.post(path, {"do": "own", "every": "mon", "at": "08:00", "per": "1", "timezone": "UTC"})
    visitors.advance()

    assert answer.status_code == 303
    assert visitors.queued == [(HARU, "r1", 1)]


def test_a_language_without_texts_is_not_said_to_be_set(visitors: Visitors) -> None:
    visitors.enrol(language="en")

    answer = visitors.post(visitors.path("preferences"), {"do": "language", "language": "xx"})

    assert answer.status_code == 409
    assert visitors.person().subscriber.language == "en"


@pytest.mark.parametrize(
    "form",
    [
        {"do": "nothing of ours"},
        {},
        {"do": "next"},
        {"do": "jump", "part": "0"},
        {"do": "jump", "part": "99", "seen": "r1 1"},
        {"do": "jump", "part": "one", "seen": "r1 1"},
        {"do": "pace", "every": "hourly"},
        {"do": "language", "language": "xx"},
        {"do": "undo"},
        {"do": "next", "seen": "r1 1"},  # it is not out yet
    ],
)
def test_what_makes_no_sense_changes_nothing(visitors: Visitors, form: dict[str, str]) -> None:
    visitors.enrol(language="en")
    visitors.advance()
    before = visitors.person().subscription.course

    answer = visitors.post(visitors.path("preferences"), form)

    assert answer.status_code in (303, 409, 422)
    assert visitors.person().subscription.course == before
    assert visitors.person().subscriber.language == "en"


def test_the_link_to_pause_leads_who_paused_to_where_they_go_on(visitors: Visitors) -> None:
    number = visitors.enrol().subscription.number
    visitors.advance()
    path = f"/pace/{visitors.tokens.make_control(Control(wish='pause', subscription=number, lap=1, part=1))}"
    visitors.post(path)

    answer = visitors.get(path)

    assert answer.headers["location"] == f"..{visitors.path('preferences')}#calendar"
    assert "Resume" in text(visitors.get(visitors.path("preferences")))


@pytest.fixture
def out(tmp_path: Path) -> Iterator[Visitors]:
    """A publication with both Parts out."""
    with visiting(a_publication(tmp_path / "publication", everything=True)) as found:
        yield found


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"do": "next"}, "Part 2 went out to you on Wed, Nov 25, 2026, 4:00 AM"),
        ({"do": "jump", "part": "2"}, "Part 2 comes to you on Thu, Nov 26, 2026, 8:00 AM"),
        ({"do": "jump", "part": "1"}, "Part 1 went out to you on Wed, Nov 25, 2026, 4:00 AM"),
        ({"do": "restart"}, "Part 1 went out to you on Wed, Nov 25, 2026, 4:00 AM"),
        ({"do": "pause"}, "Paused. Nothing comes until you resume."),
        ({"do": "resume"}, "Part 2 comes to you on Thu, Nov 26, 2026, 8:00 AM"),
        ({"do": "pace", "every": "mon", "at": "21:00"}, "Your pace: Monday, 9:00 PM"),
        ({"do": "language", "language": "en"}, "We write to you in English."),
    ],
)
def test_a_notice_says_what_the_record_says_after_a_button(out: Visitors, form: dict[str, str], said: str) -> None:
    out.enrol(language="en")
    out.advance()
    path = out.path("preferences")

    answer = out.post(path, {"seen": "r1 1", "timezone": "UTC", **form})
    page = out.get(f"/preferences/{answer.headers['location'].removeprefix('./')}")

    assert said in notice(page)


def test_a_jump_while_paused_says_that_nothing_comes(out: Visitors) -> None:
    out.enrol(replay=Replay(every="day", at="08:00", timezone="UTC", paused=True))

    answer = out.post(out.path("preferences"), {"do": "jump", "part": "2", "seen": "r1 0"})

    assert "Paused" in notice(out.get(f"/preferences/{answer.headers['location'].removeprefix('./')}"))


@pytest.mark.parametrize("state", ["active", "own", "left", "pending"])
@pytest.mark.parametrize("done", ["next", "part&part=2", "part&part=99", "part", "pause", "jump", "undo", "old", "%00"])
def test_whoever_forges_a_notice_makes_the_page_say_nothing_untrue(visitors: Visitors, state: str, done: str) -> None:
    be(visitors, state)
    visitors.advance()

    said = notice(visitors.get(f"{visitors.path('preferences')}?done={done}"))

    true = {("own", "part&part=2"): "Part 2 comes to you on", ("active", "undo"): "You are", ("own", "undo"): "You are"}
    assert said.startswith(true.get((state, done), "")) == bool(said or (state, done) not in true)
    assert bool(said) == ((state, done) in true)


@pytest.mark.parametrize(
    ("wish", "said"),
    [("contents", ""), ("next", "Part 2 comes to you on"), ("slower", "Your pace: Monday to Friday")],
)
def test_a_link_below_a_message_says_what_came_of_it(visitors: Visitors, wish: str, said: str) -> None:
    number = visitors.enrol().subscription.number
    visitors.advance()
    control = Control(wish=wish, subscription=number, lap=2, part=1)  # type: ignore[arg-type]

    answer = visitors.post(f"/pace/{visitors.tokens.make_control(control)}")

    place = answer.headers["location"].removeprefix("..")
    assert notice(visitors.get(place)).startswith(said)
    assert bool(said) == ("done=" in place)


def notice(page: httpx.Response) -> str:
    """Return what a page says of what was just done."""
    return " ".join(page.text.partition('class="done" role="status">')[2].partition("<")[0].split())


@pytest.mark.parametrize(
    "form", [{"do": "resume"}, {"do": "jump", "part": "2", "seen": "r1 1"}], ids=lambda form: form["do"]
)
def test_a_button_pressed_while_the_publisher_holds_says_so(visitors: Visitors, form: dict[str, str]) -> None:
    visitors.enrol()
    visitors.advance()
    way = visitors.path("preferences")
    visitors.opened.hold("minato", now=visitors.now)

    answer = visitors.post(way, form)

    assert "on hold" in notice(visitors.get(f"/preferences/{answer.headers['location'].removeprefix('./')}"))


def test_the_language_of_mail_is_said_as_it_is_whatever_an_address_asks_for(visitors: Visitors) -> None:
    visitors.enrol()
    way = visitors.path("preferences")
    visitors.post(way, {"do": "language", "language": "ja"})

    said = notice(visitors.get(f"{way}?lang=en&done=language"))

    assert said == "We write to you in Japanese."


def test_a_link_to_a_part_that_is_not_out_says_when_it_comes_and_nothing_while_paused(visitors: Visitors) -> None:
    found = visitors.enrol()
    visitors.advance()
    control = Control(wish="next", subscription=found.subscription.number, lap=1, part=1)
    way = f"/pace/{visitors.tokens.make_control(control)}"

    going = text(visitors.get(way))
    visitors.post(visitors.path("preferences"), {"do": "pause"})
    paused = text(visitors.get(way))

    assert "The next part is not out yet. Part 2 comes to you on" in going
    assert "The next part is not out yet." in paused
    assert "comes to you on" not in paused


def test_a_button_of_an_old_page_says_that_something_has_come(out: Visitors) -> None:
    out.enrol()
    out.advance()

    answer = out.post(out.path("preferences"), {"do": "next", "seen": "r1 0"})

    assert answer.status_code == 409
    assert "A new part has come since" in notice(answer)
    assert out.person().subscription.position == 1


def test_who_follows_the_public_run_is_told_its_dates_and_no_count_of_theirs(visitors: Visitors) -> None:
    visitors.enrol(own=False)

    said = text(visitors.get(visitors.path("preferences"))).replace("\u202f", " ")

    assert "Latest Part 1, Wed, Nov 25, 2026, 3:00 AM (Coordinated Universal Time)" in said
    assert "Next part Part 2, Thu, Nov 26, 2026, 8:00 AM (Coordinated Universal Time)" in said
    assert "So far" not in said


def test_who_follows_the_public_run_may_pause_and_goes_on_where_they_stopped(visitors: Visitors) -> None:
    visitors.enrol(own=False)
    way = visitors.path("preferences")

    visitors.post(way, {"do": "pause"})
    paused = text(visitors.get(way))
    visitors.now += 10 * DAY
    visitors.opened.publish(now=visitors.now, progress=lambda *_: None)
    visitors.advance()
    meanwhile = visitors.queued
    visitors.post(way, {"do": "resume"})
    visitors.now += DAY
    visitors.advance()

    assert "So far 1 of 2" in paused
    assert meanwhile == []
    assert visitors.queued == [(HARU, visitors.person().subscription.run, 2)]


@pytest.mark.parametrize("page", ["preferences", "unsubscribe", "confirm", "pace"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE"])
def test_looking_changes_nothing(visitors: Visitors, page: str, method: str) -> None:
    found = visitors.enrol(active=page != "confirm")
    visitors.advance()
    control = Control(wish="pause", subscription=found.subscription.number, lap=1, part=1)
    path = f"/pace/{visitors.tokens.make_control(control)}" if page == "pace" else visitors.path(page)
    before = visitors.state

    answer = visitors.ask(method, f"{path}?undo=1&do=erase&sure=yes&done=next")

    assert answer.status_code == (200 if method in ("GET", "HEAD") else 405)
    assert visitors.state == before


def test_a_token_opens_only_what_it_was_made_for(visitors: Visitors) -> None:
    number = visitors.enrol().subscription.number
    visitors.advance()
    tokens = {
        page: visitors.path(page).rpartition("/")[2] for page in ("confirm", "unsubscribe", "preferences", "replay")
    }
    tokens["pace"] = visitors.tokens.make_control(Control(wish="pause", subscription=number, lap=1, part=1))
    before = visitors.state

    wrong = {
        (page, of): [visitors.get(f"/{page}/{token}").status_code, visitors.post(f"/{page}/{token}").status_code]
        for page, (of, token) in itertools.product(tokens, tokens.items())
        if page not in (of, "replay")
    }

    assert set(map(tuple, wrong.values())) == {(404, 404)}
    assert visitors.state == before


def test_a_redirect_stays_on_the_site_whatever_the_query_says(visitors: Visitors) -> None:
    visitors.enrol()
    path = visitors.path("preferences")

    answers = [
        visitors.post(f"{path}?{query}", {"do": "pause"})
        for query in ("done=//evil.example", "lang=//evil.example", "next=https://evil.example", "lang=ja%0d%0ax:y")
    ]

    token = path.rpartition("/")[2]
    assert {answer.headers["location"].partition("?")[0] for answer in answers} == {f"./{token}"}
    assert all("evil" not in str(answer.headers) and "x" not in answer.headers for answer in answers)


def test_all_that_is_kept_is_handed_out(visitors: Visitors) -> None:
    visitors.join()
    visitors.post(visitors.path("confirm"))
    visitors.advance()

    answer = visitors.get(f"{visitors.path('preferences')}/data.json")

    kept = answer.json()
    assert answer.headers["content-disposition"] == 'attachment; filename="subscription.json"'
    assert [(each["about"], each["run"], each["part"], each["status"]) for each in kept["deliveries"]] == [
        ("confirm", None, None, "queued"),
        ("issue", "r1", 1, "queued"),
    ]
    assert kept["subscriptions"][0]["consent"]["source"] == "confirmed by mail"


@pytest.mark.parametrize("name", ["visit_subscribe.html.j2", "visit_leave.html.j2"])
def test_a_broken_template_is_the_operators_to_hear_of_and_nobody_elses_fault(
    published: OnDisk, tmp_path: Path, name: str
) -> None:
    disk = published.copy(tmp_path / "publication")
    disk.template(name, b"{% if %}")
    with visiting(disk) as visitors:
        visitors.enrol()

        answers = [visitors.get("/subscribe"), visitors.get(visitors.path("unsubscribe"))]

    broken = answers["leave" in name]
    assert (broken.status_code, broken.headers["retry-after"]) == (503, "60")
    assert answers["leave" not in name].status_code == 200
