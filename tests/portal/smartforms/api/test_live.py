"""Two forms of the library are walked to a case by a real HTTP client against a real server."""

import uuid

import pytest
import requests
from django.utils import timezone

from barnet.catalogue.services import ensure_services
from barnet.customers.api.api_keys import ApiScope, make_api_key
from portal.cases.models import Case
from portal.smartforms import library
from portal.smartforms.definition.model import StepKind
from portal.smartforms.kinds import kind_of
from portal.smartforms.models import Answer, ApiGrant, Submission
from portal.smartforms.proving.gate import prove
from portal.smartforms.publishing import import_form

pytestmark = pytest.mark.django_db(transaction=True)


class System:
    """Another system: it knows the address, its key, and what the API tells it."""

    def __init__(self, address: str, secret: str, slug: str) -> None:
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {secret}"
        self.form = f"{address}/api/v1/forms/{slug}/"

    def ask(self, method, address, status, **more):
        answer = self.session.request(method, address, timeout=120, **more)
        assert answer.status_code == status, (address, answer.text)
        return answer.json()

    def walk(self, definition, path):
        asked = self.ask("get", self.form, 200)
        kinds = {step["key"]: step["kind"] for step in asked["steps"]}
        once = {"Idempotency-Key": uuid.uuid4().hex}
        state = self.ask("post", f"{self.form}drafts/", 201, headers=once)
        self.draft = f"{self.form}drafts/{state['id']}/"
        steps = {step.key: step for step in definition.steps}
        walked = []
        while state["next_step"]:
            key = state["next_step"]
            shown = next(step for step in state["steps"] if step["key"] == key)["questions"]
            walked.append(key)
            body = {"answers": self.answers(steps[key], kinds[key], shown, path)}
            state = self.ask("put", f"{self.draft}steps/{key}/", 200, json=body)
        assert tuple(walked) == tuple(path.steps)
        assert state["outcome"]["key"] == path.outcome
        return self.ask("post", f"{self.draft}submit/", 201, json={"declared": True})

    def answers(self, step, kind, shown, path):
        if kind == "group":
            things = path.answers[step.key]
            return [self.of(step, shown, thing, f"{step.key}.") for thing in things]
        return self.of(step, shown, path.answers, "")

    def of(self, step, shown, answers, before):
        found = {}
        for question in step.questions:
            if question.key not in shown or question.key not in answers:
                continue
            kind, value = kind_of(question), answers[question.key]
            if question.kind == "files":
                files = kind.posted_files("file", value)["file"]
                address = f"{self.draft}files/{before}{question.key}/"
                found[question.key] = [
                    self.ask("post", address, 201, files={"file": (file.name, file.read())}) for file in files
                ]
            else:
                found[question.key] = kind.to_json(value)
        return found


def way_of(definition):
    """The longest that sends, for somebody whom nobody knows."""
    paths = [
        path
        for path in prove(definition, timezone.localdate()).paths
        if not any(path.facts.values()) and next(row for row in definition.outcomes if row.key == path.outcome).sends
    ]
    kinds = {key: question.kind for key, question in definition.questions.items()}
    return max(paths, key=lambda path: (sum(kinds.get(key) == "files" for key in path.answers), len(path.answers)))


@pytest.mark.parametrize("name", ["apply-for-a-school-place", "complaint"])
def test_a_form_of_the_library_becomes_a_case(live_server, name):
    ensure_services()
    definition = library.form(name)
    form = import_form((library.FOLDER / f"{name}.json").read_text(), by=None).form
    key, secret = make_api_key("Partner", [ApiScope.FORMS_FILL])
    ApiGrant.objects.create(api_key=key, form=form)
    path = way_of(definition)
    sent = System(live_server.url, secret, name).walk(definition, path)
    case = Case.objects.get(reference=sent["reference"])
    assert case.service.slug == definition.destinations[path.destination].service
    assert Submission.objects.get(case=case).api_key == key
    groups = [step.key for step in definition.steps if step.kind is StepKind.GROUP]
    given = set(Answer.objects.values_list("path", flat=True))
    assert {path for path in given if "[" not in path} == set(path.answers) - set(groups)
