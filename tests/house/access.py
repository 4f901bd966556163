"""Which door every route stands behind. `test_access.py` walks the URL resolver: it fails for a route missing here."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver

PUBLIC = "public"  # everybody, with or without an account
SIGN_IN = "sign-in"  # steps of signing in: nothing personal before they end
SIGNED_IN = "signed in"  # a page about the person who is signed in
OWN = "own"  # an object of one customer: theirs and their delegates'; 404 for everybody else
STAFF = "staff"  # the back office, by permission; 404 for residents
MACHINE = "machine"  # the API: another system, by a key with a scope (tests of each room's API)
DEVELOPMENT = "development"  # exists in development mode only


@dataclass(frozen=True)
class Rule:
    door: str
    permissions: tuple[str, ...] = ()  # what a role needs besides entering the back office
    is_anyones: bool = True  # own: the delegate may, too


@dataclass(frozen=True)
class Route:
    name: str
    address: str
    pattern: URLPattern

    @property
    def is_authoring(self) -> bool:
        """A page of the Wagtail admin."""
        return self.address.startswith("staff/content/")


_CASE = ("cases.view_case",)
_ANSWERS = (*_CASE, "smartforms.view_answer")
_CUSTOMER = ("customers.view_customer",)
_ALERT = (*_CUSTOMER, "customers.view_alert")
_CONTACT = (*_CUSTOMER, "cases.view_contact")
_SERVE = ("customers.serve_customer", "customers.view_customer")
_AUTHORITY = ("customers.view_customer", "customers.view_delegation")
_ADDRESS = ("gazetteer.view_address",)
_MESSAGE = ("notifications.view_message",)
_ASSISTED = ("waste.view_assistedcollection",)
_DOCUMENT = "documents.view_document"
_NOTICE = ("waste.view_roundnotice",)

RULES: dict[str, Rule] = {
    **dict.fromkeys(
        """health_live health_ready metrics address_finder address_suggest address_missing
        address_missing_sent services services_a_to_z service_category service bins
        collection_days collections_feed reminders reminders_confirm reminders_end missed_bin_choose
        assisted_begin assisted assisted_step assisted_check
        missed_bin_tell missed_bin_check media search api_schema robots sitemap wagtail_serve wagtaildocs_serve
        wagtaildocs_authenticate_with_password wagtailcore_authenticate_with_password wagtailcore_login
        notify_callback push_worker language what_goes_where waste_items_a_to_z waste_item containers_begin
        containers_choose containers_tell containers_check form_start form_return form_link_again
        track track_code track_finish track_request
        field_offline field_worker field_manifest
        report_start report_place report_map report_nearby reports report report_photo report_follow_confirm follow_end
        chat_start chat        survey survey_again page_vote page_words""".split(),
        Rule(PUBLIC),
    ),
    **dict.fromkeys(
        """account_login account_request_login_code account_confirm_login_code mfa_authenticate account_inactive
        account_logout account_signup account_email_verification_sent account_reset_password
        account_reset_password_done account_reset_password_from_key_done account_reset_password_from_key
        account_stop_acting_for sign_on_start sign_on_return sign_on_signed_out mfa_login_webauthn
        account_closed kiosk_finish kiosk_stay""".split(),
        Rule(SIGN_IN),
    ),
    **dict.fromkeys(
        """account_home account_details account_language account_name account_address account_requests account_messages
        account_acting_for account_reauthenticate mfa_reauthenticate mfa_index account_email
        account_change_password account_set_password mfa_activate_totp mfa_deactivate_totp mfa_view_recovery_codes
        mfa_generate_recovery_codes mfa_download_recovery_codes save_address sign_on_link sign_on_unlink
        account_people account_invite account_business_new account_invitation_code account_needs account_held
        account_documents
        account_held_readings account_held_download account_held_ask account_consent
        account_activity account_sessions account_sessions_end_all mfa_list_webauthn mfa_add_webauthn
        account_reauthenticate_code mfa_reauthenticate_webauthn mfa_edit_webauthn mfa_remove_webauthn
        account_session_end account_trust_end account_close account_claim""".split(),
        Rule(SIGNED_IN),
    ),
    **dict.fromkeys(
        "account_request account_answer account_reopen account_withdraw account_photo account_file".split(), Rule(OWN)
    ),
    "account_sent_answers": Rule(OWN),
    "account_sent_file": Rule(OWN),
    "chat_live": Rule(OWN),
    "chat_file": Rule(OWN),
    "visit": Rule(PUBLIC),  # for the browser whose screen was handed over; elsewhere it leads to the start
    **dict.fromkeys(
        "staff_visit staff_visit_begin staff_visit_hand_over staff_visit_take_back staff_visit_end".split(),
        Rule(STAFF, _SERVE),
    ),
    "staff_visits": Rule(STAFF, _SERVE),  # their own; with customers.view_assistedvisit everybody's
    "staff_visit_new": Rule(STAFF, (*_SERVE, "customers.add_customer")),
    "claim_code": Rule(OWN, is_anyones=False),  # the browser in which they are served
    "staff_claim_code": Rule(STAFF, (*_CASE, "customers.serve_customer")),
    "case_file": Rule(OWN, _CASE),
    "case_photo": Rule(OWN, _CASE),  # staff who may read the case see its photos
    "account_authority": Rule(OWN),  # both sides see it, and may end it
    "account_authority_renew": Rule(OWN, is_anyones=False),  # the side that gave it
    "account_invitation": Rule(OWN),  # who made it, and whom it is for
    "account_invitation_withdraw": Rule(OWN, is_anyones=False),
    **dict.fromkeys(
        "account_contact_prove account_contact_prefer account_contact_remove account_push_remove".split(),
        Rule(OWN, is_anyones=False),
    ),
    **dict.fromkeys("account_contact account_contact_add account_contact_topic account_push".split(), Rule(SIGNED_IN)),
    **dict.fromkeys(
        "account_document account_document_scan account_document_remove".split(), Rule(OWN, is_anyones=False)
    ),
    "account_message": Rule(OWN, is_anyones=False),  # an inbox is its owner's alone
    "containers_ordered": Rule(OWN, is_anyones=False),  # the browser that sent the order
    "missed_bin_reported": Rule(OWN, is_anyones=False),  # the browser that sent the report
    "assisted_sent": Rule(OWN, is_anyones=False),
    **dict.fromkeys(  # a delegate while acting for them, a browser without account: tests/portal/smartforms/running
        "form_back form_more form_save form_check form_done form_step form_thing form_thing_remove form_file".split(),
        Rule(OWN, is_anyones=False),
    ),
    **dict.fromkeys("assisted_arrangement assisted_change assisted_end assisted_confirm".split(), Rule(OWN)),
    "staff_deliveries": Rule(STAFF, (*_CASE, "waste.view_containerorder")),
    "staff_deliveries_settle": Rule(
        STAFF, (*_CASE, "cases.work_case", "waste.view_containerorder", "waste.change_containerorder")
    ),
    "staff_assisted_list": Rule(STAFF, _ASSISTED),
    "staff_assisted": Rule(STAFF, _ASSISTED),
    "staff_assisted_grant": Rule(STAFF, (*_CASE, *_ASSISTED, "waste.change_assistedcollection")),
    **dict.fromkeys(
        "staff_assisted_review staff_assisted_place staff_assisted_end".split(),
        Rule(STAFF, (*_ASSISTED, "waste.change_assistedcollection")),
    ),
    "staff_home": Rule(STAFF),
    "staff_figures": Rule(STAFF, ("cases.view_figures",)),
    "staff_order_fees": Rule(STAFF, ("waste.view_containerorder",)),
    "staff_security": Rule(STAFF, ("customers.view_securityevent",)),
    "staff_cases": Rule(STAFF, _CASE),
    **dict.fromkeys(
        "staff_chats staff_chats_live staff_chat staff_chat_live".split(), Rule(STAFF, (*_CASE, "chat.answer_chat"))
    ),
    "staff_documents": Rule(STAFF, (*_CUSTOMER, _DOCUMENT)),
    "staff_document_add": Rule(STAFF, (*_CUSTOMER, _DOCUMENT, "documents.certify_document")),
    "staff_file_erase": Rule(STAFF, (*_CASE, "cases.erase_words")),
    "staff_case_documents": Rule(STAFF, (*_CASE, _DOCUMENT)),
    "staff_document": Rule(STAFF, (_DOCUMENT,)),
    "staff_document_scan": Rule(STAFF, (_DOCUMENT,)),
    "staff_document_withdraw": Rule(STAFF, (_DOCUMENT, "documents.certify_document")),
    "staff_feedback": Rule(STAFF, ("feedback.view_remark",)),
    "staff_remark": Rule(STAFF, ("feedback.view_remark", "feedback.change_remark")),
    "staff_feedback_figures": Rule(STAFF, ("cases.view_figures",)),
    **dict.fromkeys("staff_reports staff_report".split(), Rule(STAFF, (*_CASE, "reports.release_publicreport"))),
    **dict.fromkeys("field field_day field_job field_photo field_end".split(), Rule(STAFF, ("field.do_job",))),
    **dict.fromkeys(("staff_crews", "staff_crews_ward"), Rule(STAFF, (*_CASE, "field.plan_job"))),
    "staff_cases_export": Rule(STAFF, (*_CASE, "cases.export_case")),
    "staff_cases_many": Rule(STAFF, (*_CASE, "cases.assign_case")),
    "staff_cases_many_done": Rule(STAFF, (*_CASE, "cases.assign_case")),
    **dict.fromkeys(
        """staff_case_presence staff_views staff_view_new staff_view_remove staff_absence staff_absence_end
        staff_mentions""".split(),
        Rule(STAFF, _CASE),
    ),
    "staff_case": Rule(STAFF, _CASE),
    "staff_case_versions": Rule(STAFF, (*_CASE, "cases.view_caseevent")),
    "staff_case_act": Rule(STAFF, _CASE),
    "staff_answers": Rule(STAFF, _ANSWERS),
    "staff_answers_special": Rule(STAFF, (*_ANSWERS, "smartforms.read_special_answer")),
    "staff_answers_compare": Rule(STAFF, _ANSWERS),
    "staff_answer_correct": Rule(STAFF, (*_ANSWERS, "smartforms.change_answer")),
    "staff_answer_file_erase": Rule(STAFF, (*_ANSWERS, "cases.erase_words")),
    "staff_answer_file": Rule(STAFF, _ANSWERS),
    "staff_search": Rule(STAFF),
    "staff_kiosk": Rule(STAFF, ("customers.serve_customer",)),
    "staff_serve": Rule(STAFF, _SERVE),
    "staff_serve_new": Rule(STAFF, (*_SERVE, "customers.add_customer")),
    "staff_stop_serving": Rule(STAFF),
    "staff_forms_export": Rule(STAFF, ("smartforms.export_answer",)),
    "staff_forms_export_version": Rule(STAFF, ("smartforms.export_answer",)),
    "staff_forms_ask": Rule(STAFF, (*_CASE, "cases.work_case")),
    "staff_customer": Rule(STAFF, _CUSTOMER),
    "staff_authority_new": Rule(STAFF, (*_AUTHORITY, "customers.add_delegation")),
    "staff_authority": Rule(STAFF, _AUTHORITY),
    "staff_authority_end": Rule(STAFF, (*_AUTHORITY, "customers.change_delegation")),
    "staff_authority_renew": Rule(STAFF, (*_AUTHORITY, "customers.change_delegation")),
    "staff_evidence": Rule(STAFF, _AUTHORITY),
    "staff_start_serving": Rule(STAFF, _SERVE),
    "staff_customer_contact": Rule(STAFF, (*_CONTACT, "cases.add_contact")),
    "staff_customer_withhold": Rule(STAFF, (*_CUSTOMER, "customers.add_withheldreader")),
    "staff_customer_merge": Rule(STAFF, (*_CUSTOMER, "customers.merge_customer")),
    "staff_merge_undo": Rule(STAFF, (*_CUSTOMER, "customers.merge_customer")),
    "staff_alerts": Rule(STAFF, (*_ALERT, "customers.change_alert")),
    "staff_alert_new": Rule(STAFF, (*_ALERT, "customers.add_alert")),
    "staff_alert_end": Rule(STAFF, (*_ALERT, "customers.change_alert")),
    "staff_contacts": Rule(STAFF, _CONTACT),
    "staff_contact": Rule(STAFF, _CONTACT),
    "staff_contact_new": Rule(STAFF, (*_CONTACT, "cases.add_contact")),
    "staff_contact_name": Rule(STAFF, (*_CONTACT, "cases.add_contact")),
    "staff_figures_visits": Rule(STAFF, ("cases.view_figures",)),
    "staff_figures_contacts": Rule(STAFF, ("cases.view_figures",)),
    "staff_customer_needs": Rule(STAFF, (*_SERVE, "customers.change_customer")),
    "staff_addresses": Rule(STAFF, _ADDRESS),
    "staff_address": Rule(STAFF, _ADDRESS),
    "staff_reported_addresses": Rule(STAFF, (*_ADDRESS, "gazetteer.view_reportedaddress")),
    "staff_reported_address": Rule(STAFF, (*_ADDRESS, "gazetteer.change_reportedaddress")),
    "staff_rounds": Rule(STAFF, _NOTICE),
    "staff_rounds_performance": Rule(STAFF, ("waste.view_roundrun",)),
    "staff_notice": Rule(STAFF, _NOTICE),
    "staff_notice_new": Rule(STAFF, (*_NOTICE, "waste.add_roundnotice")),
    "staff_notice_reword": Rule(STAFF, (*_NOTICE, "waste.change_roundnotice")),
    "staff_notice_withdraw": Rule(STAFF, (*_NOTICE, "waste.change_roundnotice")),
    "staff_offices": Rule(STAFF, ("cases.view_delivery",)),
    "staff_given_up": Rule(STAFF, ("cases.view_delivery",)),
    "staff_given_up_settle": Rule(STAFF, ("cases.view_delivery", "cases.replay_delivery")),
    "staff_office_files": Rule(STAFF, ("cases.view_delivery", "cases.view_officefile")),
    "staff_office_new": Rule(STAFF, ("cases.view_delivery", "cases.add_backoffice")),
    "staff_office": Rule(STAFF, ("cases.view_delivery", "cases.change_backoffice")),
    "staff_office_set": Rule(STAFF, ("cases.view_delivery", "cases.change_backoffice")),
    "staff_office_secret": Rule(STAFF, ("cases.view_delivery", "cases.change_backoffice")),
    "staff_office_test": Rule(STAFF, ("cases.view_delivery", "cases.change_backoffice")),
    "staff_office_hold": Rule(STAFF, ("cases.view_delivery", "cases.pause_backoffice")),
    "staff_office_go_on": Rule(STAFF, ("cases.view_delivery", "cases.pause_backoffice")),
    "staff_office_file": Rule(STAFF, ("cases.view_delivery", "cases.view_officefile")),
    "staff_messages": Rule(STAFF, _MESSAGE),
    "staff_messages_resend": Rule(STAFF, (*_MESSAGE, "notifications.resend_message")),
    "staff_wordings": Rule(STAFF, ("notifications.view_messagetemplate",)),
    "staff_wording": Rule(STAFF, ("notifications.view_messagetemplate",)),
    "staff_suppressed": Rule(STAFF, _MESSAGE),
    "staff_suppressed_lift": Rule(STAFF, (*_MESSAGE, "notifications.lift_suppression")),
    "staff_reach": Rule(STAFF, _CUSTOMER),
    "staff_reach_add": Rule(STAFF, (*_CUSTOMER, "customers.change_customer")),
    "staff_reach_topic": Rule(STAFF, (*_CUSTOMER, "customers.change_customer")),
    "staff_message": Rule(STAFF, _MESSAGE),
    "staff_retention": Rule(STAFF, ("operations.view_retentionperiod",)),
    "staff_retention_period": Rule(STAFF, ("operations.change_retentionperiod",)),
    "staff_tasks": Rule(STAFF, ("operations.view_tasks",)),
    "staff_task": Rule(STAFF, ("operations.view_tasks",)),
    "staff_run_job": Rule(STAFF, ("operations.view_tasks", "operations.settle_tasks")),
    "staff_message_resend": Rule(STAFF, (*_MESSAGE, "notifications.resend_message")),
    **dict.fromkeys(
        """api_waste_rounds api_waste_collections api_waste_holiday_shifts api_waste_notices
        api_waste_crew_log api_waste_assisted_homes
        api_forms api_form api_form_drafts api_form_draft api_form_step api_form_files api_form_file api_form_submit
        api_form_link api_form_submissions api_form_submission
        open311_discovery open311_services open311_definition open311_requests open311_request open311_token
        open311_updates open311_unknown api_back_office_updates""".split(),
        Rule(MACHINE),
    ),
    **dict.fromkeys(
        "kit_elements kit_staff_elements kit_error_page kit_questions mailbox mailbox_mail demo_sign_ins".split(),
        Rule(DEVELOPMENT),
    ),
}
UNNAMED = {"_util/login/": Rule(PUBLIC), "<url:url>": Rule(PUBLIC)}


def routes() -> list[Route]:
    return list(_walk(get_resolver().url_patterns, ""))


def rule_for(route: Route) -> Rule | None:
    """Wagtail's own pages stand behind one rule: the back office, and the right to enter the admin."""
    if route.is_authoring:
        return Rule(STAFF, ("wagtailadmin.access_admin",))
    return RULES.get(route.name) or UNNAMED.get(route.address)


def _walk(patterns: list[URLPattern | URLResolver], before: str) -> Iterator[Route]:
    for pattern in patterns:
        address = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, address)
        else:
            yield Route(pattern.name or "", address, pattern)
