import pytest
from django.contrib.auth.models import Group
from django.test import Client
from wagtail.models import GroupApprovalTask, GroupPagePermission, Page, Site, Workflow

from barnet.customers.staff.roles import ensure_roles
from cms.models import ContentPage, HomePage, TwoEyesTask
from cms.services import ensure_website


def test_website_is_laid_without_wagtails_examples(website):
    assert not Page.objects.filter(title__startswith="Welcome to your new Wagtail").exists()
    assert not Group.objects.filter(name__in=["Moderators", "Editors"]).exists()
    assert not GroupApprovalTask.objects.exists()
    assert Site.objects.get(is_default_site=True).root_page_id == website.pk
    assert {"contact", "accessibility", "privacy", "cookies", "help"} <= set(
        website.get_children().live().values_list("slug", flat=True)
    )


def test_laying_again_changes_nothing(website):
    before = (
        Page.objects.count(),
        Site.objects.count(),
        Workflow.objects.count(),
        TwoEyesTask.objects.count(),
        GroupPagePermission.objects.count(),
    )
    ensure_website()
    ensure_website()
    assert before == (
        Page.objects.count(),
        Site.objects.count(),
        Workflow.objects.count(),
        TwoEyesTask.objects.count(),
        GroupPagePermission.objects.count(),
    )


def test_laying_again_keeps_what_editors_changed(website):
    contact = ContentPage.objects.get(slug="contact")
    contact.title = "Talk to us"
    contact.save_revision().publish()
    website.title = "Welcome"
    website.save_revision().publish()
    ContentPage.objects.get(slug="bins-and-recycling").delete()
    ensure_website()
    assert ContentPage.objects.get(slug="contact").title == "Talk to us"
    assert HomePage.objects.get().title == "Welcome"
    assert not ContentPage.objects.filter(slug="bins-and-recycling").exists(), "an editor took it away"


def test_a_page_of_the_footer_comes_back(website):
    ContentPage.objects.get(slug="accessibility").delete()
    ensure_website()
    assert ContentPage.objects.live().filter(slug="accessibility").exists()


def test_roles_keep_their_page_rights_when_roles_are_laid_again(website):
    ensure_roles()
    rights = GroupPagePermission.objects.filter(group__name="editor")
    assert set(rights.values_list("permission__codename", flat=True)) == {"add_page", "change_page"}


def test_workflow_without_a_second_pair_of_eyes_is_replaced(website):
    root = Page.get_first_root_node()
    weak = Workflow.objects.create(name="Anybody")
    root.workflowpage.workflow = weak
    root.workflowpage.save()
    ensure_website()
    assert TwoEyesTask.objects.filter(workflow_tasks__workflow=website.get_workflow()).exists()


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "testserver"])
def test_website_answers_for_every_allowed_host(home, settings, host):
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1", "testserver"]
    assert Client(headers={"host": host}).get("/contact/").status_code == 200


@pytest.mark.parametrize("slug", ["", "contact/", "accessibility/", "privacy/", "cookies/", "help/"])
def test_first_pages_open(website, client, slug):
    response = client.get(f"/{slug}")
    assert response.status_code == 200
    assert response.content.count(b"<h1") == 1
    assert b'<link rel="canonical"' in response.content


def test_accessibility_statement_says_what_the_law_asks(website, client):
    text = client.get("/accessibility/").content.decode()
    for words in ("WCAG 2.2 AA", "Equality and Human Rights Commission", "mailto:", "How we test it"):
        assert words in text
