"""Kill -9 at random under load: is anything lost or doubled, and how long does it take to be well again?

    python -m bench.chaos --seconds 600            web, worker and database, on a private cluster of its own
    python -m bench.chaos --seconds 60 --spare database

People report missed bins all the time, each with an e-mail address of their own. Whoever gets no answer sends the same
form again, with the same submission key, until the portal says that it has the report. Meanwhile something is killed
every few seconds: a web process or all of them, a process of the worker's cluster, its supervisor, the database. A
service manager (here, a thread) starts again what has ended. At the end every report that was acknowledged must be
exactly one request, or one person who joined one, and everybody must have got the message about it exactly once.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import json
import os
import random
import re
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
import urllib.parse
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGETS = ["web process", "web master", "worker process", "worker supervisor", "database"]
FORM_FIELD = re.compile(r"<input[^>]*>")
ATTRIBUTE = re.compile(r'(name|value|type)="([^"]*)"')
PATIENCE = 240  # seconds until everything must be well again

# In a process of its own, because the database comes and goes: what there is to report, and what became of it.
# One bin a home, and no home that was missed before: whoever reports the third miss rightly gets a second request.
HOMES = """
from django.utils import timezone
from portal.waste import selectors
from portal.waste.models import Container, MissedBin
import json
found, seen, now = [], set(), timezone.now()
missed = MissedBin.objects.values("case__address")
for container in Container.objects.exclude(address__in=missed).select_related("address").order_by("?")[:2000]:
    if len(found) >= {count}: break
    if container.address_id in seen: continue
    seen.add(container.address_id)
    for choice in selectors.reportable(container.address, now):
        if choice.container.pk == container.pk and choice.may_choose:
            found.append([container.address.pk, container.pk])
print(json.dumps(found))
"""
OUTCOME = """
from barnet.notifications.models import MailboxMail, Message
from portal.cases.models import Case, Follower
from django.db.models import Count
import json
tag = {tag!r}
count = lambda rows, name: dict(rows.filter(**{{name + "__startswith": tag}}).values_list(name).annotate(Count("pk")))
print(json.dumps({{
    "requests": count(Case.objects.order_by(), "contact_email"),
    "joined": count(Follower.objects.order_by(), "email"),
    "mails": count(MailboxMail.objects.order_by(), "to"),
    "written": count(Message.objects.filter(channel="email").order_by(), "address"),
    "unsent": Message.objects.filter(channel="email", address__startswith=tag).exclude(state="sent").count(),
    "sent": sorted([m.created_at.timestamp(), m.sent_at.timestamp()]
                   for m in Message.objects.filter(channel="email", address__startswith=tag, state="sent")),
}}))
"""


@dataclass
class Record:
    acknowledged: dict[str, float] = field(default_factory=dict)  # e-mail → when the first try of it began
    answered: list[tuple[float, float]] = field(default_factory=list)  # begun, answered: of the request that succeeded
    kills: list[tuple[float, str]] = field(default_factory=list)
    tries: Counter[str] = field(default_factory=Counter)


# --- What runs --------------------------------------------------------------------------------------------------------


class Service:
    """A process that is started again whenever it ends, as a service manager does."""

    def __init__(self, name: str, command: list[str], environment: Mapping[str, str], log: Path) -> None:
        self.name, self._command, self._environment = name, command, environment
        self._log = log.open("ab")
        self.process: subprocess.Popen[bytes] | None = None
        self._start_at = 0.0

    def keep_running(self) -> None:
        if self.process and self.process.poll() is None:
            return
        if time.monotonic() >= self._start_at:
            self._start_at = time.monotonic() + 1
            self.process = subprocess.Popen(
                self._command, cwd=ROOT, env=self._environment, stdout=self._log, stderr=self._log, process_group=0
            )

    def family(self) -> list[int]:
        """All below it, whatever group they are in: the worker's cluster leads its own."""
        return descendants(self.process.pid) if self.process and self.process.poll() is None else []

    def stop(self) -> None:
        if self.process is None:
            return
        family = self.family()
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
        for pid in family:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._log.close()


def descendants(pid: int) -> list[int]:
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                parents.setdefault(parent, []).append(int(entry.name))
    found, below = [], parents.get(pid, [])
    while below:
        found += below
        below = [child for parent in below for child in parents.get(parent, [])]
    return found


def kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


# --- Who reports ------------------------------------------------------------------------------------------------------


