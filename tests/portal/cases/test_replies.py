import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from portal.cases.enums import CaseState
from portal.cases.models import ReadyReply
from portal.cases.selectors import replies_for
from tests import factories

pytestmark = pytest.mark.django_db


def reply(**fields) -> ReadyReply:
    return ReadyReply(**{"name": "Which bin", "use": "ask", "text": "Which bin is it?", **fields})


def offered(case, use="ask") -> list[str]:
    return [found.name for found in replies_for(case, use)]


def test_a_reply_is_filled_with_what_the_request_says(ashas_case):
    reply(text="((Reference)): ((service)), ((title)), ((place)), ((team)), ((opened)), ((promise))").save()
    [found] = replies_for(ashas_case, "ask")
    assert found.text.startswith(f"{ashas_case.reference}: Ask us, Missed bin: recycling, {ashas_case.place}, our team")


def test_replies_fit_use_service_state_and_outcome_and_the_most_special_comes_first(ashas_case):
    reply(name="Everywhere").save()
    reply(name="This service", service=ashas_case.service).save()
    reply(name="This service and state", service=ashas_case.service, state=CaseState.RECEIVED).save()
    reply(name="Another service", service=factories.ServiceFactory(slug="graffiti", name="Graffiti")).save()
    reply(name="Another state", state=CaseState.HELD).save()
    reply(name="Another use", use="delay").save()
    assert offered(ashas_case) == ["This service and state", "This service", "Everywhere"]


def test_an_outcome_that_the_request_cannot_have_hides_its_reply(ashas_case):
    reply(name="Done", use="resolve", outcome="done").save()
    reply(name="Emptied", use="resolve", outcome="collected").save()
    assert offered(ashas_case, "resolve") == ["Done"]


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"text": "Hello ((name))"}, "text"),
        ({"text": "Hello ((reference"}, "text"),
        ({"text": "At ((place))", "use": "resolve"}, "text"),  # everybody who reported the same would read it
        ({"use": "ask", "outcome": "done"}, "outcome"),
        ({"use": "resolve", "outcome": "never-heard-of"}, "outcome"),
    ],
)
def test_what_could_not_be_filled_or_chosen_is_refused_with_a_sentence(fields, where):
    with pytest.raises(ValidationError) as refused:
        reply(**fields).full_clean()
    assert set(refused.value.error_dict) == {where}


def test_a_name_is_given_once_for_a_use_and_service(service):
    reply(service=service).save()
    with pytest.raises(ValidationError, match="There is a reply of this name"):
        reply(service=service).full_clean()
    reply().full_clean()


def test_administrators_keep_replies_and_nobody_else_does(client):
    address = reverse("wagtailsnippets_cases_readyreply:add")
    client.force_login(factories.StaffFactory(roles=["administrator"]))
    answers = {"name": "Sorry", "use": "resolve", "service": "", "state": "", "outcome": "done"}
    refused = client.post(address, answers | {"text": "Dear ((name))"})
    assert "We cannot fill in ((name)) here." in refused.content.decode()
    assert not ReadyReply.objects.exists()
    client.post(address, answers | {"text": "We did it: ((reference))"})
    assert ReadyReply.objects.get().outcome == "done"
    client.force_login(factories.StaffFactory(roles=["editor"]))
    client.get(address)
    assert client.post(address, answers | {"text": "x", "name": "Other"}).status_code in {302, 403}
    assert ReadyReply.objects.count() == 1
