from django import forms
from django.utils.translation import gettext_lazy as _

from barnet.operations.enums import TaskActKind
from barnet.operations.models import RetentionPeriod


class SettleForm(forms.Form):
    act = forms.ChoiceField(
        label=_("What shall happen to this task?"),
        choices=[
            (TaskActKind.REPLAY, _("Run it again")),
            (TaskActKind.DISCARD, _("Discard it")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Select what shall happen to this task.")},
    )
    reason = forms.CharField(
        label=_("Why?"),
        help_text=_("Kept with your name. For example, the mail server is back."),
        max_length=300,
        error_messages={"required": _("Say why, in a few words.")},
    )


class PeriodForm(forms.ModelForm):
    class Meta:
        model = RetentionPeriod
        fields = ["days", "reason", "legal_basis"]
        help_texts = {"days": _("A year has 365. What is older is dealt with every night.")}
        widgets = {"reason": forms.Textarea}
