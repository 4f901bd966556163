"""What the database keeps, and how the text of a category became a row."""

import datetime as dt
from importlib import import_module

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from barnet.catalogue.models import ContactWay, Fee, Service
from barnet.kit.pence import PoundsField
from tests.factories import ServiceFactory

pytestmark = pytest.mark.django_db


def fee(service, from_on, to_on=None, **more):
    return Fee(
        service=service, **{"code": "bin", "label": "Bin", "amount": 1, "from_on": from_on, "to_on": to_on, **more}
    )


@pytest.mark.parametrize(
    ("from_on", "to_on", "more", "is_refused"),
    [
        (dt.date(2026, 12, 31), None, {}, True),
        (dt.date(2025, 1, 1), dt.date(2026, 1, 1), {}, True),
        (dt.date(2027, 1, 1), None, {}, False),
        (dt.date(2025, 1, 1), dt.date(2025, 12, 31), {}, False),
        (dt.date(2026, 6, 1), None, {"concession": "support"}, False),
        (dt.date(2026, 6, 1), None, {"code": "box"}, False),
    ],
)
def test_one_fee_at_a_time(from_on, to_on, more, is_refused):
    service = ServiceFactory()
    fee(service, dt.date(2026, 1, 1), dt.date(2026, 12, 31)).save()
    fee(service, from_on, to_on, **more).save()
    if is_refused:
        with pytest.raises(IntegrityError, match="fee_one_at_a_time"), transaction.atomic():
            connection.check_constraints()
        Fee.objects.all().delete()
    else:
        connection.check_constraints()


def test_fees_may_change_places_in_one_transaction():
    service = ServiceFactory()
    old = fee(service, dt.date(2026, 1, 1))
    old.save()
    with transaction.atomic():
        fee(service, dt.date(2026, 7, 1)).save()
        old.to_on = dt.date(2026, 6, 30)
        old.save()
    connection.check_constraints()
    assert Fee.objects.on(dt.date(2026, 7, 1)).count() == 1


def test_fee_ends_after_it_begins():
    with pytest.raises(IntegrityError, match="fee_ends_after_it_begins"):
        fee(ServiceFactory(), dt.date(2026, 2, 2), dt.date(2026, 2, 1)).save()


def test_lgsl_number_names_one_service():
    ServiceFactory(slug="one", lgsl=524)
    with pytest.raises(IntegrityError):
        ServiceFactory(slug="two", lgsl=524)


@pytest.mark.parametrize(
    ("kind", "value", "is_good"),
    [
        ("phone", "020 7946 0100", True),
        ("phone", "ask Pat", False),
        ("email", "bins@barnet.example", True),
        ("email", "020 7946 0100", False),
        ("counter", "Watling Avenue", True),
    ],
)
def test_way_to_reach_us_is_what_it_says(kind, value, is_good):
    way = ContactWay(kind=kind, label="Line", value=value)
    if is_good:
        way.clean()
    else:
        with pytest.raises(ValidationError):
            way.clean()


def test_category_text_of_the_version_before_becomes_a_row():
    migration = import_module("barnet.catalogue.migrations.0004_categories_from_text")
    with connection.cursor() as cursor:
        for slug, text in [("a", "Streets & parking"), ("b", "Streets & parking"), ("c", "Housing"), ("d", "")]:
            cursor.execute(
                "INSERT INTO catalogue_service (slug, name, summary, category, owner_unit, standard_working_days,"
                " start_path, search_words) VALUES (%s, %s, '', %s, '', 1, '', '')",
                [slug, slug, text],
            )
        cursor.execute(migration._FORWARD)
        cursor.execute(migration._FORWARD)
        found = Service.objects.order_by("slug").values_list("slug", "category__slug", "category__name", "live")
        assert list(found) == [
            ("a", "streets-parking", "Streets & parking", True),
            ("b", "streets-parking", "Streets & parking", True),
            ("c", "housing", "Housing", True),
            ("d", None, None, True),
        ]
        cursor.execute("UPDATE catalogue_service SET category = ''")
        cursor.execute(migration._BACK)
        cursor.execute("SELECT category FROM catalogue_service ORDER BY slug")
        assert [row[0] for row in cursor.fetchall()] == ["Streets & parking", "Streets & parking", "Housing", ""]


@pytest.mark.parametrize(("typed", "pence"), [("12.50", 1250), ("0", 0), ("7", 700), ("1000000", 100_000_000)])
def test_pounds_are_kept_as_pence(typed, pence):
    assert PoundsField().clean(typed) == pence


@pytest.mark.parametrize("typed", ["-1", "1.234", "abc", "1000000.01", "NaN", "1e400"])
def test_what_is_no_sum_of_money_is_refused(typed):
    with pytest.raises(ValidationError):
        PoundsField().clean(typed)


def test_the_same_sum_typed_otherwise_has_not_changed():
    field = PoundsField()
    assert field.prepare_value(1250) == "12.50"
    assert not field.has_changed(1250, "12.5")
    assert field.has_changed(1250, "12.51")
    assert field.has_changed(1250, "x")
