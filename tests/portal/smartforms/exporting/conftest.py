from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType

from portal.smartforms.models import Submission
from tests import factories
from tests.portal.smartforms.results.conftest import club, submission

__all__ = ["club", "guardian", "submission"]


def guardian(**more):
    """May export, and read special-category answers."""
    user = factories.StaffFactory(roles=["data_guardian"], **more)
    right, _made = Permission.objects.get_or_create(
        codename="read_special_answer", content_type=ContentType.objects.get_for_model(Submission)
    )
    user.user_permissions.add(right)
    return user
