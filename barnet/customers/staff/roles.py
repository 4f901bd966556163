"""What each kind of member of staff may do.

A role is a group of Django's with the permissions named here: `ensure_roles()` lays them down and takes away what is
not named, so that this page is the truth. Permissions are named as text, because a role may need those of apps that
this one must not import; a name that the database does not know (a room that is not built yet) is skipped.
"""

from dataclasses import dataclass

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_READ_CASES = ("customers.view_customer", "cases.view_case", "gazetteer.view_address", "smartforms.view_answer")
_ALERT = "customers.view_alert"
_PLACE_ALERTS = ("customers.add_alert", "customers.change_alert", "customers.view_household")
_CONTACTS = ("cases.view_contact", "cases.add_contact")
_WORK_CASES = (*_READ_CASES, *_CONTACTS, _ALERT, "cases.work_case", "smartforms.change_answer")
_SERVE = ("customers.serve_customer", "customers.add_customer", "customers.change_customer")
_DESK = ("documents.view_document", "documents.certify_document")
_READ_DOCUMENTS = ("documents.view_document", "documents.read_document")
_DELEGATIONS = ("customers.view_delegation", "customers.add_delegation", "customers.change_delegation")


@dataclass(frozen=True)
class Role:
    name: str  # of the group
    label: str | Promise
    permissions: tuple[str, ...]


def _role(name: str, label: str | Promise, *permissions: str) -> tuple[str, Role]:
    return name, Role(name, label, ("customers.enter_back_office", *permissions))


_ASSISTED = "waste.view_assistedcollection"
_DELIVERIES = ("waste.view_containerorder", "waste.change_containerorder")
_FEEDBACK = ("feedback.view_remark", "feedback.change_remark")
_NOTICES = ("waste.view_roundnotice", "waste.add_roundnotice", "waste.change_roundnotice")

