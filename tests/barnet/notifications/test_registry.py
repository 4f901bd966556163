import pytest

from barnet.notifications import registry
from barnet.notifications.registry import TemplateKind, TemplateKindError, UnknownKindError, register_template


@pytest.fixture(autouse=True)
def _own_registry(monkeypatch):
    monkeypatch.setattr(registry, "_kinds", dict(registry._kinds))


def test_register_refuses_a_second_kind_of_the_same_key():
    with pytest.raises(TemplateKindError, match="Two kinds"):
        register_template(registry.TEST_MESSAGE)


@pytest.mark.parametrize("key", ["Case received", "", "x" * 51, "case_received"])
def test_register_refuses_a_key_that_is_no_slug(key):
    with pytest.raises(TemplateKindError):
        register_template(TemplateKind(key, "Name", "Subject", "Body"))


def test_register_refuses_a_first_wording_with_an_unknown_placeholder():
    with pytest.raises(TemplateKindError, match="promise"):
        register_template(TemplateKind("new", "Name", "Subject", "By ((promise))", {"reference": "BAR"}))


def test_register_refuses_a_secret_in_the_subject():
    with pytest.raises(TemplateKindError, match="code"):
        register_template(TemplateKind("new", "Name", "((code))", "((code))", {"code": "1"}, is_secret=True))


def test_register_refuses_a_required_field_that_nobody_declared():
    with pytest.raises(TemplateKindError):
        register_template(TemplateKind("new", "Name", "Subject", "Body", {}, required=("reference",)))


def test_an_unknown_kind_is_a_mistake_in_the_code():
    with pytest.raises(UnknownKindError):
        registry.kind_of("nobody-registered-this")


def test_the_name_of_a_forgotten_kind_is_its_key():
    assert registry.name_of("nobody-registered-this") == "nobody-registered-this"


def test_problems_say_what_to_do():
    kind = TemplateKind("new", "Name", "((reference))", "Body", {"reference": "BAR"}, required=("reference",))
    problems = registry.problems_of(kind, "Hello ((name))", "((oops")
    assert ("subject", "We cannot fill in ((name)) here. You can use: ((reference)).") in problems
    assert ("body", "Put ((reference)) back: the message is no use without it.") in problems
    assert any(field == "body" and "does not end" in sentence for field, sentence in problems)


def test_every_registered_kind_can_be_filled_with_its_samples(db):
    from barnet.notifications.rendering import render

    for kind in registry.kinds():
        words = render(kind, kind.fields)
        assert words.subject
        assert "((" not in words.subject + words.body


def test_secret_kinds_name_no_field_in_their_subject():
    from barnet.notifications.wording import placeholders

    assert [kind.key for kind in registry.kinds() if kind.is_secret and placeholders(str(kind.subject))] == []