class Resident(threading.Thread):
    def __init__(
        self, address: tuple[str, int], homes: list[list[int]], tag: str, record: Record, over: threading.Event
    ):
        super().__init__(daemon=True)
        self._address, self._homes, self._tag = address, homes, tag
        self._record, self._over = record, over
        self._lock = threading.Lock()

    def run(self) -> None:
        number = 0
        while not self._over.is_set():
            number += 1
            email = f"{self._tag}-{self.ident}-{number}@example.com"
            with contextlib.suppress(GaveUpError):
                self._report(email, *random.choice(self._homes))

    def _report(self, email: str, uprn: int, container: int) -> None:
        began = time.time()
        status, headers, page = self._until(lambda: self._ask("GET", f"/bins/{uprn}/missed/details/?bin={container}"))
        if status != 200:
            self._record.tries[f"form {status}"] += 1
            return
        fields = hidden_fields(page)
        if "submission_key" not in dict(fields):
            self._record.tries["bin not offered"] += 1
            return
        cookies = "; ".join(value.split(";")[0] for name, value in headers if name.lower() == "set-cookie")
        body = urllib.parse.urlencode([*fields, ("name", "Somebody"), ("email", email), ("phone", ""), ("note", "")])
        send = {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}
        status, headers, page = self._until(lambda: self._ask("POST", f"/bins/{uprn}/missed/check/", body, send))
        if status == 302 and "/bins/reported/" in dict(headers).get("Location", ""):
            self._record.acknowledged[email] = began
        else:
            self._record.tries[f"report {status}"] += 1

    def _until(
        self, ask: Callable[[], tuple[int, list[tuple[str, str]], str]]
    ) -> tuple[int, list[tuple[str, str]], str]:
        """The same again until there is an answer that is not the portal's own failure."""
        give_up = time.monotonic() + PATIENCE
        while time.monotonic() < give_up:
            began = time.time()
            try:
                answer = ask()
            except (OSError, http.client.HTTPException) as error:
                self._record.tries[type(error).__name__] += 1
            else:
                if answer[0] < 500:
                    self._record.answered.append((began, time.time()))
                    return answer
                self._record.tries[str(answer[0])] += 1
            time.sleep(random.uniform(0.1, 0.5))
        raise GaveUpError

    def _ask(
        self, method: str, path: str, body: str | None = None, headers: Mapping[str, str] | None = None
    ) -> tuple[int, list[tuple[str, str]], str]:
        connection = http.client.HTTPConnection(*self._address, timeout=20)
        try:
            connection.request(method, path, body, dict(headers or {}))
            response = connection.getresponse()
            return response.status, response.getheaders(), response.read().decode(errors="replace")
        finally:
            connection.close()


class GaveUpError(Exception):
    """Nobody answered for as long as anybody waits."""


def hidden_fields(page: str) -> list[tuple[str, str]]:
    import html

    found = [dict(ATTRIBUTE.findall(tag)) for tag in FORM_FIELD.findall(page)]
    hidden = [
        (field["name"], html.unescape(field.get("value", ""))) for field in found if field.get("type") == "hidden"
    ]
    return list(dict.fromkeys(hidden))


# --- The run ----------------------------------------------------------------------------------------------------------


@dataclass
class Plan:
    seconds: float
    pause: tuple[float, float] = (4, 10)
    residents: int = 4
    targets: tuple[str, ...] = tuple(TARGETS)
    worker_options: tuple[str, ...] = ()
    seed: int = 0


def rampage(
    plan: Plan, environment: Mapping[str, str], log: Path, *, kill_database: Callable[[], object] | None = None
) -> tuple[list[str], Record, dict]:
    """Returns what is wrong (nothing, if all is well), the record, and what the database says."""
    port = free_port()
    environment = {**environment, "PORT": str(port), "LOG_LEVEL": "WARNING"}
    web = Service(
        "web",
        [sys.executable, "-m", "gunicorn", "barnet.wsgi", f"--bind=127.0.0.1:{port}", "--workers=2",
         "--worker-class=gthread", "--threads=4", "--graceful-timeout=10", "--log-level=warning"],
        environment, log / "web.log",
    )  # fmt: skip
    worker = Service(
        "worker",
        [sys.executable, "manage.py", "worker", f"--name=chaos-{port}", *plan.worker_options],
        environment,
        log / "worker.log",
    )
    tag = f"chaos{port}x{int(time.time())}"
    homes = json.loads(manage(HOMES.format(count=60), environment))
    if not homes:
        raise SystemExit("No bin can be reported today: load a demo borough of another day.")
    record, over, stopped = Record(), threading.Event(), threading.Event()
    manager = threading.Thread(target=keep, args=[[web, worker], stopped], daemon=True)
    manager.start()
    try:
        wait_until_up(port)
        residents = [Resident(("127.0.0.1", port), homes, tag, record, over) for _ in range(plan.residents)]
        for resident in residents:
            resident.start()
        wreck(plan, web, worker, record, kill_database)
        over.set()
        for resident in residents:
            resident.join(PATIENCE)
        found = settle(environment, tag, record)
    finally:
        over.set()
        stopped.set()
        manager.join()
        web.stop()
        worker.stop()
    return judge(record, found), record, found


def wreck(
    plan: Plan, web: Service, worker: Service, record: Record, kill_database: Callable[[], object] | None
) -> None:
    chance = random.Random(plan.seed or None)
    end = time.monotonic() + plan.seconds
    while True:
        pause = chance.uniform(*plan.pause)
        if time.monotonic() + pause > end:
            time.sleep(max(0, end - time.monotonic()))
            return
        time.sleep(pause)
        target = chance.choice(plan.targets)
        victims = {
            "web process": web.family(),
            "web master": [web.process.pid] if web.process else [],
            "worker process": worker.family(),
            "worker supervisor": [worker.process.pid] if worker.process else [],
        }
        if target == "database":
            assert kill_database is not None
            record.kills.append((time.time(), target))
            kill_database()
        elif victims[target]:
            record.kills.append((time.time(), target))
            kill(chance.choice(victims[target]))


