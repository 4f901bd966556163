"""What residents leave behind is English, whatever language they read the pages in: staff and others read it later.

Every text of the house is translated into itself between two signs, so that one which was stored in the reader's
language shows.
"""

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.urls import reverse
from django.utils import translation
from django.utils.translation import trans_real

from barnet.customers.actors import Actor
from portal.cases.enums import CaseState
from portal.cases.models import Case
from portal.cases.services import ask_customer, resolve_case
from tests.factories import StaffFactory
from tests.portal.waste.conftest import at, black_bin, home, rules  # noqa: F401 - fixtures
from tests.portal.waste.missed.pages import done, send

pytestmark = pytest.mark.django_db
SIGN = "⟦"
_LEFT_OUT = {"django_session", "cache"}  # what one browser is shown next


@pytest.fixture(autouse=True)
def _signed(settings, monkeypatch):
    """In Polish every text has its signs; in English none."""
    settings.LANGUAGES, settings.LOCALE_PATHS = [("en-gb", "English"), ("pl", "Polski")], []

    def signing(name):
        plain = getattr(trans_real, name)

        def signed(*texts):
            found = plain(*texts)
            return f"{SIGN}{found}⟧" if translation.get_language() == "pl" and found else found

        return signed

    for name in ("gettext", "pgettext", "ngettext", "npgettext"):
        monkeypatch.setattr(translation._trans, name, signing(name), raising=False)


@pytest.fixture
def polish(client, asha):
    client.force_login(asha.user)
    client.post("/language/", {"language": "pl", "next": "/"})
    return client


def stored_with_signs() -> list[str]:
    """Columns of text anywhere in the database that hold a translated word."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns JOIN information_schema.tables"
            " USING (table_schema, table_name) WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
            " AND data_type IN ('text', 'character varying', 'jsonb', 'ARRAY')"
        )
        columns = [(table, column) for table, column in cursor.fetchall() if table not in _LEFT_OUT]
        found = []
        for table, column in columns:
            cursor.execute(f'SELECT "{column}"::text FROM "{table}" WHERE "{column}"::text LIKE %s', [f"%{SIGN}%"])
            found += [f"{table}.{column}: {value[:200]}" for (value,) in cursor.fetchall()]
    return found


def post(client, address, **answers):
    form = BeautifulSoup(client.get(address, follow=True).content, "html.parser").select_one("main form")
    held = {field["name"]: field.get("value", "") for field in form.select("input[type=hidden]")}
    answer = client.post(address, {**held, **answers})
    assert answer.status_code == 302, answer.text
    return answer


def test_signs_show_where_nobody_takes_care(polish):
    """The control: what the page says is in the reader's language, and the search finds it where it is stored."""
    page = polish.get("/services/").text
    assert f'data-module="govuk-skip-link">{SIGN}' in page
    with translation.override("pl"):
        StaffFactory(last_name=translation.gettext("Home"))
    assert [line.split(":")[0] for line in stored_with_signs()] == ["customers_user.last_name"]


def test_a_request_from_its_first_word_to_its_last(polish, home, black_bin, at):  # noqa: F811
    at(2026, 7, 7, 9)
    page = done(send(polish, home, black_bin), polish)
    assert f"{SIGN}" in page.text
    case = Case.objects.get()
    staff = Actor.staff(StaffFactory())
    ask_customer(case, actor=staff, question="Which gate?")
    post(polish, reverse("account_answer", args=[case.reference]), answer="The green one.")
    resolve_case(case, actor=staff, outcome="collected", public_reason="We came back.")
    post(polish, reverse("account_reopen", args=[case.reference]), why="Still full")
    post(polish, reverse("account_withdraw", args=[case.reference]), why="")
    case.refresh_from_db()
    assert case.state == CaseState.WITHDRAWN
    assert stored_with_signs() == []
