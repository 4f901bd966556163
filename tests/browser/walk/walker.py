"""Somebody who opens pages one after the other, and says what is wrong with them."""

from tests.browser.axe import axe_violations, resize, sideways_scroll

PHONE, DESK = 320, 1280


class Walk:
    """One tab for all pages, because opening one costs more than a page. Each page finds the cookies of who signed in
    and no others, as in a new browser."""

    def __init__(self, context, sign_in) -> None:
        self._context, self._sign_in = context, sign_in
        self.page = context.new_page()
        self._blocked = []
        self.page.on("console", self._note_blocked)

    def _note_blocked(self, line) -> None:
        if "Content Security Policy" in line.text:
            self._blocked.append(line.text)

    def open(self, email, address):
        cookies = self._sign_in(email)["cookies"] if email else []
        self._context.clear_cookies()
        self._context.add_cookies(cookies)
        resize(self.page, PHONE)
        self._blocked.clear()
        return self.page.goto(address)

    def look_at(self, email, address) -> list[str]:
        """Opens the page and says everything that is wrong with it, on a phone and on a desk."""
        response = self.open(email, address)
        wrong = [f"status {response.status}"] if response.status >= 500 and "/kit/" not in address else []
        for width in (PHONE, DESK):
            resize(self.page, width)
            wrong += [f"{width} px: {one}" for one in wrong_with(self.page)]
        return wrong + self._blocked


def wrong_with(page):
    wrong = [f"headings: {page.locator('h1').count()} h1"] if page.locator("h1").count() != 1 else []
    wrong += ["scrolls sideways"] if sideways_scroll(page) else []
    return wrong + axe_violations(page)
