import io
import threading

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection

from barnet.kit import ground


@pytest.fixture
def own_ground(monkeypatch):
    monkeypatch.setattr(ground, "_grounds", {})


def _prepare() -> str:
    said = io.StringIO()
    call_command("prepare", stdout=said)
    return said.getvalue()


@pytest.mark.django_db
def test_prepare_runs_in_the_order_of_registration_with_a_line_each(own_ground):
    done = []
    ground.register("kit: first", lambda: done.append(1))
    ground.register("customers: second", lambda: done.append(2) or "3 roles")
    assert _prepare().splitlines() == ["kit: first         ready", "customers: second  3 roles"]
    assert done == [1, 2]


def test_ground_refuses_a_second_function_of_the_same_name(own_ground):
    ground.register("roles", lambda: None)
    with pytest.raises(ground.DuplicateGroundError):
        ground.register("roles", lambda: None)


@pytest.mark.django_db
def test_ground_that_fails_leaves_nothing_of_itself_and_frees_the_lock(own_ground):
    def half() -> None:
        connection.cursor().execute("create table half (id int)")
        raise ValueError("broken")

    ground.register("half", half)
    with pytest.raises(ValueError, match="broken"):
        list(ground.lay())
    assert "half" not in connection.introspection.table_names()
    ground._grounds.clear()
    assert list(ground.lay()) == []


@pytest.mark.django_db(transaction=True)
def test_two_prepares_at_once_take_turns(own_ground):
    inside, most = [], []

    def ensure() -> None:
        inside.append(1)
        most.append(len(inside))
        threading.Event().wait(0.2)
        inside.pop()

    def prepare() -> None:
        try:
            list(ground.lay())
        finally:
            connection.close()

    ground.register("slow", ensure)
    threads = [threading.Thread(target=prepare) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1, 1, 1]


@pytest.mark.django_db
def test_prepare_twice_changes_nothing_the_second_time():
    _prepare()
    before = {model: model.objects.count() for model in apps.get_models() if model._meta.managed}
    _prepare()
    assert {model: model.objects.count() for model in before} == before
