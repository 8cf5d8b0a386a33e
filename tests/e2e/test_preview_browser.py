"""The preview in a real browser: it reloads by itself, works by keyboard and without JavaScript, and bars nobody."""

import pytest

from browser import SCHEMES, fits, violations
from commands import RECAP, SLUG, OnDisk
from previewed import page, previewing

pytestmark = pytest.mark.slow
VIEWS = ("page", "issue", "text", "headers", "size", "feeds", "findings", "calendar")


@pytest.fixture(scope="module", params=["ja", "en"])
def disk(request, tmp_path_factory):
    made = OnDisk.new(tmp_path_factory.mktemp("preview") / "publication")
    made.configure('language = "en"', f'language = "{request.param}"')
    made.recap.write_text(RECAP.replace("灯台を", "[絵](a.md)灯台を"), "utf-8")
    return made


@pytest.fixture(scope="module")
def server(disk):
    with previewing(disk) as found:
        page(found, f"/{SLUG}/1/page", "港の会議")
        yield found


@pytest.fixture
def tab(browser):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    found = context.new_page()
    found.faults = []
    found.on("console", lambda said: found.faults.append(said.text) if said.type in {"error", "warning"} else None)
    yield found
    context.close()


def test_it_reloads_at_a_save_and_tells_a_mistake(disk, server, tab):
    whole = disk.recap.read_text("utf-8")
    tab.goto(f"{server.address}{SLUG}/1/page")

    disk.recap.write_text(whole.replace("海図は毎年", "海図は毎月"), "utf-8")
    tab.frame_locator("iframe").get_by_text("海図は毎月").wait_for(timeout=20_000)
    disk.recap.write_text("", "utf-8")
    tab.get_by_role("alert").wait_for(timeout=20_000)
    told = tab.get_by_role("alert").inner_text()
    still = tab.frame_locator("iframe").get_by_text("海図は毎月").count()
    disk.recap.write_text(whole, "utf-8")
    tab.get_by_role("alert").wait_for(state="detached", timeout=20_000)

    assert told.startswith("error: recap is empty: recaps/minato.md")
    assert still == 1


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("scheme", SCHEMES)
def test_no_view_breaks_a_rule_of_accessibility_or_its_window(server, browser, width, scheme):
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True)
    tab = context.new_page()
    for view in VIEWS:
        tab.goto(f"{server.address}{SLUG}/1/{view}")
        assert violations(tab, iframes=False) == [], view
        assert fits(tab), view
    context.close()


def test_every_view_is_shown_without_a_complaint_of_the_browser(server, tab):
    for view in VIEWS:
        tab.goto(f"{server.address}{SLUG}/1/{view}", wait_until="load")

    assert tab.faults == []


def test_tabs_are_reached_by_keyboard(server, tab):
    tab.goto(f"{server.address}{SLUG}/1/page")

    for _ in range(20):
        tab.keyboard.press("Tab")
        if tab.evaluate("document.activeElement.getAttribute('href')") == f"/{SLUG}/1/findings":
            break
    outlined = tab.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    tab.keyboard.press("Enter")
    tab.wait_for_url(f"**/{SLUG}/1/findings")

    assert outlined == "solid"
    assert tab.locator(".tabs [aria-current=page]").get_attribute("href") == f"/{SLUG}/1/findings"


def test_without_javascript_there_is_a_link_to_reload(server, browser):
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(f"{server.address}{SLUG}/2/issue")

    reload = tab.locator(".live a")

    assert reload.is_visible()
    assert reload.get_attribute("href") == f"/{SLUG}/2/issue"
    context.close()


def test_each_window_has_its_own_scheme_whatever_the_screen(server, browser):
    seen = {}
    for screen in ("light", "dark"):
        context = browser.new_context(color_scheme=screen)
        tab = context.new_page()
        for scheme in ("light", "dark"):
            tab.goto(f"{server.address}_/mail/{SLUG}/1/{scheme}.html")
            seen[screen, scheme] = tab.evaluate("getComputedStyle(document.body).backgroundColor")
        context.close()

    assert seen["light", "light"] == seen["dark", "light"] != seen["light", "dark"] == seen["dark", "dark"]
