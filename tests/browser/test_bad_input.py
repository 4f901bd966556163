"""What a real server answers to what no form of ours would send."""

import pytest
import requests

TOO_LARGE = "x" * 3_000_000
MEGABYTES = "x" * 20_000_000


@pytest.mark.parametrize("address", ["/", "/bins/", "/nowhere/", "/account/register/", "/services/missed-bin/"])
@pytest.mark.parametrize("body", [TOO_LARGE, MEGABYTES])
def test_a_huge_form_is_read_to_its_end_and_answered(portal, address, body):
    """The line stays open while the browser sends: it sees the page, not "the connection was reset"."""
    answer = requests.post(portal.url + address, data={"note": body}, timeout=60)
    assert answer.status_code == 413
    assert "What you sent is too large" in answer.text


def test_an_unreadable_address_with_a_huge_form_is_answered(portal):
    answer = requests.post(f"{portal.url}/services/%00/", data={"note": MEGABYTES}, timeout=60)
    assert answer.status_code == 400
    assert "We could not read your request" in answer.text
