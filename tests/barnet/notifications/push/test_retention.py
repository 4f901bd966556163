"""A device goes a year after its last notification, or after it was added when it never got one."""

import datetime as dt

import pytest
from django.utils import timezone

from barnet.notifications.models import PushDevice
from barnet.operations import retention

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("added", "used", "stays"),
    [(366, None, False), (364, None, True), (900, 366, False), (900, 364, True), (366, 366, False), (1, 1, True)],
)
def test_devices_go_a_year_after_they_were_of_use(asha, added, used, stays):
    now, day = timezone.now(), dt.timedelta(days=1)
    PushDevice.objects.create(
        customer=asha, endpoint="https://push.example/a", p256dh="x", auth="x", server_key="x", name="A browser",
        added_at=now - added * day, last_used_at=None if used is None else now - used * day,
    )  # fmt: skip
    retention.apply_all(keys=["push-devices"], is_dry_run=True)
    assert PushDevice.objects.count() == 1
    (report,) = retention.apply_all(keys=["push-devices"])
    assert (report.done, report.error) == (int(not stays), "")
    assert PushDevice.objects.exists() is stays
