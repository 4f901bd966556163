"""Questions that browser tests ask of a page."""

from pathlib import Path

from playwright.sync_api import Page

SOURCE = Path(__file__).resolve().parents[2] / "node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def axe_violations(page: Page) -> list[str]:
    """One line per violation of WCAG 2.2 AA or of good practice: rule, help, and the first elements that break it."""
    page.wait_for_load_state()  # a page that comes by itself may just be on its way
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(SOURCE.read_text())
    found = page.evaluate(
        "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']}).then(result => result.violations)",
        RULES,
    )
    return [f"{rule['id']}: {rule['help']}: {[node['html'] for node in rule['nodes'][:3]]}" for rule in found]


def resize(page: Page, width: int) -> None:
    """Returns when the page's styles and scripts have seen the new width."""
    page.set_viewport_size({"width": width, "height": 800})
    page.evaluate("() => new Promise(seen => requestAnimationFrame(() => requestAnimationFrame(seen)))")


def sideways_scroll(page: Page) -> bool:
    """Whether the page is wider than the screen."""
    page.wait_for_load_state()  # a page that comes by itself may just be on its way
    return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
