"""The two menus: the website's, and the back office's, which shows only what the person may open.

Addresses are written out because the kit is the lowest floor: it knows the stable addresses, not the rooms behind them.
"""

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class MenuItem:
    text: str | Promise
    url: str
    current: str = ""  # "page" on the page itself, "true" below it


PUBLIC_MENU = [(_("Home"), "/"), (_("Services"), "/services/"), (_("Bins"), "/bins/"), (_("Report"), "/report/")]
STAFF_MENU = [
    (_("Queue"), "/staff/cases/", "cases.view_case"),
    (_("Serve a customer"), "/staff/serve/", "customers.serve_customer"),
    (_("Chat"), "/staff/chat/", "chat.answer_chat"),
    (_("Reports"), "/staff/reports/", "reports.release_publicreport"),
    (_("Crews"), "/staff/crews/", "field.plan_job"),
    (_("Jobs"), "/field/", "field.do_job"),
    (_("Contacts"), "/staff/contacts/", "cases.view_contact"),
    (_("Rounds"), "/staff/rounds/", "waste.view_roundnotice"),
    (_("Answers"), "/staff/forms/export/", "smartforms.export_answer"),
    (_("Feedback"), "/staff/feedback/", "feedback.view_remark"),
    (_("Figures"), "/staff/figures/", "cases.view_figures"),
    (_("Addresses"), "/staff/addresses/", "gazetteer.view_address"),
    (_("Messages"), "/staff/messages/", "notifications.view_message"),
    (_("Back offices"), "/staff/back-offices/", "cases.view_delivery"),
    (_("Security"), "/staff/security/", "customers.view_securityevent"),
    (_("Tasks"), "/staff/tasks/", "operations.view_tasks"),
    (_("Retention"), "/staff/retention/", "operations.view_retentionperiod"),
    (_("Content"), "/staff/content/", "wagtailadmin.access_admin"),
]
SEARCHED = ("customers.view_customer", "cases.view_case", "gazetteer.view_address")  # /staff/search/: any of them
# Pages below an item, for those whose role has nothing else of it.
STAFF_SHORTCUTS = [
    (_("Round figures"), "/staff/rounds/performance/", "waste.view_roundrun", "waste.view_roundnotice"),
    (_("Fees"), "/staff/rounds/fees/", "waste.view_containerorder", "waste.view_roundnotice"),
]


def site_menu(request: HttpRequest | None) -> list[MenuItem]:
    """Without a request, as on the page of a failure: what everybody may open."""
    if request is None:
        return [MenuItem(text, url) for text, url in [*PUBLIC_MENU, (_("My account"), "/account/")]]
    user = getattr(request, "user", None)
    is_signed_in = bool(user and user.is_authenticated)
    items = list(PUBLIC_MENU)
    items.append((_("My account"), "/account/") if is_signed_in else (_("Sign in"), "/account/sign-in/"))
    if user and is_signed_in and user.is_staff:
        items.append((_("Back office"), "/staff/"))
    if is_signed_in:
        items.append((_("Sign out"), "/account/sign-out/"))
    return [_item(text, url, request.path) for text, url in items]


def staff_menu(request: HttpRequest) -> list[MenuItem]:
    user = getattr(request, "user", None)
    if not (user and user.is_authenticated):
        return []
    shortcuts = [
        (text, url, permission) for text, url, permission, whole in STAFF_SHORTCUTS if not user.has_perm(whole)
    ]
    return [
        _item(text, url, request.path)
        for text, url, permission in [*shortcuts, *STAFF_MENU]
        if user.has_perm(permission)
    ]


def may_search(request: HttpRequest) -> bool:
    """Whether the box in the head of the back office can find anything for them."""
    user = getattr(request, "user", None)
    return bool(user and user.is_authenticated and any(user.has_perm(name) for name in SEARCHED))


def _item(text: str | Promise, url: str, path: str) -> MenuItem:
    is_below = url != "/" and path.startswith(url)
    return MenuItem(text, url, "page" if path == url else "true" if is_below else "")
