import datetime as dt
import io

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image as Picture
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.models import PageViewRestriction

from barnet.catalogue.models import Service
from cms.blocks import is_current
from cms.models import HomePage
from cms.seeds import contact, link, steps, table, task
from portal.waste.enums import NoticeKind
from portal.waste.notices import NoticeDraft, give_notice, withdraw_notice
from tests.portal.waste.factories import RoundFactory

BUDGET = 12  # queries of an uncached public page


def image(title: str = "Tree") -> Image:
    file = io.BytesIO()
    Picture.new("RGB", (1200, 800), "green").save(file, "JPEG")
    return Image.objects.create(title=title, file=ImageFile(file, name=f"{title}.jpg"))


def picture(*, alt: str = "", decorative: bool = False) -> tuple[str, dict]:
    return "picture", {"image": {"image": image(), "alt_text": alt, "decorative": decorative}, "caption": ""}


def document() -> Document:
    return Document.objects.create(title="Tree policy", file=ContentFile(b"%PDF-1.4 x", name="trees.pdf"))


def every_block(page_id: int) -> list:
    prose = f'<p>See <a linktype="page" id="{page_id}">home</a> and <a href="https://example.org/">more</a>.</p>'
    return [
        ("heading", "One"),
        ("paragraph", prose),
        ("subheading", "Smaller"),
        ("inset", prose),
        ("warning", "Do not climb."),
        ("heading", "One"),
        ("details", {"summary": "More about trees", "text": prose}),
        steps(("Look", prose), ("Leap", "")),
        ("heading", "Two"),
        table("Trees by ward", ["Ward", "Trees"], [["High Barnet", "12"], ["Edgware", "7"]]),
        picture(alt="A tall tree"),
        picture(decorative=True),
        contact("Tree officer", phone="020 7946 0102", email="trees@barnet.example", address="1 Wood Lane\nBarnet"),
        ("call_to_action", {"text": "Report a missed bin", "link": link(service="missed-bin")}),
        ("call_to_action", {"text": "Gone", "link": link(service="no-such-service")}),
        ("download", {"document": document(), "title": ""}),
    ]


def test_page_shows_every_block(home, make_page, client):
    make_page("trees", body=every_block(home.pk), last_reviewed_on=dt.date(2026, 11, 2))
    shown = client.get("/trees/").content.decode()
    assert '<a class="govuk-link" href="/">home</a>' in shown
    assert shown.count('id="s-one"') == shown.count('id="s-one-2"') == 1
    assert '<a class="govuk-link" href="#s-two">Two</a>' in shown
    assert '<th scope="row" class="govuk-table__header">Edgware</th>' in shown
    assert 'alt="A tall tree"' in shown
    assert 'alt=""' in shown
    assert shown.count('loading="lazy"') == 2
    assert ".webp 640w" in shown
    assert 'href="tel:02079460102"' in shown
    assert 'href="/bins/"' in shown
    assert "Gone" not in shown
    assert "Tree policy (PDF, 10\xa0bytes)" in shown
    assert "2 November 2026" in shown
    assert " style=" not in shown


def test_rich_text_does_not_link_to_a_draft(make_page, client):
    draft = make_page("draft", live=False)
    make_page("trees", body=[("paragraph", f'<p><a linktype="page" id="{draft.pk}">soon</a></p>')])
    shown = client.get("/trees/").content.decode()
    assert '<a class="govuk-link">soon</a>' in shown
    assert "/draft/" not in shown


def test_contents_list_waits_for_three_headings(make_page, client):
    make_page("short", body=[("heading", "A"), ("heading", "B")])
    assert b"On this page" not in client.get("/short/").content


def test_page_costs_the_same_with_one_and_many_blocks(home, make_page, client, django_assert_num_queries):
    make_page("one", body=every_block(home.pk))
    make_page("many", body=every_block(home.pk) * 4)
    counts = []
    for path in ("/one/", "/many/"):
        client.get(path)
        with django_assert_num_queries(counts[0] if counts else BUDGET, exact=False) as captured:
            client.get(path)
        counts.append(len(captured))
    assert counts[0] == counts[1] <= BUDGET


