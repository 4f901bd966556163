"""Somebody whose pages, presses and keys are counted, with the time that a practised person needs for them.

The times are those of the keystroke-level model (Card, Moran and Newell 1980): a key 0.28 s, pointing 1.1 s, a press of
the mouse 0.2 s, a hand between mouse and keyboard 0.4 s, and a thought of 1.35 s before each step. The time that pages
take is measured, not modelled.
"""

from dataclasses import dataclass

from tests.browser.person import Person

KEY, POINT, PRESS, HAND, THOUGHT = 0.28, 1.1, 0.2, 0.4, 1.35


@dataclass(frozen=True)
class Count:
    """`waited`: seconds that the browser took for the pages."""

    pages: int
    presses: int
    keys: int
    waited: float

    @property
    def seconds(self) -> float:
        steps = self.presses * (THOUGHT + POINT + PRESS) + self.keys * KEY
        hands = 2 * HAND if self.keys else 0
        return steps + hands + self.waited

    def __str__(self) -> str:
        return (
            f"{self.pages} pages, {self.presses} presses, {self.keys} keys: {self.seconds:.0f} s, "
            f"{self.waited:.1f} s of them waiting"
        )


class Counted(Person):
    """Counts from `begins()` on. Steps are done as people do them: a press into a box, then keys."""

    def begins(self) -> None:
        self._pages = self._presses = self._keys = 0
        self._waited = 0.0

    def count(self) -> Count:
        return Count(self._pages, self._presses, self._keys, self._waited)

    def types(self, box, text: str) -> None:
        box.click()
        box.press_sequentially(text)
        self._presses += 1
        self._keys += len(text)

    def enters(self) -> None:
        """The key Enter leads to another page."""
        self._keys += 1
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self._arrived()

    def chooses(self, box, option: str) -> None:
        """A press opens the list, another takes the option."""
        box.select_option(label=option)
        self._presses += 2

    def ticks(self, box) -> None:
        box.check(force=True)  # the label lies over it, as for a hand
        self._presses += 1

    def presses(self, thing) -> None:
        """On something that stays on the page."""
        thing.click()
        self._presses += 1

    def opens(self, thing) -> None:
        """A press that leads to another page."""
        self._presses += 1
        with self.page.expect_navigation():
            thing.click()
        self._arrived()

    def button(self, name: str):
        return self.main.get_by_role("button", name=name, exact=True).first

    def link(self, name: str):
        return self.main.get_by_role("link", name=name).first

    def _arrived(self) -> None:
        self.page.wait_for_load_state("load")
        self._pages += 1
        self._waited += self.page.evaluate("performance.getEntriesByType('navigation')[0].duration") / 1000
        self.look()
