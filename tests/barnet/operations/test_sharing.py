"""Two worker processes share the work, through PostgreSQL alone and with Redis as broker and cache."""

import os
import subprocess
import sys
from collections import Counter

import pytest
from django.conf import settings
from django.db import connection
from django_q.models import OrmQ

from barnet.notifications.enums import AttemptOutcome, MessageState
from barnet.notifications.models import Attempt, MailboxMail, Message
from barnet.notifications.sweeper import LOST_AFTER
from barnet.operations.models import TaskStart
from ops.private_redis import private_redis
from tests.barnet.notifications.workers import ENVIRONMENT, NEVER
from tests.barnet.operations.gates import held_open_transaction
from tests.waiting import wait_for

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("worker")]

COUNT = 24  # more than two clusters can hold: each has two in work, two in its hand and one on the way


@pytest.fixture(scope="module")
def redis_url():
    with private_redis() as url:
        yield url


def queue_in_another_process(count: int, **environment: str) -> None:
    """As a web process does: with its own settings, in a transaction. All are there at once."""
    program = (
        "import django; django.setup()\n"
        "from django.db import transaction\n"
        "from barnet.notifications.services import queue_message\n"
        "with transaction.atomic():\n"
        f"    for n in range({count}):\n"
        "        queue_message('test-message', key=f'shared:{n}', email='asha@example.com',"
        " fields={'council': 'x', 'asked_at': 'now'})\n"
    )
    subprocess.run(
        [sys.executable, "-c", program],
        check=True,
        cwd=settings.BASE_DIR,
        env=os.environ | ENVIRONMENT | {"WORKER_DATABASE": connection.settings_dict["NAME"]} | environment,
    )


def are_all_sent() -> bool:
    return Message.objects.filter(state=MessageState.SENT).count() == COUNT


def at_work() -> Counter[str]:
    """How many processes of each worker have taken a message and marked it."""
    waiting = Attempt.objects.filter(outcome=AttemptOutcome.STARTED, handed_over_at__isnull=False)
    takers = waiting.values("taker").distinct().count()
    workers = Counter(TaskStart.objects.filter(function__endswith=".deliver").values_list("worker", flat=True))
    return workers if takers == workers.total() else Counter()


@pytest.mark.parametrize("queue", ["database", "redis"])
def test_two_workers_share_the_work_and_each_message_is_sent_once(start, queue, request):
    """Each process that has a message is held until all have one: no process can do it all."""
    environment = {"QUEUE": queue}
    if queue == "redis":
        environment["REDIS_URL"] = request.getfixturevalue("redis_url")
    workers = [start(f"{queue}-{n}", stale_after=NEVER, **environment) for n in (1, 2)]
    for worker in workers:
        worker.wait_until_alive()
    with held_open_transaction(f"LOCK TABLE {MailboxMail._meta.db_table} IN EXCLUSIVE MODE"):  # reading is free
        queue_in_another_process(COUNT, **environment)
        wait_for(lambda: at_work() == {worker.name: 2 for worker in workers}, "both processes of both workers")
        assert not MailboxMail.objects.exists()
    wait_for(are_all_sent, "the messages")
    assert MailboxMail.objects.count() == COUNT
    assert set(Attempt.objects.values_list("outcome", flat=True)) == {AttemptOutcome.DELIVERED}
    assert Attempt.objects.count() == COUNT
    if queue == "redis":
        assert not OrmQ.objects.exists()


def test_a_task_that_redis_lost_is_written_again_by_the_supervisor(start, redis_url):
    """Written to nowhere: as when Redis is away at the commit, or forgets."""
    queue_in_another_process(1, QUEUE="redis", REDIS_URL="redis://127.0.0.1:1/0")
    message = Message.objects.get()
    assert message.state == MessageState.QUEUED  # the change stands
    Message.objects.update(enqueued_at=message.enqueued_at - LOST_AFTER)
    start("finder", QUEUE="redis", REDIS_URL=redis_url)
    wait_for(lambda: MailboxMail.objects.count() == 1, "the message")


def test_a_task_of_a_change_that_was_taken_back_never_reaches_redis(redis_url):
    import redis

    program = (
        "import django; django.setup()\n"
        "from django.db import transaction\n"
        "from django_q.tasks import async_task\n"
        "with transaction.atomic():\n"
        "    async_task('time.sleep', 0)\n"
        "    transaction.set_rollback(True)\n"
        "with transaction.atomic():\n"
        "    async_task('time.sleep', 0, task_name='kept')\n"
    )
    environment = {"QUEUE": "redis", "REDIS_URL": redis_url, "WORKER_DATABASE": connection.settings_dict["NAME"]}
    server = redis.from_url(redis_url)
    server.flushall()
    subprocess.run(
        [sys.executable, "-c", program], check=True, cwd=settings.BASE_DIR, env=os.environ | ENVIRONMENT | environment
    )
    assert server.llen("django_q:portal:q") == 1


def test_rate_limits_are_counted_together_by_two_processes_with_redis(redis_url):
    program = (
        "import django; django.setup()\n"
        "from django.core.cache import cache\n"
        "cache.get_or_set('visitor', 0, 60)\n"
        "print(cache.incr('visitor'))\n"
    )
    environment = {"REDIS_URL": redis_url, "WORKER_DATABASE": connection.settings_dict["NAME"]}
    counts = [
        subprocess.run(
            [sys.executable, "-c", program],
            check=True,
            capture_output=True,
            text=True,
            cwd=settings.BASE_DIR,
            env=os.environ | ENVIRONMENT | environment,
        ).stdout.split()[-1]
        for _process in range(2)
    ]
    assert counts == ["1", "2"]


def test_settings_refuse_a_redis_queue_without_redis():
    for environment, sentence in {
        (("QUEUE", "redis"),): "Set REDIS_URL",
        (("QUEUE", "rabbit"),): "use database or redis",
    }.items():
        done = subprocess.run(
            [sys.executable, "-c", "import django; django.setup()"],
            capture_output=True,
            text=True,
            cwd=settings.BASE_DIR,
            env=os.environ | ENVIRONMENT | {"WORKER_DATABASE": "x", "REDIS_URL": ""} | dict(environment),
        )
        assert done.returncode
        assert sentence in done.stderr
