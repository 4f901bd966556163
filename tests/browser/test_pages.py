"""Every page as wide as a phone and a desk: accessible, never scrolling sideways, no script blocked."""

import re
from uuid import UUID

import pytest
from django.urls import resolve

from tests.browser.axe import axe_violations, resize, sideways_scroll
from tests.house.access import routes

ASHA, LEAD, ADMIN = "asha@example.com", "lead@barnet.example", "admin@barnet.example"
KEEPER = "guardian@barnet.example"
COLLECTIONS = "rounds@barnet.example"
GAZETTEER = "gazetteer@barnet.example"
LONG = "x" * 60
PHONE, DESK = 320, 1280

PUBLIC = [
    "/",
    "/language/",
    "/search/",
    "/search/?q=bins",
    f"/search/?q={LONG}",
    "/services/",
    "/services/a-to-z/",
    "/services/category/bins-and-recycling/",
    "/services/missed-bin/",
    "/services/new-bin/",
    "/contact/",
    "/accessibility/",
    "/privacy/",
    "/cookies/",
    "/help/",
    "/nowhere/",
    "/addresses/",
    "/addresses/?postcode=",
    "/addresses/?postcode=NW1+1AA",
    "/addresses/?postcode={postcode}",
    "/addresses/?postcode={postcode}&choosing=1&uprn=",
    "/addresses/?uprn=none",
    "/addresses/?uprn=none&address_text=",
    "/addresses/?uprn={uprn}",
    "/addresses/?uprn=none&address_text=3+New+Mews",
    "/addresses/missing/",
    "/addresses/missing/?typed=3+New+Mews",
    "/addresses/missing/sent/",
    "/bins/",
    "/bins/?postcode=NW1+1AA",
    "/bins/{uprn}/",
    "/bins/{uprn}/missed/",
    "/bins/{uprn}/missed/details/",
    "/bins/{uprn}/missed/check/",
    "/bins/{uprn}/reminders/",
    "/bins/reminders/confirm/forged/",
    "/bins/reminders/end/forged/",
    "/bins/reminders/confirm/{proof}/",
    "/bins/reminders/end/{end}/",
    "/bins/reported/forged/",
    "/bins/assisted/",
    "/bins/{uprn}/assisted/",
    *(f"/bins/{{uprn}}/assisted/{step}/" for step in ("need", "place", "contact", "check")),
    "/bins/assisted/sent/forged/",
    "/bins/1/",
    "/bins/order/",
    "/bins/{uprn}/order/",
    "/bins/{uprn}/order/details/",
    "/bins/{uprn}/order/details/?recycling-240=1&food-caddy-kitchen=1",
    "/bins/{uprn}/order/check/",
    "/bins/ordered/forged/",
    "/bins/what-goes-where/",
    "/bins/what-goes-where/?q=batery",
    f"/bins/what-goes-where/?q={LONG}",
    "/bins/what-goes-where/?q=box&uprn={uprn}",
    "/bins/what-goes-where/a-to-z/",
    "/bins/what-goes-where/battery/",
    "/bins/what-goes-where/pizza-box/?uprn={uprn}",
    "/forms/report-a-street-problem/",
    "/forms/report-a-street-problem/return/forged/",
    "/account/sign-in/",
    "/account/sign-in/code/",
    "/account/sign-in/closed/",
    "/account/sign-in/with/resident/return/",
    "/account/sign-out/done/",
    "/account/close/done/",
    "/account/register/",
    "/account/reset/",
    "/account/reset/1-forged/",
    "/account/reset/done/",
    "/mailbox/",
    "/mailbox/{mail}/",
    "/demo/",
    "/kit/",
    "/kit/?errors",
    "/kit/staff/",
    *(f"/kit/questions/{state}" for state in ("", "?filled", "?errors")),
    *(f"/kit/errors/{status}/" for status in (400, 403, 404, 413, 429, 500, 503)),
]
RESIDENT = [
    "/forms/report-a-street-problem/{more_draft}/more/",
    "/account/",
    "/account/details/",
    "/account/details/name/",
    "/account/details/language/",
    "/account/details/address/",
    "/account/requests/",
    "/account/requests/?show=all",
    "/account/requests/{open}/",
    "/account/requests/{open}/withdraw/",
    "/account/requests/{open}/photo/",
    "/account/requests/{waiting}/",
    "/account/requests/{waiting}/answer/",
    "/account/requests/{resolved}/",
    "/account/requests/{resolved}/reopen/",
    "/account/requests/BAR-2222-2222/",
    "/account/contact/",
    "/account/contact/add/",
    "/account/contact/{point}/prove/",
    "/account/contact/{point}/remove/",
    "/account/contact/notifications/",
    "/account/contact/notifications/{device}/remove/",
    "/account/contact/topics/bins/",
    "/account/contact/topics/account/",
    "/account/messages/",
    "/account/messages/{message}/",
    "/account/security/",
    "/account/close/",
    "/account/security/activity/",
    "/account/security/devices/",
    "/account/security/passkeys/",
    "/account/security/passkeys/add/",
    "/account/security/email/",
    "/account/security/password/",
    "/account/security/second-step/",
    "/account/sign-in/again/",
    "/account/acting-for/",
    "/account/details/needs/",
    "/account/what-we-hold/",
    "/account/what-we-hold/readings/",
    "/account/what-we-hold/ask/",
    "/account/what-we-hold/agree/",  # by hand: the page says that it only takes a form
    "/account/people/",
    "/account/people/invite/",
    "/account/people/business/",
    "/account/people/code/",
    "/account/people/{authority}/",
    "/account/people/{authority}/renew/",
    "/account/people/invitations/{invitation}/",
    "/account/people/invitations/{invitation}/withdraw/",  # by hand: the page says that it only takes a form
    "/bins/assisted/arrangements/{held}/",
    "/bins/assisted/arrangements/{held}/change/",
    "/bins/assisted/arrangements/{held}/end/",
    "/bins/assisted/arrangements/{held}/confirm/",
    "/account/sign-out/",
    "/staff/",
]
STAFF = [
    "/staff/",
    "/staff/figures/",
    "/staff/figures/?since_day=99",
    "/staff/cases/",
    "/staff/cases/?q=nothing-like-this",
    "/staff/cases/?opened_from_day=99",
    "/staff/cases/{open}/",
    *(f"/staff/cases/{{open}}/{act}/" for act in ("assign", "resolve", "ask", "withdraw", "note", "photo", "versions")),
    "/staff/cases/{waiting}/",
    *(f"/staff/cases/{{waiting}}/{act}/" for act in ("answer", "resume", "ask")),
    "/staff/cases/{resolved}/",
    *(f"/staff/cases/{{resolved}}/{act}/" for act in ("reopen", "resolve")),
    "/staff/forms/export/",
    "/staff/forms/export/{version}/",
    "/staff/forms/{sent}/ask/",
    "/staff/forms/{more}/ask/",
    "/staff/addresses/",
    "/staff/addresses/?q={postcode}",
    "/staff/addresses/?q=x",
    "/staff/addresses/{uprn}/",
    "/staff/serve/",
    "/staff/serve/?q=zara",
    "/staff/serve/?q=asha",
    "/staff/serve/new/",
    "/staff/customers/{customer}/",
    "/staff/customers/{customer}/authority/",
    "/staff/customers/{customer}/needs/",
    "/staff/authorities/{authority}/",
    "/staff/authorities/{authority}/end/",
    "/staff/authorities/{authority}/renew/",
    "/staff/messages/customers/{customer}/",
    "/staff/messages/customers/{customer}/add/",
    "/staff/messages/customers/{customer}/bins/",
    "/staff/customers/{customer}/contact/",  # by hand: the page says that it only takes a form
]
ROUNDS = [
    "/staff/rounds/",
    "/staff/rounds/fees/",
    "/staff/rounds/fees/?since_day=99",
    "/staff/rounds/performance/",
    "/staff/rounds/deliveries/",
    "/staff/rounds/deliveries/?by_day=99",
    *(f"/staff/rounds/notices/new/{kind}/" for kind in ("suspended", "late", "moved")),
    "/staff/rounds/notices/{notice}/",
    "/staff/rounds/assisted/",
    "/staff/rounds/assisted/{held}/",
    *(f"/staff/rounds/assisted/{{held}}/{act}/" for act in ("review", "place", "end")),
    "/staff/rounds/assisted/requests/{asked}/",
    "/staff/cases/{asked}/",
]
ADDRESSES = ["/staff/addresses/", "/staff/addresses/reported/", "/staff/addresses/reported/{typed}/"]
ADMINISTRATOR = [
    "/staff/security/",
    "/staff/security/?email=asha@example.com",
    "/staff/tasks/",
    "/staff/tasks/{parked}/",
    "/staff/messages/",
    "/staff/messages/{given_up}/",
    "/staff/messages/addresses/",
    "/staff/messages/addresses/{dead}/",
    "/staff/messages/wordings/",
    "/staff/messages/wordings/case-received/",
    "/account/security/recovery-codes/",
]
GUARDIAN = ["/staff/retention/", "/staff/retention/mailbox/"]
# Sent as they open: what is missing is said beside the question and at the top.
EMPTY_FORMS = {
    "": [
        "/account/sign-in/",
        "/account/sign-in/code/",
        "/account/register/",
        "/account/reset/",
        "/bins/",
        "/bins/{uprn}/reminders/",
        *(f"/bins/{{uprn}}/assisted/{step}/" for step in ("need", "place", "contact")),
        "/addresses/",
    ],
    ASHA: [
        "/account/details/address/",
        "/account/contact/add/",
        "/account/security/password/",
        "/account/security/email/",
        "/account/security/second-step/",
        "/account/people/invite/",
        "/account/people/business/",
        "/account/people/code/",
        "/account/what-we-hold/ask/",
        "/account/close/",
        "/account/requests/{waiting}/answer/",
        "/account/requests/{resolved}/reopen/",
        "/account/requests/{open}/photo/",
    ],
    GAZETTEER: ["/staff/addresses/reported/{typed}/"],
    ADMIN: ["/staff/tasks/{parked}/", "/staff/messages/addresses/{dead}/"],
    LEAD: [
        "/staff/customers/{customer}/authority/",
        "/staff/authorities/{authority}/end/",
        "/staff/messages/customers/{customer}/add/",
        "/staff/messages/customers/{customer}/bins/",
        "/staff/forms/export/{version}/",
        "/staff/forms/{sent}/ask/",
        *(f"/staff/cases/{{open}}/{act}/" for act in ("assign", "resolve", "ask", "note", "photo")),
        "/staff/cases/{waiting}/answer/",
        "/staff/cases/{resolved}/reopen/",
    ],
    COLLECTIONS: [f"/staff/rounds/notices/new/{kind}/" for kind in ("suspended", "late", "moved")],
}
EVERY = {
    "": PUBLIC,
    ASHA: RESIDENT,
    LEAD: STAFF,
    COLLECTIONS: ROUNDS,
    GAZETTEER: ADDRESSES,
    ADMIN: ADMINISTRATOR,
    KEEPER: GUARDIAN,
}
# Seen in test_journey, test_forms and test_steps, because a step before leads to them.
BEHIND_A_STEP = set(
    """missed_bin_reported assisted_sent form_step form_thing form_check form_done form_save
    account_confirm_login_code account_email_verification_sent account_reset_password_done
    account_reset_password_from_key mfa_authenticate mfa_reauthenticate mfa_generate_recovery_codes
    mfa_deactivate_totp staff_cases_assign staff_deliveries_settle
    mfa_reauthenticate_webauthn mfa_edit_webauthn mfa_remove_webauthn
    account_reauthenticate_code""".split()
)
# Only sent to (they lead elsewhere), files, and what machines ask for.
NOT_PAGES = set(
    """api_schema api_waste_rounds api_waste_collections api_waste_holiday_shifts api_waste_notices api_waste_crew_log
    api_waste_assisted_homes sign_on_start sign_on_link sign_on_unlink account_contact_prefer notify_callback
    push_worker account_set_password account_stop_acting_for save_address staff_start_serving staff_stop_serving
    staff_notice_reword staff_notice_withdraw staff_message_resend staff_messages_resend staff_run_job
    wagtailcore_login address_suggest health_live health_ready metrics robots
    sitemap media case_photo form_file collections_feed mfa_download_recovery_codes account_held_download staff_evidence
    staff_cases_export
    wagtaildocs_serve
    wagtailcore_authenticate_with_password wagtaildocs_authenticate_with_password mfa_login_webauthn
    account_sessions_end_all account_session_end account_trust_end form_back form_thing_remove
    form_link_again
    api_forms api_form api_form_drafts api_form_draft api_form_step api_form_files api_form_file
    api_form_submit api_form_submissions api_form_submission""".split()
)


