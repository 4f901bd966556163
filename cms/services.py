"""Lays the website: its root, its first pages, who may write them, and the approval that each change passes."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from django_q.models import Schedule
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Locale,
    Page,
    Site,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from cms import seeds
from cms.models import ContentPage, HomePage, TwoEyesTask

WORKFLOW_NAME = "Two pairs of eyes"
APPROVERS = ("editor", "administrator")
PAGE_RIGHTS = {
    "editor": ("add_page", "change_page"),
    # To "publish" is to take down, move and reorder: going live needs two people whatever the right says.
    "administrator": ("add_page", "change_page", "publish_page", "lock_page", "unlock_page"),
}
LIBRARY_ROLES = ("editor", "administrator")
LIBRARY_RIGHTS = ("add_image", "change_image", "choose_image", "add_document", "change_document", "choose_document")


@transaction.atomic
def ensure_website() -> str:
    """Everything that the website needs to stand, as often as one likes; what editors changed stays as it is."""
    root = _ensure_root()
    home = HomePage.objects.first()
    is_new = home is None
    if home is None:
        _remove_wagtail_examples()
        root.refresh_from_db()
        home = _create_home(root)
    _ensure_site(home)
    created = _ensure_pages(home, is_new=is_new)
    _ensure_rights(root)
    _ensure_workflow(root)
    Schedule.objects.get_or_create(
        name="website: publish scheduled pages",
        defaults={"func": "cms.tasks.publish_scheduled", "schedule_type": Schedule.MINUTES, "minutes": 5},
    )
    call_command("update_index", verbosity=0)
    return f"website laid, {created} pages new" if created or is_new else "website stands"


def _ensure_root() -> Page:
    Locale.objects.get_or_create(language_code=settings.LANGUAGE_CODE)
    Collection.get_first_root_node() or Collection.add_root(name="Root")
    return Page.get_first_root_node() or Page.add_root(title="Root", slug="root")


def _remove_wagtail_examples() -> None:
    """What Wagtail's migrations create for a first try: a welcome page, two groups and an approval of one's own."""
    for page in Page.objects.filter(depth=2, slug="home", title__startswith="Welcome to your new Wagtail"):
        page.delete()
    WorkflowPage.objects.filter(workflow__name="Moderators approval").delete()
    Workflow.objects.filter(name="Moderators approval").delete()
    GroupApprovalTask.objects.filter(name="Moderators approval").delete()
    Group.objects.filter(name__in=["Moderators", "Editors"], user=None).delete()


def _create_home(root: Page) -> HomePage:
    home = root.add_child(
        instance=HomePage(
            title=seeds.HOME_TITLE,
            seo_title="Home",
            slug="home",
            introduction=seeds.HOME_INTRODUCTION,
            tasks=seeds.HOME_TASKS,
            live=False,
        )
    )
    home.save_revision().publish()
    home.refresh_from_db()
    return home


def _ensure_site(home: HomePage) -> None:
    """The host of BASE_URL names the only site; it also answers for every other host that ALLOWED_HOSTS lets in."""
    address = urlsplit(settings.BASE_URL or settings.WAGTAILADMIN_BASE_URL)
    wanted = {
        "hostname": address.hostname or "localhost",
        "port": address.port or (443 if address.scheme == "https" else 80),
        "site_name": settings.COUNCIL_NAME,
    }
    site = Site.objects.filter(is_default_site=True).first()
    if site is None:
        Site.objects.create(root_page=home, is_default_site=True, **wanted)
    elif any(getattr(site, name) != value for name, value in wanted.items()):
        for name, value in wanted.items():
            setattr(site, name, value)
        site.save()


def _ensure_pages(home: HomePage, *, is_new: bool) -> int:
    missing = [
        seed
        for seed in seeds.PAGES
        if (is_new or seed.is_required) and not home.get_children().filter(slug=seed.slug).exists()
    ]
    for seed in missing:
        page = home.add_child(
            instance=ContentPage(
                title=seed.title,
                slug=seed.slug,
                summary=seed.summary,
                body=seed.body,
                last_reviewed_on=timezone.localdate() if seed is seeds.ACCESSIBILITY else None,
                live=False,
            )
        )
        page.save_revision().publish()
    return len(missing)


def _ensure_rights(root: Page) -> None:
    library = Collection.get_first_root_node()
    permissions = {
        permission.codename: permission
        for permission in Permission.objects.filter(
            content_type__app_label__in=["wagtailcore", "wagtailimages", "wagtaildocs"]
        )
    }
    groups = {role: Group.objects.get_or_create(name=role)[0] for role in {*PAGE_RIGHTS, *LIBRARY_ROLES}}
    GroupPagePermission.objects.bulk_create(
        [
            GroupPagePermission(group=groups[role], page=root, permission=permissions[codename])
            for role, codenames in PAGE_RIGHTS.items()
            for codename in codenames
        ],
        ignore_conflicts=True,
    )
    GroupCollectionPermission.objects.bulk_create(
        [
            GroupCollectionPermission(group=groups[role], collection=library, permission=permissions[codename])
            for role in LIBRARY_ROLES
            for codename in LIBRARY_RIGHTS
        ],
        ignore_conflicts=True,
    )


def _ensure_workflow(root: Page) -> None:
    """Every page passes a second pair of eyes, unless somebody assigned another workflow with such a task."""
    assigned = WorkflowPage.objects.filter(page=root).select_related("workflow").first()
    two_eyes = TwoEyesTask.objects.filter(active=True)
    if assigned and assigned.workflow.active and two_eyes.filter(workflow_tasks__workflow=assigned.workflow).exists():
        return
    task, is_new_task = TwoEyesTask.objects.get_or_create(name="Approval by somebody else")
    if is_new_task:
        task.groups.set(Group.objects.filter(name__in=APPROVERS))
    workflow, _made = Workflow.objects.get_or_create(name=WORKFLOW_NAME, defaults={"active": True})
    WorkflowTask.objects.get_or_create(workflow=workflow, task=task, defaults={"sort_order": 0})
    WorkflowPage.objects.update_or_create(page=root, defaults={"workflow": workflow})
