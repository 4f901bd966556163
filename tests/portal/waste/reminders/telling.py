"""What the tests of reminders share."""

import datetime as dt
import threading

from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from barnet.notifications.models import Message
from portal.waste import selectors
from portal.waste.enums import NoticeKind
from portal.waste.notices import NoticeDraft, give_notice

MONDAY = dt.date(2026, 7, 6)


def mails(key="bins-reminder"):
    return list(Message.objects.filter(template_key__startswith=key, channel="email").exclude(state="cancelled"))


def suspend(home, key="n", **draft):
    (tour, *_others) = [tour for tour in selectors.rounds_of(home) if tour.stream == "refuse"]
    draft = {"kind": NoticeKind.SUSPENDED, "first_on": MONDAY, "round": tour, "advice": "Leave it out.", **draft}
    draft.setdefault("last_on", draft["first_on"])
    return give_notice(NoticeDraft(words="Snow has closed the roads.", **draft), source_key=key, by=None)


def beside(*works):
    barrier = threading.Barrier(len(works))

    def run(work):
        barrier.wait()
        try:
            work()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def cost_of(work):
    with CaptureQueriesContext(connection) as queries:
        work()
    return len(queries)


def dies_after(queue_messages):
    """The messages are written, not committed."""

    def dies(*args, **options):
        assert queue_messages(*args, **options)
        raise RuntimeError

    return dies
