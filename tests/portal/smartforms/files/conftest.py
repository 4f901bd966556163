import datetime as dt

import pytest
from django.utils import timezone

from portal.smartforms.models import Draft, FormVersion, SmartForm
from tests.factories import ServiceFactory


@pytest.fixture
def version(db):
    form = SmartForm.objects.create(slug="evidence", title="Evidence", service=ServiceFactory())
    return FormVersion.objects.create(form=form, number=1, definition={}, sha256="0" * 64, ways=1)


@pytest.fixture
def new_draft(version):
    def make(**more):
        expires = timezone.now() + dt.timedelta(days=28)
        return Draft.objects.create(
            form=version.form, version=version, right="self", channel="web", expires_at=expires, **more
        )

    return make


@pytest.fixture
def draft(new_draft):
    return new_draft()