@pytest.fixture(scope="session")
def things(portal) -> dict[str, str]:
    """Something of the demo borough for every place in an address."""
    said = portal.python(
        "from barnet.customers.models import Customer\n"
        "from barnet.notifications.models import MailboxMail, Message\n"
        "from barnet.notifications.services import queue_message\n"
        "from portal.cases.models import Case\n"
        "from django.utils import timezone\n"
        "from portal.waste.models import RoundNotice\n"
        "notice = RoundNotice.objects.create(source_key='pages', kind='suspended', first_on=timezone.localdate(),"
        " last_on=timezone.localdate(), words='Snow has closed the roads.', advice='Leave your bin out.')\n"
        "asha = Customer.objects.get(email='asha@example.com')\n"
        "queue_message('test-message', key='pages', customer=asha, fields={'council': 'x', 'asked_at': 'now'})\n"
        "Message.objects.filter(idempotency_key__startswith='pages', channel='email').update(state='parked')\n"
        "from datetime import timedelta\n"
        "from django.utils import timezone\n"
        "from barnet.customers.models import Invitation\n"
        "invitation = Invitation.objects.create(principal=asha, invited_by=asha.user, way='email',"
        " submission_key='pages', email='new@example.com', covers_everything=True,"
        " expires_at=timezone.now() + timedelta(days=1))\n"
        "mail = MailboxMail.objects.create(message_id='pages', to='x@example.com', subject='Hello', body='Hello')\n"
        "from barnet.operations.models import ParkedTask\n"
        "parked = ParkedTask.objects.create(task_id='pages', name='pages', function='x', reason='failed', starts=5)\n"
        "from barnet.gazetteer.services import report_address\n"
        "typed = report_address('3 New Mews, Barnet, EN5 9ZZ', about='pages:1')\n"
        "from barnet.notifications.models import SuppressedAddress\n"
        "point = asha.contact_points.create(kind='email', value='pages@example.org')\n"
        "from barnet.notifications.models import PushDevice\n"
        "device = PushDevice.objects.create("
        "customer=asha, endpoint='https://push.example/pages', name='Firefox on Linux')\n"
        "dead = SuppressedAddress.objects.create(channel='email', address='gone@example.org', reason='No such user')\n"
        "own = Case.objects.filter(customer=asha)\n"
        "mine = lambda *states: own.filter(state__in=states).latest('opened_at').reference\n"
        "from portal.waste import subscribing\n"
        "from portal.waste.models import Subscription\n"
        "waiting = Subscription.objects.create(address=asha.address, email='pages@example.com', streams=['food'],"
        " confirmed_at=timezone.now())\n"
        "from portal.waste.models import AssistedCollection, AssistedRequest\n"
        "from portal.waste.assisted.purpose import text_of_today\n"
        "from portal.cases.services import receive_case\n"
        "from barnet.customers.actors import Actor\n"
        "from barnet.catalogue.models import Service\n"
        "asked = receive_case(Service.objects.get(slug='assisted-collection'), actor=Actor.system(),"
        " submission_key='pages', title='Help with putting bins out', address=asha.address).case\n"
        "AssistedRequest.objects.create(case=asked, address=asha.address, need='cannot_move', stands='rear',"
        " agreed_text=text_of_today())\n"
        "held = AssistedCollection.objects.create(case=own.first(), address=asha.address, customer=asha,"
        " stands='rear', place='By the shed', from_on=timezone.localdate(), review_asked_at=timezone.now(),"
        " review_on=timezone.localdate() + timedelta(days=20))\n"
        "from portal.smartforms.asking.services import ask_for_more\n"
        "from portal.smartforms.models import Submission, SmartForm\n"
        "from barnet.customers.models import User\n"
        "version = SmartForm.objects.get(slug='report-a-street-problem').live_version\n"
        "sent = [receive_case(Service.objects.get(slug=version.form.service.slug), customer=asha, title='Pothole',"
        " actor=Actor.online(asha.user, asha), submission_key=f'pages-{key}').case for key in ('sent', 'more')]\n"
        "forms = [Submission.objects.create(version=version, case=case, outcome='sent', started_at=timezone.now(),"
        " right='self', channel='web', subject=asha) for case in sent]\n"
        "key = next(row['key'] for step in version.definition['steps'] if step.get('kind') != 'group'"
        " for row in step.get('questions', []))\n"
        "more = ask_for_more(forms[1], actor=Actor.staff(User.objects.filter(is_staff=True).first()), why='Which one?',"
        " questions=[key], days=14, key='pages')\n"
        "Case.objects.filter(pk__in=[case.pk for case in sent]).update("
        "opened_at=timezone.now() - timedelta(days=99))\n"
        "print('|'.join(f'{k}={v}' for k, v in {\n"
        "    'uprn': asha.address_id, 'postcode': asha.address.postcode.replace(' ', '+'), 'customer': asha.pk,\n"
        "    'authority': asha.delegations_given.first().pk, 'invitation': invitation.pk,\n"
        "    'open': mine('received', 'assigned'), 'waiting': mine('waiting'), 'resolved': mine('resolved'),\n"
        "    'held': held.pk, 'asked': asked.reference, 'version': version.pk, 'more_draft': more.draft_id,\n"
        "    'sent': sent[0].reference, 'more': sent[1].reference,\n"
        "    'notice': notice.pk, 'typed': typed.pk, 'proof': subscribing._proof(waiting, ['food']),\n"
        "    'end': subscribing.end_link(waiting.key).split('/')[-2],\n"
        "    'message': Message.objects.filter(customer=asha, channel='inbox')[0].pk, 'mail': mail.pk,\n"
        "    'parked': parked.pk, 'point': point.pk, 'device': device.pk, 'dead': dead.pk,\n"
        "    'given_up': Message.objects.get(idempotency_key__startswith='pages', channel='email').pk}.items()))"
    )
    return dict(pair.split("=") for pair in said.splitlines()[-1].split("|"))


