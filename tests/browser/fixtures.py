"""A real browser, and pages of it as wide as a telephone and as a desk."""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        pytest.fail("Chromium is missing: sudo apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def phone_page(chromium: Browser) -> Iterator[Page]:
    yield from _page(chromium, 320, 640)


@pytest.fixture
def desktop_page(chromium: Browser) -> Iterator[Page]:
    yield from _page(chromium, 1280, 800)


@pytest.fixture
def plain_page(chromium: Browser) -> Iterator[Page]:
    """A telephone without JavaScript."""
    yield from _page(chromium, 320, 640, java_script_enabled=False)


def _page(chromium: Browser, width: int, height: int, **options: bool) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": width, "height": height}, locale="en-GB", **options)
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()
