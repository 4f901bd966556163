"""Nobody approves what they took part in: through Wagtail's real views."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone
from wagtail.actions.publish_page_revision import PublishPagePermissionError
from wagtail.models import (
    GroupApprovalTask,
    GroupPagePermission,
    Page,
    PageViewRestriction,
    Revision,
    TaskState,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from cms.models import ContentPage
from cms.tasks import publish_scheduled
from cms.two_eyes import contributor_ids


def page_form(page: ContentPage, *, summary: str, **more: str) -> dict[str, str]:
    return nested_form_data(
        {
            "title": page.title,
            "slug": page.slug,
            "summary": summary,
            "body": streamfield([("paragraph", rich_text("<p>New words.</p>"))]),
            "comments-TOTAL_FORMS": "0",
            "comments-INITIAL_FORMS": "0",
            "comments-MIN_NUM_FORMS": "0",
            "comments-MAX_NUM_FORMS": "",
            **more,
        }
    )


def edit(client, page, summary, **more):
    return client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), page_form(page, summary=summary, **more))


def submit(client, page, summary="Written by Edie."):
    return edit(client, page, summary, **{"action-submit": "1"})


def act(client, page, action="approve"):
    state = page.current_workflow_task_state
    return client.post(
        reverse("wagtailadmin_pages:workflow_action", args=[page.pk, action, state.pk if state else 0]), {"comment": ""}
    )


def is_public(page) -> str:
    page = ContentPage.objects.get(pk=page.pk)
    return page.summary if page.live else ""


@pytest.fixture
def submitted(make_page, edie, as_user):
    page = make_page(summary="Old.")
    assert submit(as_user(edie), page).status_code == 302
    page.refresh_from_db()
    assert page.current_workflow_task_state is not None
    return page


def test_somebody_else_approves_and_the_page_goes_live(submitted, eric, as_user):
    assert is_public(submitted) == "Old."
    act(as_user(eric), submitted)
    assert is_public(submitted) == "Written by Edie."


@pytest.mark.parametrize("action", ["approve", "reject"])
def test_author_decides_nothing_about_their_own_change(submitted, edie, as_user, action):
    act(as_user(edie), submitted, action)
    assert is_public(submitted) == "Old."
    assert submitted.current_workflow_task_state.status == TaskState.STATUS_IN_PROGRESS


def test_author_with_the_right_to_publish_still_cannot(submitted, edie, as_user):
    edie.groups.first().page_permissions.create(
        page=Page.get_first_root_node(),
        permission=GroupPagePermission.objects.filter(permission__codename="publish_page").first().permission,
    )
    client = as_user(edie)
    act(client, submitted)
    edit(client, submitted, "Forced.", **{"action-publish": "1"})
    assert is_public(submitted) == "Old."


def test_superuser_is_no_exception(make_page, boss, as_user):
    page = make_page(summary="Old.")
    client = as_user(boss)
    edit(client, page, "Forced.", **{"action-publish": "1"})
    assert is_public(page) == "Old."
    submit(client, page)
    page.refresh_from_db()
    act(client, page)
    assert is_public(page) == "Old."
    with pytest.raises(PublishPagePermissionError):
        page.get_latest_revision().publish(user=boss)


def test_superuser_approves_what_others_wrote(submitted, boss, as_user):
    act(as_user(boss), submitted)
    assert is_public(submitted) == "Written by Edie."


def test_whoever_wrote_a_part_cannot_approve_it_when_another_submits(make_page, edie, eric, as_user):
    page = make_page(summary="Old.")
    edit(as_user(eric), page, "Eric's words.")
    submit(as_user(edie), page, "Eric's words.")
    page.refresh_from_db()
    act(as_user(eric), page)
    assert is_public(page) == "Old."
    assert contributor_ids(page) == {edie.pk, eric.pk}


def test_earlier_authors_approve_again_once_their_change_is_public(submitted, edie, eric, as_user):
    act(as_user(eric), submitted)
    submitted.refresh_from_db()
    submit(as_user(eric), submitted, "Written by Eric.")
    submitted.refresh_from_db()
    act(as_user(edie), submitted)
    assert is_public(submitted) == "Written by Eric."


def test_a_change_that_waits_is_locked_for_everyone(submitted, edie, eric, as_user):
    latest = submitted.latest_revision_id
    for person in (edie, eric):
        edit(as_user(person), submitted, "Slipped in.")
    submitted.refresh_from_db()
    assert submitted.latest_revision_id == latest


def test_approval_of_an_older_text_does_not_publish_a_newer_one(submitted, edie, eric, as_user):
    """The negative case of the lock: a revision that came in all the same is not what Eric approved."""
    draft = submitted.get_latest_revision_as_object()
    draft.summary = "Slipped in."
    draft.save_revision(user=edie)
    act(as_user(eric), submitted)
    assert is_public(submitted) == "Old."


def test_reviewer_sends_back_and_author_submits_again(submitted, edie, eric, as_user):
    act(as_user(eric), submitted, "reject")
    submitted.refresh_from_db()
    assert submit(as_user(edie), submitted, "Better.").status_code == 302
    submitted.refresh_from_db()
    act(as_user(eric), submitted)
    assert is_public(submitted) == "Better."


def test_author_may_cancel_and_go_on_writing(submitted, edie, as_user):
    client = as_user(edie)
    edit(client, submitted, "x", **{"action-cancel-workflow": "1"})
    edit(client, submitted, "Went on.")
    submitted.refresh_from_db()
    assert submitted.get_latest_revision_as_object().summary == "Went on."
    assert is_public(submitted) == "Old."


def test_weak_workflow_does_not_open_the_door(make_page, edie, as_user):
    """Wagtail's own approval task lets people approve themselves; the door to residents does not trust it."""
    page = make_page(summary="Old.")
    task = GroupApprovalTask.objects.create(name="Anybody")
    task.groups.set(edie.groups.all())
    workflow = Workflow.objects.create(name="Anybody")
    WorkflowTask.objects.create(workflow=workflow, task=task)
    WorkflowPage.objects.create(workflow=workflow, page=page)
    client = as_user(edie)
    submit(client, page)
    page.refresh_from_db()
    act(client, page)
    assert is_public(page) == "Old."


