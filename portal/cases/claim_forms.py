from django import forms

from barnet.kit.submission import SubmissionKeyMixin


class MakeCodeForm(SubmissionKeyMixin, forms.Form):
    """Nothing is asked: the key makes the code, so that a form that is sent twice shows one."""