def keep(services: list[Service], stopped: threading.Event) -> None:
    while not stopped.is_set():
        for service in services:
            service.keep_running()
        time.sleep(0.2)


def settle(environment: Mapping[str, str], tag: str, record: Record) -> dict:
    """Waits until the outbox is empty, as long as anybody would."""
    until = time.monotonic() + PATIENCE
    while True:
        found = json.loads(manage(OUTCOME.format(tag=tag), environment))
        if not found["unsent"] or time.monotonic() > until:
            return found
        time.sleep(2)


def judge(record: Record, found: dict) -> list[str]:
    wrong = [f"{found['unsent']} messages were not sent"] if found["unsent"] else []
    if not record.acknowledged:
        wrong.append("no report was acknowledged: nothing was tried")
    for email in record.acknowledged:
        times = found["requests"].get(email, 0) + found["joined"].get(email, 0)
        if times != 1:
            wrong.append(f"{email}: acknowledged, and is there {times} times")
        if found["mails"].get(email, 0) != 1:
            wrong.append(f"{email}: got {found['mails'].get(email, 0)} messages")
    for kind in ("requests", "joined", "mails", "written"):
        wrong += [f"{email}: {count} {kind}" for email, count in found[kind].items() if count != 1]
    return wrong


def manage(code: str, environment: Mapping[str, str]) -> str:
    for _attempt in range(30):
        done = subprocess.run(
            [sys.executable, "manage.py", "shell", "--no-imports", "-c", code],
            cwd=ROOT, env=environment, capture_output=True, text=True,
        )  # fmt: skip
        if done.returncode == 0:
            return done.stdout.strip().splitlines()[-1]
        time.sleep(1)  # the database may be on its way
    raise SystemExit(f"The database did not answer: {done.stderr[-2000:]}")


def wait_until_up(port: int) -> None:
    for _ in range(240):
        with contextlib.suppress(OSError, http.client.HTTPException):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/health/live")
            if connection.getresponse().status == 200:
                return
        time.sleep(0.5)
    raise SystemExit("The website did not start.")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


# --- By hand ----------------------------------------------------------------------------------------------------------


def recoveries(record: Record, found: dict) -> dict[str, list[float]]:
    """Seconds from each kill to the first request that began after it and was answered, and to the first message that
    was written after it and was sent."""
    times: dict[str, list[float]] = {}
    for at, target in record.kills:
        if target.startswith("worker"):
            ended = [sent for written, sent in found["sent"] if written >= at]
        else:
            ended = [answered for began, answered in record.answered if began >= at]
        if ended:
            times.setdefault(target, []).append(min(ended) - at)
    return times


def report(record: Record, found: dict, wrong: list[str]) -> None:
    print(f"{len(record.kills)} kills: {dict(Counter(target for _at, target in record.kills))}")
    print(f"{len(record.acknowledged)} reports acknowledged, {sum(found['mails'].values())} messages arrived")
    print(f"answers that were not: {dict(record.tries)}")
    for target, times in sorted(recoveries(record, found).items()):
        print(f"well again after a {target}: median {statistics.median(times):.1f} s, longest {max(times):.1f} s")
    waits = [sent - written for written, sent in found["sent"]]
    if waits:
        print(f"messages: median {statistics.median(waits):.1f} s from written to sent, longest {max(waits):.1f} s")
    print("\n".join(wrong) or "Nothing was lost and nothing was doubled.")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--residents", type=int, default=4)
    parser.add_argument("--spare", nargs="*", default=[], metavar="TARGET", help="what is not killed")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    sys.path.insert(0, str(ROOT / "ops"))
    import cluster as clusters

    local = ROOT / ".local" / "chaos"
    log = local / "logs"
    log.mkdir(parents=True, exist_ok=True)
    ours = clusters.find_cluster(local)
    folder = clusters.start(ours)
    environment = {
        **os.environ,
        "DATABASE_URL": ours.url(folder),
        "PORTAL_MODE": "development",
        "SECRET_KEY": "chaos-" + "x" * 60,
        "HASHED_STATIC": "0",
        "MEDIA_ROOT": str(local / "media"),
        "PRIVATE_ROOT": str(local / "private"),
    }

    def kill_database() -> None:
        """The postmaster dies; its service manager starts it again."""
        lines = clusters.running_server(ours)
        if lines:
            kill(int(lines[0]))
            time.sleep(0.5)
        clusters.start(ours)

    targets = tuple(target for target in TARGETS if target not in options.spare)
    try:
        for command in (["migrate", "-v0"], ["createcachetable"], ["prepare"], ["load_demo"]):
            subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=environment, check=True)
        plan = Plan(seconds=options.seconds, residents=options.residents, targets=targets, seed=options.seed)
        wrong, record, found = rampage(plan, environment, log, kill_database=kill_database)
        report(record, found, wrong)
    finally:
        clusters.stop(ours)
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
