import pytest

from portal.cases.models import ReadyReply
from tests.portal.workbench.conftest import form_of

pytestmark = pytest.mark.django_db


def address_of(case, act: str) -> str:
    return f"/staff/cases/{case.reference}/{act}/"


def test_a_reply_is_chosen_then_changed_then_sent(as_dev, ashas_case, team):
    chosen = ReadyReply.objects.create(
        name="Which gate", use="ask", text="About ((reference)): which gate is the bin behind?"
    )
    page = as_dev.get(address_of(ashas_case, "ask")).content.decode()
    assert "Ready reply" in page
    assert "which gate is" not in page
    answers = form_of(as_dev, address_of(ashas_case, "ask") + f"?reply={chosen.pk}")
    assert answers["question"] == f"About {ashas_case.reference}: which gate is the bin behind?"
    as_dev.post(address_of(ashas_case, "ask"), answers | {"question": answers["question"] + " The green one?"})
    assert ashas_case.timeline.get(kind="asked").public_text.endswith("The green one?")


def test_a_reply_for_resolving_chooses_its_outcome(as_dev, ashas_case):
    chosen = ReadyReply.objects.create(name="Done", use="resolve", outcome="done", text="We did it on ((opened)).")
    answers = form_of(as_dev, address_of(ashas_case, "resolve") + f"?reply={chosen.pk}")
    assert answers["outcome"] == "done"
    assert answers["public_reason"].startswith("We did it on ")


@pytest.mark.parametrize("reply", ["", "0", "x", "999999"])
def test_a_reply_that_does_not_fit_leaves_the_form_as_it_opens(as_dev, ashas_case, reply):
    ReadyReply.objects.create(name="Which gate", use="ask", text="Which gate?")
    assert "question" not in form_of(as_dev, address_of(ashas_case, "ask") + f"?reply={reply}")


def test_without_replies_nothing_is_offered(as_dev, ashas_case):
    assert "Ready reply" not in as_dev.get(address_of(ashas_case, "ask")).content.decode()


def test_the_list_that_somebody_came_from_is_kept(as_dev, ashas_case):
    ReadyReply.objects.create(name="Which gate", use="ask", text="Which gate?")
    page = as_dev.get(address_of(ashas_case, "ask") + "?in=team%3Dmine").content.decode()
    assert '<input type="hidden" name="in" value="team=mine">' in page