def test_every_page_is_seen_by_somebody():
    place = dict.fromkeys(re.findall(r"{(\w+)}", str(EVERY)), "1") | {
        "message": str(UUID(int=1)),
        "given_up": str(UUID(int=1)),
        "invitation": str(UUID(int=1)),
        "more_draft": str(UUID(int=1)),
    }
    paths = [address.format(**place).partition("?")[0] for addresses in EVERY.values() for address in addresses]
    seen = {resolve(path).url_name for path in paths} | BEHIND_A_STEP | NOT_PAGES
    pages = {route.name for route in routes() if not route.is_authoring and route.name}
    assert pages - seen == set()
    assert seen - pages == set()


class Walk:
    """One tab for all pages, because opening one costs more than a page. Each page finds the cookies of who signed in
    and no others, as in a new browser."""

    def __init__(self, context, sign_in) -> None:
        self._context, self._sign_in = context, sign_in
        self.page = context.new_page()
        self._blocked = []
        self.page.on("console", self._note_blocked)

    def _note_blocked(self, line) -> None:
        if "Content Security Policy" in line.text:
            self._blocked.append(line.text)

    def open(self, email, address):
        cookies = self._sign_in(email)["cookies"] if email else []
        self._context.clear_cookies()
        self._context.add_cookies(cookies)
        resize(self.page, PHONE)
        self._blocked.clear()
        return self.page.goto(address)

    def look_at(self, email, address) -> list[str]:
        """Opens the page and says everything that is wrong with it, on a phone and on a desk."""
        response = self.open(email, address)
        wrong = [f"status {response.status}"] if response.status >= 500 and "/kit/" not in address else []
        for width in (PHONE, DESK):
            resize(self.page, width)
            wrong += [f"{width} px: {one}" for one in wrong_with(self.page)]
        return wrong + self._blocked