def test_workflow_without_tasks_does_not_open_the_door(make_page, edie):
    page = make_page(summary="Old.")
    workflow = Workflow.objects.create(name="Nobody")
    page.save_revision(user=edie)
    with pytest.raises(PermissionDenied):
        workflow.start(page, edie)
    assert is_public(page) == "Old."


def test_new_page_cannot_be_created_live(home, edie, as_user):
    url = reverse("wagtailadmin_pages:add", args=["cms", "contentpage", home.pk])
    page = ContentPage(title="Fresh", slug="fresh")
    as_user(edie).post(url, page_form(page, summary="x", **{"action-publish": "1"}))
    assert not ContentPage.objects.get(slug="fresh").live


@pytest.mark.parametrize("more", [{"publish_copies": "on"}, {"alias": "on"}])
def test_copy_is_no_way_past(make_page, edie, boss, home, as_user, more):
    page = make_page()
    for number, person in enumerate((edie, boss)):
        url = reverse("wagtailadmin_pages:copy", args=[page.pk])
        form = {"new_title": "Copy", "new_slug": f"copy-{number}", "new_parent_page": home.pk, **more}
        as_user(person).post(url, form)
        assert not Page.objects.filter(slug=f"copy-{number}", live=True).exists()


def test_copy_is_a_draft(make_page, edie, home, as_user):
    page = make_page()
    form = {"new_title": "Copy", "new_slug": "copy", "new_parent_page": home.pk}
    as_user(edie).post(reverse("wagtailadmin_pages:copy", args=[page.pk]), form)
    assert not Page.objects.get(slug="copy").live


def test_bulk_publish_is_no_way_past(make_page, edie, boss, as_user):
    page = make_page(live=False)
    for person in (edie, boss):
        url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
        as_user(person).post(f"{url}?id={page.pk}")
        page.refresh_from_db()
        assert not page.live


def test_nobody_hides_a_page_behind_a_password(make_page, boss, as_user):
    page = make_page()
    url = reverse("wagtailadmin_pages:set_privacy", args=[page.pk])
    as_user(boss).post(url, {"restriction_type": "login"})
    assert not PageViewRestriction.objects.exists()


def test_taking_down_needs_the_administrator(make_page, edie, anna, as_user):
    page = make_page()
    url = reverse("wagtailadmin_pages:unpublish", args=[page.pk])
    as_user(edie).post(url)
    page.refresh_from_db()
    assert page.live
    as_user(anna).post(url)
    page.refresh_from_db()
    assert not page.live


def test_editor_cannot_delete_or_move_what_residents_read(make_page, edie, home, as_user):
    page, other = make_page("one"), make_page("two")
    client = as_user(edie)
    client.post(reverse("wagtailadmin_pages:delete", args=[page.pk]))
    client.post(reverse("wagtailadmin_pages:move_confirm", args=[page.pk, other.pk]))
    page.refresh_from_db()
    assert page.get_parent().pk == home.pk


def test_scheduled_page_goes_live_at_its_time_and_only_after_approval(make_page, edie, eric, as_user):
    page = make_page(live=False)
    tomorrow = timezone.localtime() + timedelta(days=1)
    later = {"action-submit": "1", "go_live_at": tomorrow.strftime("%Y-%m-%d %H:%M")}
    edit(as_user(edie), page, "Later.", **later)
    page.refresh_from_db()
    Page.objects.filter(pk=page.pk).update(go_live_at=timezone.now())
    publish_scheduled()
    assert is_public(page) == ""
    act(as_user(eric), page)
    assert is_public(page) == ""
    revision = Revision.objects.get(approved_go_live_at__gt=timezone.now())  # a day passes
    revision.content["go_live_at"] = timezone.now().isoformat()
    revision.approved_go_live_at = timezone.now()
    revision.save()
    publish_scheduled()
    assert is_public(page) == "Later."


def test_review_list_shows_only_what_others_wrote(submitted, edie, eric, as_user):
    url = reverse("wagtailadmin_home")
    assert b"Awaiting your review" in as_user(eric).get(url).content
    assert b"Awaiting your review" not in as_user(edie).get(url).content


def test_editor_offers_approval_to_the_reviewer_alone(submitted, edie, eric, as_user):
    url = reverse("wagtailadmin_pages:edit", args=[submitted.pk])
    assert b"data-workflow-action-url" in as_user(eric).get(url).content
    assert b"data-workflow-action-url" not in as_user(edie).get(url).content