@pytest.mark.parametrize("path", ["/", "/contact/", "/services/missed-bin/", "/search/?q=bin"])
def test_public_page_keeps_to_the_query_budget(home, client, django_assert_max_num_queries, path):
    client.get(path)
    with django_assert_max_num_queries(BUDGET):
        assert client.get(path).status_code == 200


def test_deep_page_costs_what_a_shallow_one_costs_with_nothing_cached(home, make_page, client):
    parent, counts = home, []
    for depth in range(4):
        parent = make_page(f"level-{depth}", parent=parent)
        path = parent.get_url()
        client.get(path)
        cache.clear()
        with CaptureQueriesContext(connection) as captured:
            assert parent.title in client.get(path).content.decode()
        counts.append(len([query for query in captured if query["sql"] not in ("BEGIN", "COMMIT")]))
    assert counts[1] == counts[2] == counts[3] <= BUDGET
    assert client.get("/level-1/").status_code == 404
    assert client.get("/level-0/level-2/").status_code == 404


def test_page_below_a_draft_is_found_and_one_below_a_private_page_is_not(home, make_page, client):
    draft = make_page("draft", live=False)
    make_page("below", parent=draft)
    assert client.get("/draft/").status_code == 404
    assert client.get("/draft/below/").status_code == 200
    private = make_page("private")
    below = make_page("below", parent=private)
    PageViewRestriction.objects.create(page=private, restriction_type="login")
    assert client.get("/private/below/").status_code == 302
    alias = below.create_alias(parent=home, update_slug="alias")
    assert client.get(f"/{alias.slug}/").status_code == 200
    PageViewRestriction.objects.create(page=below, restriction_type="login")
    assert client.get("/alias/").status_code == 302


def test_home_page_offers_the_top_tasks(home, client):
    shown = client.get("/").content.decode()
    for title, url in (
        ("Find your bin collection days", "/bins/"),
        ("Report a missed bin", "/services/missed-bin/"),
        ("Go to my account", "/account/"),
        ("See all services", "/services/"),
        ("Find an address", "/addresses/"),
    ):
        assert f'<a class="govuk-link" href="{url}">{title}</a>' in shown
    assert shown.count('role="search"') == 1


def test_home_page_drops_a_task_whose_target_is_gone(home, make_page, client):
    draft = make_page("draft", live=False)
    home.tasks = [
        task("To a draft", "", path=""),
        task("To a service that is off", "", service="missed-bin"),
        task("To the bins", "", path="/bins/"),
    ]
    home.tasks[0].value["link"]["page"] = draft
    home.save_revision().publish()
    Service.objects.filter(slug="missed-bin").update(live=False)
    shown = client.get("/").content.decode()
    assert "To the bins" in shown
    assert "To a draft" not in shown
    assert "To a service that is off" not in shown


def announce(home: HomePage, title: str, level: str = "news", starts_on=None, ends_on=None, text: str = "") -> None:
    value = {"level": level, "title": title, "text": text, "starts_on": starts_on, "ends_on": ends_on}
    home.announcements.append(("announcement", value))


def test_announcements_show_between_their_dates_loudest_first(home, client):
    yesterday, today, tomorrow = (dt.date.today() + dt.timedelta(days=days) for days in (-1, 0, 1))
    announce(home, "Library news", text="<p>New <b>hours</b>.</p>")
    announce(home, "Flood", level="emergency", starts_on=today, ends_on=today)
    announce(home, "Over", ends_on=yesterday)
    announce(home, "Not yet", starts_on=tomorrow)
    home.save_revision().publish()
    shown = client.get("/").content.decode()
    assert shown.index("Flood") < shown.index("Library news")
    assert "Emergency<span" in shown
    assert "Over" not in shown
    assert "Not yet" not in shown


def test_announcement_without_dates_is_always_current():
    assert is_current({"starts_on": None, "ends_on": None})


