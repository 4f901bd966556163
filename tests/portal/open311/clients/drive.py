"""Calls a server with the clients `georeport` and `three`, unmodified, and prints what they made of the answers.

python drive.py three json http://127.0.0.1:8000/api/open311/v2 KEY

Runs in a Python of its own, where they are installed. `three` was written for Python 2, and runs in one where there is
one. In Python 3, what that took away is given back before it is imported; none of its files is touched.
"""

import itertools
import json
import sys
from xml.etree import ElementTree

FIELDS = {"lat": "51.6530", "long": "-0.2000", "attribute[problem]": "out"}
LONG_AGO = {"start_date": "2020-01-01T00:00:00Z", "end_date": "2020-02-01T00:00:00Z"}


class Keys(dict):
    """As in Python 2: a list."""

    def keys(self):
        return list(dict.keys(self))


class Element(ElementTree.Element):
    """As in Python 2."""

    def getchildren(self):
        return list(self)


def give_back():
    """What Python 3 took away from `three` and `relaxml`."""
    itertools.ifilter = filter
    from relaxml import converter
    from three import core

    class Trees:
        @staticmethod
        def fromstring(text):
            builder = ElementTree.TreeBuilder(element_factory=Element)
            return ElementTree.fromstring(text, parser=ElementTree.XMLParser(target=builder))

    parse, converter.etree = core.xml, Trees
    core.xml = lambda text: Keys(parse(text))


def make_three(form, url, key):
    if not hasattr(itertools, "ifilter"):
        give_back()
    import three

    return three.Three(url, api_key=key, format=form)


def drive_three(form, url, key):
    client = make_three(form, url, key)
    posted = client.post(
        "street-light", name="Asha Owner", email="asha@example.com", description="A lamp is out", **FIELDS
    )
    number = posted["request"]["service_request_id"] if form == "xml" else posted[0]["service_request_id"]
    return {
        "discovery": client.discovery(),
        "services": client.services(),
        "definition": client.services("street-light"),
        "posted": posted,
        "token": client.token(number),
        "requests": client.requests(),
        "of_service": client.requests("street-light", status="open", count=10, page=1),
        "closed": client.requests(status="closed"),
        "long_ago": client.requests(between=["01-01-2020", "02-01-2020"]),
        "request": client.request(number),
        "unknown": client.request("BAR-0000-0000"),
        "refused": client.post("street-light", description="Nowhere"),
        "without_key": client.post("street-light", api_key="x", **FIELDS),
    }


def drive_georeport(form, url, key):
    from georeport import GeoReport

    client = GeoReport(url, api_key=key, output_format=form)
    number = make_three("json", url, key).post("street-light", **FIELDS)[0]["service_request_id"]
    found = {
        "services": client.get_service_list(),
        "definition": client.get_service_definition("street-light"),
        "requests": client.get_service_requests(),
        "of_service": client.get_service_requests(service_code="street-light", status="open"),
        "by_number": client.get_service_requests(service_request_id=number),
        "request": client.get_service_request(number),
        "number": number,
    }
    if form == "json":  # in XML it cannot read an empty list, of any server
        found["closed"] = client.get_service_requests(status="closed")
        found["long_ago"] = client.get_service_requests(**LONG_AGO)
    return found


if __name__ == "__main__":
    drives = {"three": drive_three, "georeport": drive_georeport}
    sys.stdout.write(json.dumps(drives[sys.argv[1]](*sys.argv[2:]), default=str))
