"""Which services a key of another system may read and report through Open311."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from barnet.catalogue.models import Service
from barnet.customers.api.api_keys import ApiKey, ApiScope


class ServiceAllowance(models.Model):
    """A key without any reaches every public service. With one it reaches only those that it names, public or not."""

    api_key = models.ForeignKey(ApiKey, on_delete=models.CASCADE, related_name="+", verbose_name=_("key"))
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="+", verbose_name=_("service"))
    may_read = models.BooleanField(
        _("may read"), default=True, help_text=_("Requests of the service; of one that is not public only its own.")
    )
    may_report = models.BooleanField(_("may report"), default=True)

    class Meta:
        ordering = ["api_key__name", "service__name"]
        verbose_name = _("allowance of a key")
        verbose_name_plural = _("allowances of keys")
        constraints = [
            models.UniqueConstraint(
                fields=["api_key", "service"],
                name="service_allowance_once",
                violation_error_message=_("This key has an allowance for this service already: change that one."),
            ),
            models.CheckConstraint(
                condition=models.Q(may_read=True) | models.Q(may_report=True),
                name="service_allowance_of_something",
                violation_error_message=_("Say whether it may read, report, or both."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.api_key}: {self.service}"

    def clean(self) -> None:
        if self.api_key_id and ApiScope.OPEN311_REPORT not in self.api_key.scopes:
            raise ValidationError({"api_key": _("This key does not open Open311. Choose one that does.")})