def test_picture_whose_file_is_lost_is_left_out(make_page, client):
    block = picture(alt="Lost")
    make_page("wood", body=[block, ("paragraph", "<p>Still here.</p>")])
    block[1]["image"]["image"].file.delete(save=False)
    response = client.get("/wood/")
    assert response.status_code == 200
    assert b"Still here." in response.content
    assert b"Lost" not in response.content


def test_breadcrumbs_and_children_follow_the_tree(make_page, client):
    parent = make_page("parks")
    make_page("ponds", parent=parent)
    make_page("secret", parent=parent, live=False)
    shown = client.get("/parks/").content.decode()
    assert 'href="/parks/ponds/"' in shown
    assert "secret" not in shown
    below = client.get("/parks/ponds/").content.decode()
    assert '<a class="govuk-breadcrumbs__link" href="/parks/">Parks</a>' in below


def test_draft_is_not_public(make_page, client):
    make_page("draft", live=False)
    assert client.get("/draft/").status_code == 404


def test_longest_texts_and_markup_are_shown_as_text(make_page, client):
    word = "Donaudampfschifffahrtsgesellschaft" * 3
    make_page("long", title=word, body=[("heading", "<script>x</script>"), ("warning", "<b>w</b>")])
    shown = client.get("/long/").content.decode()
    assert word in shown
    assert "<script>x" not in shown
    assert "&lt;b&gt;w&lt;/b&gt;" in shown


def test_pages_only_answer_reading(home, client):
    assert client.post("/contact/").status_code == 405


def test_sitemap_names_public_pages_and_services(home, make_page, client, settings):
    settings.BASE_URL = "https://www.barnet.example"
    make_page("draft", live=False)
    hidden = make_page("hidden")
    PageViewRestriction.objects.create(page=hidden, restriction_type="login")
    response = client.get("/sitemap.xml")
    shown = response.content.decode()
    assert response["Content-Type"].startswith("application/xml")
    for path in ("/", "/contact/", "/services/missed-bin/"):
        assert f"<loc>https://www.barnet.example{path}</loc>" in shown
    assert "draft" not in shown
    assert "hidden" not in shown


def test_robots_keeps_crawlers_out_of_private_places(client, settings, db):
    settings.BASE_URL = "https://www.barnet.example"
    shown = client.get("/robots.txt").content.decode()
    assert "Disallow: /staff/" in shown
    assert "Sitemap: https://www.barnet.example/sitemap.xml" in shown


def test_canonical_address_and_description_come_from_the_page(make_page, client, settings):
    settings.BASE_URL = "https://www.barnet.example"
    make_page("trees", summary='About "trees".')
    shown = client.get("/trees/?from=mail").content.decode()
    assert '<link rel="canonical" href="https://www.barnet.example/trees/">' in shown
    assert '<meta name="description" content="About &quot;trees&quot;.">' in shown


def test_wagtails_own_sign_in_leads_to_ours(home, client):
    response = client.get("/_util/login/?next=/account/")
    assert (response.status_code, response.url) == (302, "/account/sign-in/?next=/account/")


def test_notices_of_rounds_show_until_they_are_withdrawn(home, client, django_assert_max_num_queries):
    today = timezone.localdate()
    tour = RoundFactory(first_on=today)
    words = {"kind": NoticeKind.SUSPENDED, "advice": "Leave it out.", "first_on": today, "last_on": today}
    given = [
        give_notice(NoticeDraft(words=f"Snow {number}.", round=tour, **words), source_key=str(number), by=None)
        for number in range(5)
    ]
    with django_assert_max_num_queries(BUDGET):
        shown = client.get("/").content.decode()
    assert "We cannot collect." in shown
    assert "Leave it out." in shown
    assert [f"Snow {number}." in shown for number in range(5)] == [True, True, True, False, False]
    assert "See all 5 notices about bins" in shown
    for notice in given:
        withdraw_notice(notice)
    assert "We cannot collect." not in client.get("/").content.decode()
