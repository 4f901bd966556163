"""We write to push services that we know, whatever a browser says."""

import pytest

from barnet.notifications.push.services import is_known


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://fcm.googleapis.com/fcm/send/abc",
        "https://updates.push.services.mozilla.com/wpush/v2/abc",
        "https://web.push.apple.com/abc",
        "https://db5p.notify.windows.com/w/?token=abc",
    ],
)
def test_the_services_of_the_browsers_are_known(endpoint):
    assert is_known(endpoint)


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://fcm.googleapis.com/fcm/send/abc",
        "https://fcm.googleapis.com:8443/abc",
        "https://fcm.googleapis.com.evil.example/abc",
        "https://evilpush.services.mozilla.com.example/abc",
        "https://xpush.apple.com/abc",
        "https://me@fcm.googleapis.com/abc",
        "https://fcm.googleapis.com@127.0.0.1/abc",
        "https://127.0.0.1/abc",
        "https://[::1/abc",
        "https://fcm.googleapis.com:x/abc",
        "file:///etc/passwd",
        "",
    ],
)
def test_nothing_else_is(endpoint):
    assert not is_known(endpoint)