@pytest.fixture(scope="module")
def tabs(portal, chromium, sign_in):
    """A place to keep the tab in: a test that fails throws it away."""
    kept = []

    def tab():
        if not kept:
            context = chromium.new_context(base_url=portal.url, locale="en-GB")
            context.set_default_timeout(15_000)
            kept.append((context, Walk(context, sign_in)))
        return kept[0][1]

    def throw_away():
        for context, _walk in kept:
            context.close()
        kept.clear()

    yield tab, throw_away
    throw_away()


@pytest.fixture
def walk(tabs, request):
    tab, throw_away = tabs
    failed = request.session.testsfailed
    yield tab()
    if request.session.testsfailed > failed:
        throw_away()


def wrong_with(page):
    wrong = [f"headings: {page.locator('h1').count()} h1"] if page.locator("h1").count() != 1 else []
    wrong += ["scrolls sideways"] if sideways_scroll(page) else []
    return wrong + axe_violations(page)


@pytest.mark.parametrize(
    ("email", "address"), [(email, address) for email, addresses in EVERY.items() for address in addresses]
)
def test_page_is_accessible(walk, things, email, address):
    assert walk.look_at(email, address.format(**things)) == []


@pytest.mark.parametrize(
    ("email", "address"), [(email, address) for email, addresses in EMPTY_FORMS.items() for address in addresses]
)
def test_form_sent_empty_says_what_is_missing(walk, things, email, address):
    walk.open(email, address.format(**things))
    page = walk.page
    page.locator("main form").first.locator("button:visible:not([type=button])").last.click()
    page.wait_for_load_state("load")
    summary = page.locator(".govuk-error-summary")
    assert summary.count() == 1, page.locator("main").inner_text()
    for link in summary.locator("a").all():
        assert page.locator(link.get_attribute("href")).count() == 1
    assert page.title().startswith("Error: ")
    assert wrong_with(page) == []
