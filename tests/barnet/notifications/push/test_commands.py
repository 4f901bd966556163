from django.core.management import call_command

from barnet.notifications.push.keys import public_key


def test_a_new_key_each_time_and_each_works(capsys, settings):
    seen = set()
    for _time in range(2):
        call_command("make_push_key")
        name, _equals, settings.PUSH_PRIVATE_KEY = capsys.readouterr().out.strip().partition("=")
        assert (name, len(settings.PUSH_PRIVATE_KEY)) == ("PUSH_PRIVATE_KEY", 43)
        seen.add(public_key())
    assert {len(key) for key in seen} == {87}
    assert len(seen) == 2


def test_the_worker_lies_at_the_root_and_is_never_kept_too_long(client):
    response = client.get("/push-worker.js")
    assert response["Content-Type"].startswith("text/javascript")
    assert response["Cache-Control"] == "no-cache"
    assert b"showNotification" in response.content
