"""A test of an office that speaks Open311: a question, so that nobody there is given work."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.cases.delivery.models import BackOffice
from portal.cases.delivery.open311.options import service_code
from portal.cases.delivery.open311.protocol import get, text


def try_out(office: BackOffice) -> str:
    """Which services it lists, and which of ours it does not know."""
    known = {code for row in get(office, "services") if (code := text(row, "service_code"))}
    listed = ngettext(
        "It answered, and lists %(count)d service.", "It answered, and lists %(count)d services.", len(known)
    )
    words = [listed % {"count": len(known)}]
    for service in office.services.order_by("name"):
        if (code := service_code(office, service)) not in known:
            words.append(_("It does not list %(code)s, our “%(service)s”.") % {"code": code, "service": service.name})
    words.append(_("Nothing was posted: whether it takes our key shows with the first request."))
    return " ".join(words)
