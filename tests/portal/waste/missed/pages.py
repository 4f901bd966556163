"""The pages of the report of a missed bin, as a browser goes through them."""

from bs4 import BeautifulSoup
from django.urls import reverse

ANSWERS = {
    "name": "Pat Example",
    "email": "pat@example.com",
    "phone": "020 7946 0123",
    "note": "By the gate",
    "photo": "",
}


def url(step, home):
    return reverse(f"missed_bin_{step}", args=[home.pk])


def typed(response):
    """What the form of a page holds, as a browser would send it."""
    form = BeautifulSoup(response.content, "html.parser").select_one("main form[method=post]")
    held = {}
    for field in form.select("input, textarea"):
        if field.get("type") in {"file", "checkbox"}:
            continue
        value = field.text.lstrip("\n") if field.name == "textarea" else field.get("value", "")
        held.setdefault(field["name"], []).append(value)
    return held


def tell(client, home, *bins, **answers):
    """Opens the question page and sends it."""
    page = client.get(url("tell", home), {"bin": [bin_.pk for bin_ in bins]})
    assert page.status_code == 200
    return client.post(url("tell", home), {**typed(page), **ANSWERS, **answers})


def check(client, home, *bins, **answers):
    """As far as "check your answers": the page."""
    response = tell(client, home, *bins, **answers)
    assert response.status_code == 302, response.text
    return client.get(response.url)


def send(client, home, *bins, **answers):
    return client.post(url("check", home), typed(check(client, home, *bins, **answers)))


def done(response, client):
    assert response.status_code == 302, response.text
    return client.get(response.url)
