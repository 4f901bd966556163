"""My Account: what we have seen, who read it, and how it goes."""

import pytest

from barnet.customers.services import record_access
from portal.documents.services import rely_on
from tests import factories
from tests.portal.documents.conftest import client_of


@pytest.fixture
def paper(asha):
    return factories.DocumentFactory(customer=asha)


@pytest.fixture
def case(asha):
    return factories.CaseFactory(customer=asha)


def test_they_see_kind_place_validity_and_who_read_it(asha, dev, paper):
    record_access(actor=dev, customer=asha, what=f"scan of document {paper.pk}", purpose="To decide about the badge")
    own = client_of(asha.user)
    assert "Hendon Library" in own.get("/account/documents/").content.decode()
    text = own.get(f"/account/documents/{paper.pk}/").content.decode()
    assert "2 May 2034" in text
    assert "To decide about the badge" in text
    assert "Caseworker" in text
    assert dev.email not in text
    scan = own.get(f"/account/documents/{paper.pk}/scan/")
    assert b"".join(scan.streaming_content) == factories.SCAN
    assert scan["Content-Disposition"].startswith("attachment")


def test_nobody_else_sees_them_a_delegate_neither(asha, ben, cara, dev, paper):
    for user in (ben.user, cara.user, dev):
        other = client_of(user)
        assert "Hendon" not in other.get("/account/documents/").content.decode()
        for page in ("", "scan/", "remove/"):
            assert other.get(f"/account/documents/{paper.pk}/{page}").status_code == 404
        assert other.post(f"/account/documents/{paper.pk}/remove/").status_code == 404
    acting = client_of(ben.user)
    acting.post("/account/acting-for/", {"principal": asha.pk})
    for page in ("", f"{paper.pk}/", f"{paper.pk}/scan/"):
        assert "Hendon" not in acting.get(f"/account/documents/{page}", follow=True).content.decode()
    paper.refresh_from_db()
    assert paper.file


def test_they_remove_it_and_the_bytes_are_gone(asha, paper, django_capture_on_commit_callbacks):
    storage, name = paper.file.storage, paper.file.name
    own = client_of(asha.user)
    own.get(f"/account/documents/{paper.pk}/remove/")
    assert storage.exists(name)  # the visit alone removes nothing
    for _press in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            page = own.post(f"/account/documents/{paper.pk}/remove/", follow=True)
        assert "It is removed" in page.content.decode()
    assert not storage.exists(name)
    paper.refresh_from_db()
    assert (paper.file.name, paper.withdrawn_by) == ("", asha.user)


def test_not_while_an_open_request_relies_on_it_and_we_say_which(asha, dev, paper, case):
    rely_on(paper, case, by=dev)
    own = client_of(asha.user)
    text = own.get(f"/account/documents/{paper.pk}/").content.decode()
    assert "rely on it" in text
    assert case.reference in text
    assert case.reference in own.post(f"/account/documents/{paper.pk}/remove/", follow=True).content.decode()
    paper.refresh_from_db()
    assert paper.file
    case.state, case.outcome, case.public_reason = "resolved", "done", "Done"
    case.save()
    own.post(f"/account/documents/{paper.pk}/remove/")
    paper.refresh_from_db()
    assert not paper.file


def test_the_list_costs_the_same_for_one_and_for_three(asha, paper, django_assert_num_queries):
    own = client_of(asha.user)
    own.get("/account/documents/")
    with django_assert_num_queries(QUERIES_OF_LIST):
        own.get("/account/documents/")
    factories.DocumentFactory.create_batch(2, customer=asha)
    with django_assert_num_queries(QUERIES_OF_LIST):
        assert own.get("/account/documents/").content.decode().count("Hendon Library") == 3


QUERIES_OF_LIST = 5
