import pytest
from django.core.management import call_command

from barnet.catalogue.models import Service
from cms.forms import SEARCH_MAX_LENGTH
from tests import factories


@pytest.fixture
def search(home, client):
    def run(text: str, **more: str) -> str:
        response = client.get("/search/", {"q": text, **more})
        assert response.status_code == 200
        return response.content.decode()

    return run


def test_search_finds_services_and_pages(search, make_page):
    make_page("bins-and-recycling")
    found = search("bins")
    assert "Report a missed bin" in found
    assert "/bins-and-recycling/" in found
    assert found.index("Service</p>") < found.index("Page</p>")


def test_search_finds_words_inside_a_page(search, make_page):
    make_page("allotments", body=[("paragraph", "<p>Bring your own wheelbarrow.</p>")])
    assert "/allotments/" in search("wheelbarrows")


@pytest.mark.parametrize("text", ["libarry", "librarys opning", "Libary opening huors"])
def test_search_forgives_typing_errors(search, make_page, text):
    make_page("library-opening-hours")
    assert "/library-opening-hours/" in search(text)


def test_search_keeps_to_what_is_public(search, make_page):
    make_page("zoo-plans", live=False)
    factories.ServiceFactory(slug="zoo", name="Zoo tickets", live=False)
    assert "Nothing found" in search("zoo")


def test_search_follows_a_published_change(search, make_page):
    page = make_page("museum")
    page.title = "Observatory"
    page.save_revision().publish()
    assert "/museum/" in search("observatory")
    page.unpublish()
    assert "/museum/" not in search("observatory")


def test_search_without_result_says_what_to_do(search):
    found = search("xylophonequartz")
    assert "Nothing found for “xylophonequartz”" in found
    assert 'value="xylophonequartz"' in found
    assert "/services/" in found


def test_search_without_words_shows_no_results(search):
    for text in ("", "   "):
        found = search(text)
        assert "Nothing found" not in found
        assert "<title>Search – " in found


@pytest.mark.parametrize("text", ["!!!", "' OR 1=1 --", "a & | b", "🗑️", "%", "\\", "bin:*", "(((", '"', "<script>"])
def test_search_survives_strange_signs(search, text):
    assert "<script>alert" not in search(text)


def test_search_refuses_what_is_too_long_and_keeps_it(home, client):
    text = "b" * 10_000
    response = client.get("/search/", {"q": text})
    assert response.status_code == 200
    shown = response.content.decode()
    assert f"Use {SEARCH_MAX_LENGTH} characters or fewer" in shown
    assert text in shown
    assert "<title>Error: " in shown


def test_search_refuses_null_bytes(home, client):
    assert client.get("/search/?q=a%00b").status_code == 400
    assert client.get("/search/?q=%ff%fe").status_code == 400


def test_search_only_reads(home, client):
    assert client.post("/search/", {"q": "bin"}).status_code == 405


@pytest.mark.parametrize("page", ["0", "-1", "999", "x", "1e9"])
def test_search_answers_any_page_number(search, page):
    assert "portal-results" in search("bin", page=page)


def test_search_pages_through_many_results(search, make_page):
    for number in range(13):
        make_page(f"orchard-{number}")
    first, second = search("orchard"), search("orchard", page="2")
    assert "13 results" in first
    assert first.count("portal-results__item") == 10
    assert second.count("portal-results__item") == 3
    assert "q=orchard" in first


def test_search_costs_the_same_however_much_it_finds(home, client, make_page, django_assert_num_queries):
    make_page("orchard-0")
    counts = []
    for more in (0, 3):
        for number in range(more):
            make_page(f"orchard-{number + 1}")
            factories.ServiceFactory(slug=f"orchard-{number}", name=f"Orchard walk {number}")
        client.get("/search/", {"q": "orchard"})
        with django_assert_num_queries(5) as captured:
            client.get("/search/", {"q": "orchard"})
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 12


def test_index_is_rebuilt_by_command(search, make_page):
    make_page("windmill")
    call_command("rebuild_references_index", verbosity=0)
    call_command("update_index", verbosity=0)
    assert "/windmill/" in search("windmill")


def test_services_that_are_switched_off_leave_the_list(search):
    Service.objects.update(live=False)
    assert "Report a missed bin" not in search("missed bin")
