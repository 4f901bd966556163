"""What was asked for while staff helped somebody at a desk."""

from django.db import models

from barnet.customers.models import AssistedVisit


class VisitRequest(models.Model):
    """A request that was sent during a visit. It stays the visit's when the request joins somebody's account later."""

    visit = models.ForeignKey(AssistedVisit, on_delete=models.CASCADE, related_name="+")
    case = models.OneToOneField("cases.Case", on_delete=models.CASCADE, related_name="visit_request")

    def __str__(self) -> str:
        return f"{self.case_id} of visit {self.visit_id}"
