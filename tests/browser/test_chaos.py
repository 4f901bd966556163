"""Half a minute of bench/chaos.py: web and worker processes are killed under load; nothing is lost, nothing doubled."""

import json

from bench.chaos import Plan, rampage

LIMITS = ("--canary-every=1", "--stale-after=15", "--sweep-every=1")
TARGETS = ("web process", "web master", "worker process", "worker supervisor")


def test_nothing_is_lost_or_doubled_while_processes_are_killed(portal, tmp_path):
    plan = Plan(seconds=30, pause=(2, 4), residents=2, targets=TARGETS, worker_options=LIMITS, seed=11)
    wrong, record, found = rampage(plan, portal.environment, tmp_path)
    assert wrong == []
    assert {target for _at, target in record.kills} & {"web process", "web master"}
    assert {target for _at, target in record.kills} & {"worker process", "worker supervisor"}
    assert len(record.acknowledged) == len(found["mails"]) > 0, json.dumps(record.tries)
