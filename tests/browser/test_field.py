"""A crew's telephone in a real browser: it loses the connection, goes on, and what was said arrives once."""

import json
import re

import pytest
from playwright.sync_api import expect

from tests.barnet.notifications.workers import wait_for
from tests.browser.person import Person

OTIS = "operative@barnet.example"
KEPT = """async () => {
  await navigator.serviceWorker.ready;
  if (!(await indexedDB.databases()).some(({ name }) => name === "field")) return [];
  const database = await new Promise((resolve) => {
    const asked = indexedDB.open("field");
    asked.onsuccess = () => resolve(asked.result);
  });
  const rows = await new Promise((resolve) => {
    const asked = database.transaction("jobs").objectStore("jobs").getAll();
    asked.onsuccess = () => resolve(asked.result);
  });
  database.close();
  return rows.map(({ id }) => id);
}"""
LEFT = """async () => ({
  databases: (await indexedDB.databases()).map(({ name }) => name).filter((name) => name === "field"),
  caches: (await caches.keys()).filter((name) => name.startsWith("field ")),
  workers: (await navigator.serviceWorker.getRegistrations()).map(({ scope }) => new URL(scope).pathname)
    .filter((path) => path === "/field/"),
})"""
# The first act arrives, and its answer is lost on the way back.
LOSE_AN_ANSWER = """
const ask = window.fetch;
window.fetch = async (...what) => {
  const answer = await ask(...what);
  if (String(what[0]).endsWith("/end/") && !sessionStorage.getItem("lost")) {
    sessionStorage.setItem("lost", "yes");
    throw new TypeError("Failed to fetch");
  }
  return answer;
};
"""
# Nothing is answered until the page is told otherwise, and time goes forty times as fast.
HANG = """
const [patience, ask] = [AbortSignal.timeout, window.fetch];
AbortSignal.timeout = (time) => patience.call(AbortSignal, time / 40);
window.fetch = (...what) => sessionStorage.getItem("hangs") && String(what[0]).includes(sessionStorage.getItem("hangs"))
  ? new Promise((_, reject) => what[1].signal.addEventListener("abort", () => reject(what[1].signal.reason)))
  : ask(...what);
"""
WORKER_HANGS = """() => {
  const wait = self.setTimeout;
  self.setTimeout = (go, time) => wait(go, time / 40);
  self.fetch = () => new Promise(() => {});
}"""
PLAN = """
from django.utils import timezone
from barnet.catalogue.models import Service
from barnet.customers.actors import Actor
from barnet.customers.models import User
from barnet.gazetteer.models import Address
from portal.cases.models import Team
from portal.cases.services import receive_case
from portal.field.services import plan_job
homes = Address.objects.filter(location__isnull=False)[:2]
for number, home in enumerate(homes):
    case = receive_case(Service.objects.get(slug="report-fly-tipping"), actor=Actor.visitor(), address=home,
                        submission_key=f"{key}-{{number}}", title=f"{key} {{number}}").case
    job = plan_job(case, actor=Actor.staff(User.objects.get(email="lead@barnet.example")),
                   crew=Team.objects.get(slug="crew-1"), planned_on=timezone.localdate())
    print(job.pk)
"""
FOUND = """
import json
from portal.cases.models import Attachment
from portal.field.models import FieldAct, Job
job = Job.objects.get(pk={pk})
print(json.dumps({{
    "state": job.state,
    "acts": FieldAct.objects.filter(job=job).count(),
    "resolved": job.case.timeline.filter(kind="resolved").count(),
    "notes": job.case.timeline.filter(internal_text="Swept by Otis").count(),
    "photos": Attachment.objects.filter(case=job.case).count(),
}}))
"""
TAKEN = """
import json
from portal.field.models import JobPhoto
rows = JobPhoto.objects.filter(job={pk}).order_by("-moment", "number")
print(json.dumps(list(rows.values_list("moment", "number", "attachment__name"))))
"""
# A telephone whose memory is full of other things.
FULL = """
const put = IDBObjectStore.prototype.put;
IDBObjectStore.prototype.put = function (...what) {
  if (this.name === "acts") throw new DOMException("Full", "QuotaExceededError");
  return put.apply(this, what);
};
"""
SOMEBODY_ELSE = """
from barnet.customers.actors import Actor
from barnet.customers.models import User
from portal.field.models import Job
from portal.field.services import Ending, end_job
end_job(Job.objects.get(pk={pk}), actor=Actor.staff(User.objects.get(email="lead@barnet.example")), key="else",
        ending=Ending("done-done"))
"""
ONCE = {"state": "done", "acts": 1, "resolved": 1, "notes": 1, "photos": 1}


