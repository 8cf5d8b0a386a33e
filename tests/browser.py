"""Debian's chromium, driven by tests, and what axe finds wrong with what it shows."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

LANGUAGES, SCHEMES = ("ja", "en"), ("light", "dark")


@contextmanager
def chromium(program: Callable[[str], str]) -> "Iterator[Browser]":
    """Run a browser until the end of the block; `program` finds it, or skips the test."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program("chromium"), args=["--no-sandbox"])
        yield browser
        browser.close()


def violations(tab: "Page", **options: object) -> list[tuple[str, list[str]]]:
    """Return the rules of accessibility that a page breaks, each with the elements that do."""
    from axe_playwright_python.sync_playwright import Axe

    found: dict[str, Any] = Axe().run(tab, options=options or None).response
    assert found["passes"], "nothing was looked at"
    return [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found["violations"]]


def fits(tab: "Page") -> bool:
    """Say whether a page is no wider than its window."""
    return bool(tab.evaluate("document.documentElement.scrollWidth <= innerWidth"))
