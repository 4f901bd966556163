"""Notifications on a device, in a real browser: the page's script, the service worker, and what they show.

There is no network to a browser's own push service. One on this machine takes what the portal sends, decrypts it as the
browser would, and what it read is handed to the browser's service worker by the browser's own debugging door.
"""

import json

import pytest

from tests.barnet.notifications.workers import wait_for
from tests.browser.person import Person

PAGE = "/account/contact/notifications/"
# What the browser's push service would have answered.
SUBSCRIBE = """
PushManager.prototype.getSubscription = async () => null;
PushManager.prototype.subscribe = async (options) => {
  const key = btoa(String.fromCharCode(...new Uint8Array(options.applicationServerKey.buffer ?? options.applicationServerKey)));
  sessionStorage.setItem("asked", JSON.stringify({ visible: options.userVisibleOnly, key }));
  return { toJSON: () => ({ endpoint: %(endpoint)s, keys: { p256dh: %(p256dh)s, auth: %(auth)s } }) };
};
"""  # noqa: E501
SHOWN = """async () => {
  await navigator.serviceWorker.ready;
  const shown = await (await navigator.serviceWorker.getRegistration()).getNotifications();
  return shown.map(({ title, body, tag, data }) => ({ title, body, tag, data }));
}"""
# A press on a notification is one of the system's: its event is made here, and the window that it opens is noted.
CLICK = """async () => {
  const [notification] = await self.registration.getNotifications();
  const opened = [];
  self.clients.openWindow = async (address) => void opened.push(address);
  self.dispatchEvent(new NotificationEvent("notificationclick", { notification }));
  return { opened, left: (await self.registration.getNotifications()).length };
}"""


class Device:
    """Somebody's browser, as its push service sees it."""

    def __init__(self, page, service, name: str) -> None:
        self.page, self.service, self.path = page, service, f"/{name}"
        self.keys = service.browser(name).subscription()
        page.context.add_init_script(SUBSCRIBE % {name: json.dumps(value) for name, value in self.keys.items()})
        self.cdp = page.context.new_cdp_session(page)
        self.registrations: list[dict] = []
        self.cdp.on(
            "ServiceWorker.workerRegistrationUpdated", lambda told: self.registrations.extend(told["registrations"])
        )
        self.cdp.send("ServiceWorker.enable")

    def taken(self) -> list[dict[str, str]]:
        return [one.told for one in self.service.taken if one.path == self.path]

    def hand_over(self, site: str, told: dict[str, str]) -> None:
        living = [one for one in self.registrations if not one["isDeleted"] and one["scopeURL"].startswith(site)]
        self.cdp.send(
            "ServiceWorker.deliverPushMessage",
            {"origin": site, "registrationId": living[-1]["registrationId"], "data": json.dumps(told)},
        )

    def shown(self) -> list[dict]:
        return self.page.evaluate(SHOWN)


@pytest.fixture
def person(portal, open_as):
    def somebody(email: str) -> Person:
        page = open_as(email)
        page.context.grant_permissions(["notifications"], origin=portal.url)
        return Person(page)

    return somebody


def tell(portal, email: str, key: str) -> None:
    """Something about their account, by the way that they prefer."""
    portal.python(
        "from barnet.customers.models import Customer\n"
        "from barnet.notifications.services import queue_message\n"
        f"customer = Customer.objects.get(user__email={email!r})\n"
        "fields = {'council': 'Barnet', 'asked_at': 'now'}\n"
        f"queue_message('test-message', key={key!r}, customer=customer, fields=fields)"
    )


def test_notifications_are_turned_on_shown_opened_and_turned_off(portal, person, push_service):
    email = "cara@example.com"
    cara = person(email)
    device = Device(cara.page, push_service, "cara")

    cara.go(PAGE)
    assert cara.reads("No device of yours gets notifications.")
    assert not cara.reads("Notifications need JavaScript")
    cara.main.get_by_role("button", name="Turn on notifications in this browser").click()
    cara.main.get_by_text("On since").wait_for()
    cara.look()
    assert cara.reads("Chrome on Linux")
    asked = json.loads(cara.page.evaluate("sessionStorage.getItem('asked')"))
    assert asked["visible"] is True
    assert asked["key"].replace("+", "-").replace("/", "_").rstrip("=") == portal.push_key()

    cara.go("/account/contact/topics/account/")
    cara.main.get_by_label("Tell me by").select_option("push")
    cara.main.get_by_label("If that fails").select_option("email")
    cara.press("Save")
    tell(portal, email, "push:1")
    wait_for(device.taken, "the push service", seconds=60)
    (told,) = device.taken()
    assert told["body"].startswith("Test message from Barnet")

    device.hand_over(portal.url, told)
    wait_for(device.shown, "the notification", seconds=30)
    (shown,) = device.shown()
    assert (shown["title"], shown["body"], shown["tag"]) == (told["title"], told["body"], told["tag"])
    device.hand_over(portal.url, told)  # after doubt it comes again, and is shown once
    assert len(device.shown()) == 1

    (worker,) = cara.page.context.service_workers
    clicked = worker.evaluate(CLICK)
    assert clicked == {"opened": [f"{portal.url}/account/messages/"], "left": 0}
    cara.go(clicked["opened"][0])
    assert cara.reads("Test message from Barnet")

    cara.go(PAGE)
    cara.press("Remove Chrome on Linux", kind="link")
    cara.press("Turn off")
    assert cara.reads("No device of yours gets notifications.")
    tell(portal, email, "push:2")
    cara.wait_for_mail(email, "Test message from Barnet")
    assert len(device.taken()) == 1


def test_without_permission_the_page_says_what_to_do_and_nothing_changes(portal, open_as):
    cara = Person(open_as("cara@example.com"))
    cara.page.context.add_init_script("Notification.requestPermission = async () => 'denied';")
    cara.go(PAGE)
    cara.main.get_by_role("button", name="Turn on notifications in this browser").click()
    cara.main.get_by_text("Your browser does not allow it.").wait_for()
    cara.look()
    cara.go(PAGE)
    assert cara.reads("No device of yours gets notifications.")


def test_browser_that_cannot_reach_its_service_is_told_so(portal, person):
    cara = person("cara@example.com")
    cara.page.context.add_init_script(
        "PushManager.prototype.getSubscription = async () => null;"
        "PushManager.prototype.subscribe = async () => { throw new DOMException('no', 'AbortError'); };"
    )
    cara.go(PAGE)
    cara.main.get_by_role("button", name="Turn on notifications in this browser").click()
    cara.main.get_by_text("That did not work").wait_for()
    cara.look()


def test_without_scripts_other_ways_are_offered(portal, open_as):
    asha = Person(open_as("asha@example.com", scripts=False), scripts=False)
    asha.go(PAGE)
    assert asha.reads("Notifications need JavaScript")
    assert not asha.main.get_by_role("button", name="Turn on notifications in this browser").is_visible()