@pytest.fixture
def jobs(portal):
    def plan(key):
        return [int(line) for line in portal.python(PLAN.format(key=key)).split()[-2:]]

    return plan


@pytest.fixture
def found(portal):
    return lambda pk: json.loads(portal.python(FOUND.format(pk=pk)).splitlines()[-1])


class Telephone(Person):
    def keep_the_day(self, wanted) -> None:
        self.go("/field/")
        wait_for(lambda: set(wanted) <= set(self.page.evaluate(KEPT)), "the jobs on the telephone", seconds=20)
        self.page.reload()  # now the worker of the pages answers
        self.page.wait_for_function("navigator.serviceWorker.controller !== null")

    def lose_the_connection(self) -> None:
        self.page.context.set_offline(True)
        self._tell_worker("void (self.fetch = () => Promise.reject(new TypeError('Failed to fetch')))")

    def find_it_again(self) -> None:
        self._tell_worker("void delete self.fetch")
        self.page.context.set_offline(False)

    def hang(self) -> None:
        self.page.evaluate("sessionStorage.setItem('hangs', '/')")
        self._tell_worker(WORKER_HANGS)

    def hang_while_sending(self) -> None:
        self._tell_worker("void delete self.fetch")
        self.page.evaluate("sessionStorage.setItem('hangs', '/end/')")

    def stop_hanging(self) -> None:
        self.page.evaluate("sessionStorage.removeItem('hangs')")
        self._tell_worker("void delete self.fetch")

    def _tell_worker(self, script: str) -> None:
        for worker in self.page.context.service_workers:
            if worker.url.endswith("/crews/worker.js"):
                worker.evaluate(script)

    def sees_ended(self, *titles: str) -> None:
        """The page sends what waits, and comes again by itself."""
        for title in titles:
            expect(self.main).to_contain_text(re.compile(f"Ended today.*{title}", re.DOTALL))

    def do(self, title: str, photo: bytes) -> None:
        self.main.get_by_role("link", name=title).click()
        self.main.get_by_role("button", name="Send", exact=True).wait_for()
        self.look()
        assert not self.reads("Waits to be sent")
        self.main.get_by_label("Photos after").set_input_files(
            {"name": f"{title}.jpg", "mimeType": "image/jpeg", "buffer": photo}
        )
        self.main.get_by_label("Done", exact=True).check()
        self.main.get_by_label("Note for the office").fill("Swept by Otis")
        self.main.get_by_role("button", name="Send", exact=True).click()
        self.main.get_by_role("link", name=title).wait_for()


@pytest.fixture
def otis(open_as):
    return Telephone(open_as(OTIS))


@pytest.fixture
def photo():
    from tests.portal.field.conftest import picture

    return lambda colour: picture(colour=colour).read()


def test_two_jobs_done_without_a_connection_arrive_once(otis, jobs, found, photo):
    one, other = jobs("lost")
    otis.page.context.add_init_script(LOSE_AN_ANSWER)
    otis.keep_the_day([one, other])
    otis.lose_the_connection()

    otis.page.goto("/field/")
    otis.main.get_by_text("There is no connection").wait_for()
    otis.look()
    otis.do("lost 0", photo("red"))
    otis.do("lost 1", photo("blue"))
    otis.main.get_by_text("Waits to be sent").locator("visible=true").nth(1).wait_for()
    otis.look()
    assert [found(pk)["acts"] for pk in (one, other)] == [0, 0]

    otis.find_it_again()
    wait_for(lambda: found(one)["acts"] + found(other)["acts"], "the first act", seconds=30)
    otis.page.goto("/field/")
    otis.main.get_by_role("heading", name="Ended today").wait_for()
    wait_for(lambda: found(one)["acts"] + found(other)["acts"] == 2, "both acts", seconds=30)
    otis.sees_ended("lost 0", "lost 1")
    otis.look()
    assert not otis.reads("Kept on this telephone")
    assert otis.page.evaluate("sessionStorage.getItem('lost')") == "yes"
    assert (found(one), found(other)) == (ONCE, ONCE)


