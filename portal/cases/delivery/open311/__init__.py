"""A back office that speaks Open311 (GeoReport v2): our requests become its own, and we read what becomes of them."""

from django.utils.translation import gettext_lazy as _

from portal.cases.delivery.kinds import OfficeKind
from portal.cases.delivery.open311.options import wrong_options
from portal.cases.delivery.open311.telling import hand_over
from portal.cases.delivery.open311.trying import try_out

OPEN311 = OfficeKind("open311", _("Open311"), hand_over, try_out, signs=False, wrong_options=wrong_options)
