"""No form of the authoring screens begins by an inline script: the content security policy would refuse it, and the
field could not be filled."""

import pytest
from wagtail.admin.widgets import BaseChooser
from wagtail.snippets.models import get_snippet_models


@pytest.mark.django_db
def test_no_snippet_has_a_field_that_needs_an_inline_script():
    models = get_snippet_models()
    forms = {model: model.snippet_viewset.get_edit_handler().get_form_class().base_fields for model in models}
    assert sum(len(fields) for fields in forms.values()) > 50
    choosers = [
        f"{model.__name__}.{name}"
        for model, fields in forms.items()
        for name, field in fields.items()
        if isinstance(field.widget, BaseChooser)
    ]
    assert choosers == []