def photos(moment: str, count: int, photo) -> list[dict]:
    colours = {"before": ["pink", "gold"], "after": ["red", "green", "blue", "black", "white", "orange", "navy"]}
    return [
        {"name": f"{moment}-{number}.jpg", "mimeType": "image/jpeg", "buffer": photo(colour)}
        for number, colour in enumerate(colours[moment][:count], 1)
    ]


def test_several_photos_of_one_job_taken_without_a_connection_arrive_once(otis, jobs, found, photo, portal):
    """The page is loaded anew before there is a connection, the first answer is lost, and two tabs send at once."""
    one, other = jobs("many")
    otis.page.context.add_init_script(LOSE_AN_ANSWER)
    otis.keep_the_day([one, other])
    otis.lose_the_connection()
    otis.page.goto("/field/")
    otis.main.get_by_role("link", name="many 0").click()
    otis.main.get_by_label("Photos before").set_input_files(photos("before", 2, photo))
    otis.main.get_by_label("Photos after").set_input_files(photos("after", 6, photo)[::-1])
    otis.main.get_by_label("Done", exact=True).check()
    otis.main.get_by_label("Note for the office").fill("Swept by Otis")
    otis.main.get_by_role("button", name="Send", exact=True).click()
    otis.main.get_by_text("Waits to be sent").locator("visible=true").wait_for()
    otis.page.reload()
    otis.main.get_by_text("Waits to be sent").locator("visible=true").wait_for()
    second = otis.page.context.new_page()
    second.goto("/field/")

    otis.find_it_again()
    for tab in (otis.page, second):
        tab.evaluate("void location.reload()")
    wait_for(lambda: found(one)["acts"], "the act", seconds=30)
    otis.page.goto("/field/")
    otis.main.get_by_role("heading", name="Ended today").wait_for()
    wait_for(lambda: not otis.reads("Kept on this telephone"), "the answer", seconds=30)

    assert "yes" in [tab.evaluate("sessionStorage.getItem('lost')") for tab in (otis.page, second)]
    taken = json.loads(portal.python(TAKEN.format(pk=one)).splitlines()[-1])
    before, after = [f"before-{at}.jpg" for at in (1, 2)], [f"after-{at}.jpg" for at in (6, 5, 4, 3, 2, 1)]
    assert [name for _moment, _number, name in taken] == before + after  # in the order in which they were chosen
    assert [number for _moment, number, _name in taken] == [1, 2, 1, 2, 3, 4, 5, 6]
    assert found(one) == {**ONCE, "photos": 8}


def test_a_connection_that_hangs_counts_as_none(otis, jobs, found, photo):
    one, other = jobs("hangs")
    otis.page.context.add_init_script(HANG)
    otis.keep_the_day([one, other])
    otis.hang()
    otis.page.goto("/field/")
    otis.main.get_by_text("There is no connection").wait_for()
    otis.do("hangs 0", photo("red"))
    otis.main.get_by_text("Waits to be sent").locator("visible=true").first.wait_for()
    otis.hang_while_sending()
    otis.page.goto("/field/")
    otis.main.get_by_text("Kept on this telephone until there is a connection").wait_for()  # it was given up
    assert found(one)["acts"] == 0

    otis.stop_hanging()
    otis.page.goto("/field/")
    otis.sees_ended("hangs 0")
    assert found(one) == ONCE


def test_nearest_first_without_a_connection_shows_the_kept_jobs(otis, jobs):
    wanted = jobs("near")
    otis.page.context.grant_permissions(["geolocation"])
    otis.page.context.set_geolocation({"latitude": 51.6, "longitude": -0.2})
    otis.keep_the_day(wanted)
    otis.lose_the_connection()
    otis.main.get_by_role("button", name="Nearest first").click()
    otis.main.get_by_text("There is no connection").wait_for()
    otis.main.get_by_role("link", name="near 0").wait_for()
    otis.look()