ROLES: dict[str, Role] = dict(
    [
        _role(
            "adviser",
            _("Contact-centre adviser"),
            *_WORK_CASES,
            *_SERVE,
            *_DELEGATIONS,
            "documents.view_document",
            "chat.answer_chat",
            "cases.assign_case",
            "customers.view_household",
            "waste.view_roundnotice",
            _ASSISTED,
        ),
        _role(
            "caseworker",
            _("Caseworker"),
            *_WORK_CASES,
            *_READ_DOCUMENTS,
            "cases.assign_case",
            "reports.release_publicreport",
        ),
        _role(
            "assessor",
            _("Assessor"),
            *_WORK_CASES,
            *_READ_DOCUMENTS,
            "cases.assign_case",
            "smartforms.read_special_answer",
        ),
        _role(
            "team_lead",
            _("Team leader"),
            *_WORK_CASES,
            *_SERVE,
            *_DELEGATIONS,
            *_PLACE_ALERTS,
            *_DESK,
            *_READ_DOCUMENTS,
            "customers.merge_customer",
            "customers.view_assistedvisit",
            "cases.assign_case",
            "cases.export_case",
            "cases.change_absence",
            "chat.answer_chat",
            "cases.erase_words",
            "reports.release_publicreport",
            *_FEEDBACK,
            "field.plan_job",
            "smartforms.export_answer",
            "cases.view_figures",
            "waste.view_roundnotice",
            _ASSISTED,
            "cases.view_caseevent",
            "cases.view_delivery",
            "cases.replay_delivery",
            "cases.pause_backoffice",
            "cases.view_officefile",
            "notifications.view_messagetemplate",
            "notifications.view_message",
            "notifications.resend_message",
            "notifications.lift_suppression",
        ),
        _role(
            "collections",
            _("Collections officer"),
            *_WORK_CASES,
            "cases.assign_case",
            *_NOTICES,
            "waste.view_roundrun",
            "field.plan_job",
            _ASSISTED,
            "waste.change_assistedcollection",
            "waste.read_need",
            *_DELIVERIES,
        ),
        _role(
            "operative",
            _("Field operative"),
            "field.do_job",
            "cases.view_case",
            "cases.work_case",
            _ALERT,
            "waste.view_roundnotice",
            _ASSISTED,
            *_DELIVERIES,
        ),
        _role("librarian", _("Librarian"), *_READ_CASES, *_CONTACTS, _ALERT, *_SERVE, *_DELEGATIONS, *_DESK),
        _role(
            "editor",
            _("Content designer"),
            "wagtailadmin.access_admin",
            *_FEEDBACK,
            "notifications.view_messagetemplate",
            "notifications.change_messagetemplate",
            "notifications.view_messagetranslation",
            "notifications.add_messagetranslation",
            "notifications.change_messagetranslation",
            "notifications.delete_messagetranslation",
            "catalogue.view_service",
            "catalogue.change_service",
            "catalogue.publish_service",
            "catalogue.view_category",
            "catalogue.view_helppoint",
            "waste.view_wasteitem",
            "waste.add_wasteitem",
            "waste.change_wasteitem",
            "waste.delete_wasteitem",
        ),
        _role(
            "form_author",
            _("Form author"),
            "wagtailadmin.access_admin",
            "catalogue.view_service",
            "smartforms.view_smartform",
            "smartforms.add_smartform",
            "smartforms.change_smartform",
            "smartforms.publish_smartform",
            "smartforms.lock_smartform",
        ),
        _role(
            "gazetteer",
            _("Gazetteer officer"),
            "gazetteer.view_address",
            "gazetteer.view_reportedaddress",
            "gazetteer.change_reportedaddress",
        ),
        _role("finance", _("Finance officer"), "waste.view_containerorder"),
        _role("analyst", _("Analyst"), "cases.view_figures", "waste.view_roundrun", "feedback.view_remark"),
        _role(
            "data_guardian",
            _("Data guardian"),
            *_READ_CASES,
            *_READ_DOCUMENTS,
            "cases.erase_words",
            "cases.view_contact",
            _ALERT,
            "customers.change_alert",
            "customers.view_household",
            "customers.add_withheldreader",
            "smartforms.read_special_answer",
            "cases.view_caseevent",
            "customers.view_accessrecord",
            "customers.view_securityevent",
            "operations.view_retentionperiod",
            "operations.change_retentionperiod",
            "smartforms.export_answer",
            "customers.view_delegation",
            "wagtailadmin.access_admin",
            "customers.view_purpose",
            "customers.add_purpose",
            "customers.change_purpose",
            "customers.view_purposetext",
            "customers.add_purposetext",
            "customers.change_purposetext",
        ),
        _role(
            "administrator",
            _("Administrator"),
            "wagtailadmin.access_admin",
            "customers.view_user",
            "customers.add_user",
            "customers.change_user",
            "customers.view_accessrecord",
            "customers.view_securityevent",
            "auth.view_group",
            "wagtailcore.add_workflow",
            "wagtailcore.change_workflow",
            "wagtailcore.add_task",
            "wagtailcore.change_task",
            "operations.view_tasks",
            "operations.settle_tasks",
            "notifications.view_message",
            "notifications.resend_message",
            "notifications.lift_suppression",
            "notifications.view_messagetemplate",
            "notifications.change_messagetemplate",
            "notifications.view_messagetranslation",
            "notifications.add_messagetranslation",
            "notifications.change_messagetranslation",
            "notifications.delete_messagetranslation",
            "reports.view_publicservice",
            "reports.add_publicservice",
            "reports.change_publicservice",
            "reports.delete_publicservice",
            "open311.view_serviceallowance",
            "open311.add_serviceallowance",
            "open311.change_serviceallowance",
            "open311.delete_serviceallowance",
            "catalogue.view_service",
            "catalogue.add_service",
            "catalogue.change_service",
            "catalogue.publish_service",
            "catalogue.view_category",
            "catalogue.add_category",
            "catalogue.change_category",
            "catalogue.view_helppoint",
            "catalogue.add_helppoint",
            "catalogue.change_helppoint",
            "catalogue.delete_helppoint",
            "cases.view_delivery",
            "cases.pause_backoffice",
            "cases.add_backoffice",
            "cases.change_backoffice",
            "cases.view_team",
            "cases.add_team",
            "cases.change_team",
            "cases.view_contactreason",
            "cases.add_contactreason",
            "cases.change_contactreason",
            "cases.view_promisestandard",
            "cases.add_promisestandard",
            "cases.change_promisestandard",
            "cases.delete_promisestandard",
            "cases.view_escalation",
            "cases.add_escalation",
            "cases.change_escalation",
            "cases.delete_escalation",
            "cases.view_readyreply",
            "cases.add_readyreply",
            "cases.change_readyreply",
            "cases.delete_readyreply",
            "documents.view_documentkind",
            "documents.add_documentkind",
            "documents.change_documentkind",
            "field.view_fieldservice",
            "field.add_fieldservice",
            "field.change_fieldservice",
            "field.delete_fieldservice",
            "waste.view_reportingrule",
            "waste.change_reportingrule",
            "waste.view_collectionpolicy",
            "waste.change_collectionpolicy",
            "waste.view_loganswer",
            "waste.change_loganswer",
            "waste.view_holidayshift",
            "waste.add_holidayshift",
            "waste.change_holidayshift",
            "waste.delete_holidayshift",
            "waste.view_containerkind",
            "waste.add_containerkind",
            "waste.change_containerkind",
            "waste.view_wasteitem",
            "waste.add_wasteitem",
            "waste.change_wasteitem",
            "waste.delete_wasteitem",
            "gazetteer.view_closure",
            "gazetteer.add_closure",
            "gazetteer.change_closure",
            "gazetteer.delete_closure",
            "gazetteer.view_openinghours",
            "gazetteer.add_openinghours",
            "gazetteer.change_openinghours",
            "gazetteer.delete_openinghours",
        ),
    ]
)
# What the role is for, on docs/staff/roles.md.
PURPOSES: dict[str, str] = {
    "adviser": "Answers telephone, counter and letters: finds or makes the customer, serves them, and starts or moves "
    "on what they ask for.",
    "caseworker": "Works the requests of a team from the queue to the outcome.",
    "assessor": "Decides about care, benefits, badges and places: works requests as a caseworker does, and may ask "
    "to see what people told about their health.",
    "team_lead": "Leads a team: gives out work, watches promises, exports lists, and sees whether messages arrived.",
    "collections": "Looks after the bin collections: says what is not as usual, and deals with missed bins.",
    "operative": "Works on the street: sees the jobs of the crew and says how they ended.",
    "librarian": "Helps people at a library's desk to use the portal, serves them, and certifies their documents.",
    "editor": "Writes the website, the words about services, and the wording of messages.",
    "form_author": "Builds forms, and publishes what another author wrote.",
    "gazetteer": "Keeps the list of addresses: finds the right one for what people typed, or says that it is none.",
    "finance": "Looks after money that came in and goes back: the fees of containers, and what was paid for them.",
    "analyst": "Reads figures about services and rounds, and takes them away as files. Nobody's personal record.",
    "data_guardian": "Answers what we hold about somebody, who read it, and who may act for whom.",
    "administrator": "Gives and takes roles, and keeps the settings of the services. Has no part in casework.",
}
# Rooms that keep rights of another kind for a role (pages, collections) lay them in their own ground.


@transaction.atomic
def ensure_roles() -> str:
    """Every role with exactly its permissions among those that roles manage. Safe to run again and again."""
    managed = {name for role in ROLES.values() for name in role.permissions}
    known = {name: pk for name, pk in _permissions() if name in managed}
    for role in ROLES.values():
        group, _made = Group.objects.get_or_create(name=role.name)
        held = set(group.permissions.filter(pk__in=known.values()).values_list("pk", flat=True))
        meant = {known[name] for name in role.permissions if name in known}
        if held != meant:
            group.permissions.remove(*(held - meant))
            group.permissions.add(*(meant - held))
    return f"{len(ROLES)} roles"


def _permissions() -> list[tuple[str, int]]:
    rows = Permission.objects.values_list("content_type__app_label", "codename", "pk")
    return [(f"{app}.{codename}", pk) for app, codename, pk in rows]
