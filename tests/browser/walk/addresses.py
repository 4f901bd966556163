"""Every page of the house, and whose eyes see it. A new route joins one of these lists."""

ASHA, LEAD, ADMIN = "asha@example.com", "lead@barnet.example", "admin@barnet.example"
KEEPER = "guardian@barnet.example"
COLLECTIONS = "rounds@barnet.example"
GAZETTEER = "gazetteer@barnet.example"
LONG = "x" * 60

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
    "/report/",
    "/report/?go=1",
    "/report/place/?kind=report-pothole",
    "/report/place/?kind=report-pothole&{at}",
    "/report/nearby/?kind=report-pothole&{at}",
    "/report/all/",
    "/report/all/?state=done",
    "/report/all/?postcode=NW1+1AA",
    "/report/{public}/",
    "/report/{mended}/",
    "/report/following/forged/",
    "/report/following/{follow_proof}/",
    "/requests/following/forged/",
    "/requests/following/{stop}/",
    "/feedback/{survey}/",
    "/feedback/{answered}/",
    "/feedback/forged/",
    "/feedback/page/{vote}/",
    "/feedback/page/forged/",
    "/track/",
    "/track/?reference=BAR-7K3M-29QD",
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
    "/account/requests/{told}/answers/",
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
    "/staff/figures/contacts/",
    "/staff/figures/contacts/?since_day=99",
    "/staff/cases/",
    "/staff/cases/?q=nothing-like-this",
    "/staff/cases/?opened_from_day=99",
    "/staff/views/",
    "/staff/views/new/",
    "/staff/absence/",
    "/staff/cases/{open}/",
    *(
        f"/staff/cases/{{open}}/{act}/"
        for act in ("assign", "resolve", "ask", "tell", "withdraw", "note", "photo", "versions")
    ),
    "/staff/cases/{waiting}/",
    *(f"/staff/cases/{{waiting}}/{act}/" for act in ("answer", "resume", "ask")),
    "/staff/cases/{resolved}/",
    *(f"/staff/cases/{{resolved}}/{act}/" for act in ("reopen", "resolve")),
    "/staff/feedback/",
    "/staff/feedback/?show=settled",
    "/staff/feedback/{remark}/",
    *(f"/staff/feedback/figures/?by={by}" for by in ("service", "team", "channel", "page")),
    "/staff/reports/",
    "/staff/reports/{public}/",
    "/staff/forms/export/",
    "/staff/forms/export/{version}/",
    "/staff/forms/{sent}/ask/",
    "/staff/forms/{more}/ask/",
    "/staff/answers/{told}/",
    "/staff/answers/{told}/compare/",
    "/staff/answers/{told}/compare/?other={sent}",
    "/staff/answers/{told}/{answer}/correct/",
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
    "/staff/contacts/",
    "/staff/contacts/?of=nobody",
    "/staff/contacts/new/",
    "/staff/contacts/{contact}/",
    "/staff/contacts/{contact}/?q=asha",
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
        "/staff/views/new/",
        "/staff/customers/{customer}/authority/",
        "/staff/authorities/{authority}/end/",
        "/staff/messages/customers/{customer}/add/",
        "/staff/messages/customers/{customer}/bins/",
        "/staff/forms/export/{version}/",
        "/staff/forms/{sent}/ask/",
        "/staff/answers/{told}/{answer}/correct/",
        *(
            f"/staff/cases/{{open}}/{act}/"
            for act in ("assign", "resolve", "ask", "tell", "hold", "delay", "recategorise", "note", "photo")
        ),
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
    mfa_deactivate_totp staff_cases_many staff_cases_many_done staff_deliveries_settle track_code track_request
    mfa_reauthenticate_webauthn mfa_edit_webauthn mfa_remove_webauthn
    account_reauthenticate_code""".split()
)
# Only sent to (they lead elsewhere), files, and what machines ask for.
NOT_PAGES = set(
    """track_finish staff_contact_name
    api_schema api_waste_rounds api_waste_collections api_waste_holiday_shifts api_waste_notices api_waste_crew_log
    api_waste_assisted_homes sign_on_start sign_on_link sign_on_unlink account_contact_prefer notify_callback
    push_worker account_set_password account_stop_acting_for save_address staff_start_serving staff_stop_serving
    staff_notice_reword staff_notice_withdraw staff_message_resend staff_messages_resend staff_run_job
    wagtailcore_login address_suggest health_live health_ready metrics robots
    sitemap media case_photo form_file
    staff_answer_file account_sent_file staff_answers_special collections_feed
    mfa_download_recovery_codes account_held_download staff_evidence
    staff_cases_export report_photo survey_again page_vote
    staff_case_presence staff_view_remove staff_absence_end
    wagtaildocs_serve
    wagtailcore_authenticate_with_password wagtaildocs_authenticate_with_password mfa_login_webauthn
    account_sessions_end_all account_session_end account_trust_end form_back form_thing_remove
    form_link_again
    api_forms api_form api_form_drafts api_form_draft api_form_step api_form_files api_form_file
    api_form_submit api_form_link api_form_submissions api_form_submission
    open311_discovery open311_services open311_definition open311_requests open311_request open311_token
    open311_updates""".split()
)