def test_what_is_missing_is_said_on_the_telephone_and_the_photos_stay(otis, jobs, found, photo):
    """The browser believes that there is a connection, and there is none."""
    one, other = jobs("hasty")
    otis.keep_the_day([one, other])
    otis.go(f"/field/jobs/{one}/")
    otis.lose_the_connection()
    otis.page.evaluate("void Object.defineProperty(navigator, 'onLine', { get: () => true })")
    after = otis.main.get_by_label("Photos after")

    def send():
        otis.page.wait_for_timeout(1_100)  # a button pressed twice within a second counts once
        otis.main.get_by_role("button", name="Send", exact=True).click()

    after.set_input_files(photos("after", 7, photo))
    send()
    otis.main.get_by_text("Choose at most 6 photos of one moment.").wait_for()
    otis.look()
    after.set_input_files(photos("after", 2, photo))
    send()
    otis.main.locator("p.govuk-error-message", has_text="Choose how it ended").wait_for()
    otis.look()
    assert not otis.reads("Choose at most 6")
    assert after.evaluate("field => field.files.length") == 2
    otis.main.get_by_label("Done", exact=True).check()
    otis.main.get_by_label("Note for the office").fill("Swept by Otis")
    send()
    otis.page.wait_for_url("**/field/")
    otis.find_it_again()
    otis.page.goto("/field/")
    wait_for(lambda: found(one)["acts"], "the act", seconds=30)
    assert found(one) == {**ONCE, "photos": 2}


def test_a_telephone_without_room_says_so_and_loses_nothing(otis, jobs, photo):
    one, _other = jobs("full")
    otis.page.context.add_init_script(FULL)
    otis.go(f"/field/jobs/{one}/")
    wait_for(lambda: one in otis.page.evaluate(KEPT), "the jobs on the telephone", seconds=20)
    after = otis.main.get_by_label("Photos after")
    after.set_input_files(photos("after", 2, photo))
    otis.main.get_by_label("Done", exact=True).check()
    otis.main.get_by_role("button", name="Send", exact=True).click()
    otis.main.get_by_text("This telephone could not keep it.").wait_for()
    otis.look()
    assert after.evaluate("field => field.files.length") == 2


def test_what_somebody_else_did_first_is_said_and_stays_on_the_telephone(otis, jobs, found, photo, portal):
    one, other = jobs("late")
    otis.keep_the_day([one, other])
    otis.lose_the_connection()
    otis.page.goto("/field/")
    otis.do("late 0", photo("red"))
    portal.python(SOMEBODY_ELSE.format(pk=one))
    otis.find_it_again()
    otis.page.goto("/field/")
    otis.main.get_by_text("already said how the job of").wait_for()
    otis.look()
    otis.page.goto("/field/")
    otis.main.get_by_text("already said how the job of").wait_for()
    assert found(one)["notes"] == 0
    assert otis.reads("Swept by Otis")  # what was said can be read until it is deleted
    otis.press("Delete it from this telephone")
    otis.main.get_by_text("already said how the job of").wait_for(state="detached")


def test_signing_out_leaves_nothing_on_the_telephone(portal, chromium, sign_in, jobs, photo):
    wanted = jobs("out")
    context = chromium.new_context(
        base_url=portal.url, storage_state=sign_in(OTIS), viewport={"width": 320, "height": 800}
    )
    otis = Telephone(context.new_page())
    otis.keep_the_day(wanted)
    otis.lose_the_connection()
    otis.page.goto("/field/")
    otis.do("out 0", photo("red"))
    context.route("**/field/jobs.json", lambda route: route.abort())  # it stays unsent
    otis.find_it_again()
    # A session of its own would be ended for the other tests: the answer of signing out is made here.
    otis.go("/account/sign-out/")
    otis.main.get_by_text("Some jobs on this telephone were not sent yet.").wait_for()
    context.route(
        "**/account/sign-out/",
        lambda route: (
            route.fulfill(status=302, headers={"Location": "/services/"})
            if route.request.method == "POST"
            else route.continue_()
        ),
    )
    otis.main.get_by_role("button", name="Sign out", exact=True).click()
    otis.page.wait_for_url(lambda url: "/sign-out/" not in url)
    assert otis.page.evaluate(LEFT) == {"databases": [], "caches": [], "workers": []}
    context.close()


def test_without_scripts_a_job_is_an_ordinary_form(open_as, jobs, found, photo):
    one, _other = jobs("plain")
    otis = Telephone(open_as(OTIS, scripts=False), scripts=False)
    otis.go("/field/")
    otis.press("plain 0: " + otis.main.get_by_role("link", name="plain 0").inner_text().partition(": ")[2], kind="link")
    otis.press("Send")
    assert "Choose how it ended" in otis.main.locator(".govuk-error-summary").inner_text()
    otis.main.get_by_label("Photos after").set_input_files(
        {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo("red")}
    )
    otis.main.get_by_label("Done", exact=True).check()
    otis.main.get_by_label("Note for the office").fill("Swept by Otis")
    otis.press("Send")
    assert otis.reads("Recorded:")
    assert found(one) == ONCE
