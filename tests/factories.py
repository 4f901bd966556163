"""Rows for tests, without surprises: every factory makes one valid row and what it cannot live without."""

import datetime as dt
import hashlib

import factory
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.contrib.gis.geos import MultiPolygon, Point, Polygon
from django.core.files.base import ContentFile

from barnet.catalogue.models import Category, Service
from barnet.customers.models import Customer, Delegation, User
from barnet.gazetteer.models import BNG, Address, Area
from portal.cases.models import Case, Team
from portal.documents.models import Document, DocumentKind

PASSWORD = "correct horse battery"
SCAN = b"the passport of Asha"


class AddressFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Address

    uprn = factory.Sequence(lambda n: 200_000_000 + n)
    pao_start_number = factory.Sequence(lambda n: n + 1)
    street = "HIGH STREET"
    usrn = 20_400_001
    town = "BARNET"
    postcode = "EN5 4AA"
    postcode_key = factory.LazyAttribute(lambda a: a.postcode.replace(" ", ""))
    custodian_code = 5090
    one_line = factory.LazyAttribute(lambda a: f"{a.pao_start_number} High Street, Barnet, {a.postcode}")
    search_text = factory.LazyAttribute(lambda a: a.one_line.upper())
    location = Point(524_500, 196_500, srid=BNG)


class AreaFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Area

    kind = "ward"
    code = factory.Sequence(lambda n: f"E0501{n:04}")
    name = "High Barnet"
    geometry = MultiPolygon(Polygon.from_bbox((524_000, 196_000, 525_000, 197_000)), srid=BNG)


class CategoryFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Category
        django_get_or_create = ("slug",)

    slug = "bins-and-recycling"
    name = "Bins and recycling"


class ServiceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Service
        django_get_or_create = ("slug",)

    slug = "missed-bin"
    name = "Report a missed bin"
    summary = "Tell us when we did not empty your bin."
    category = factory.SubFactory(CategoryFactory)
    owner_unit = "Street Scene"
    standard_working_days = 2


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@example.com")
    password = factory.django.Password(PASSWORD)

    @factory.post_generation
    def verified_email(user, create, extracted, **kwargs):
        if create and extracted is not False:
            EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)


class StaffFactory(UserFactory):
    is_staff = True

    @factory.post_generation
    def roles(user, create, extracted, **kwargs):
        from barnet.customers.staff.roles import ensure_roles

        if create and extracted:
            groups = Group.objects.filter(name__in=extracted)
            if groups.count() < len(extracted):  # a test took them away
                ensure_roles()
            user.groups.set(groups.all())


class CustomerFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Customer

    user = factory.SubFactory(UserFactory)
    name = factory.Sequence(lambda n: f"Person {n}")
    email = factory.LazyAttribute(lambda c: c.user.email if c.user else "")


def narrow(delegation, *services):
    """The authority reaches these services and no other."""
    Delegation.objects.filter(pk=delegation.pk).update(covers_everything=False)
    delegation.services.set(services)


class DelegationFactory(factory.django.DjangoModelFactory):
    """Reaches every service, or only `service`."""

    class Meta:
        model = Delegation
        skip_postgeneration_save = True

    principal = factory.SubFactory(CustomerFactory)
    delegate = factory.SubFactory(CustomerFactory)
    covers_everything = True
    evidence = "Letter of authority seen"
    starts_on = dt.date(2020, 1, 1)

    @factory.post_generation
    def service(delegation, create, extracted, **kwargs):
        if create and extracted:
            narrow(delegation, extracted)


class TeamFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Team
        django_get_or_create = ("slug",)

    slug = "street-scene"
    name = "Street Scene"


class CaseFactory(factory.django.DjangoModelFactory):
    """A case as the database holds it, without timeline or messages: use the services where those matter."""

    class Meta:
        model = Case

    submission_key = factory.Sequence(lambda n: f"key-{n}")
    service = factory.SubFactory(ServiceFactory)
    title = "Missed bin: recycling"
    channel = "web"
    customer = factory.SubFactory(CustomerFactory)
    address = factory.SubFactory(AddressFactory)
    location = factory.LazyAttribute(lambda c: c.address.location if c.address else None)
    promise_on = dt.date(2026, 12, 1)


class DocumentKindFactory(factory.django.DjangoModelFactory):
    """A passport: valid until it expires."""

    class Meta:
        model = DocumentKind
        django_get_or_create = ("name",)

    name = "Passport"
    proves = ("identity", "age")
    months = None
    has_expiry = True


class DocumentFactory(factory.django.DjangoModelFactory):
    """A passport that was certified today, with its scan."""

    class Meta:
        model = Document

    customer = factory.SubFactory(CustomerFactory)
    kind = factory.SubFactory(DocumentKindFactory)
    content_type = "image/jpeg"
    size = len(SCAN)
    sha256 = hashlib.sha256(SCAN).hexdigest()
    dated_on = dt.date(2024, 5, 3)
    expires_on = dt.date(2034, 5, 2)
    valid_until = factory.LazyAttribute(lambda paper: paper.kind.valid_until(paper.dated_on, paper.expires_on))
    place = "Hendon Library"
    certified_by = factory.SubFactory(StaffFactory)
    submission_key = factory.Sequence(lambda n: f"document-{n}")
    file = factory.LazyFunction(lambda: ContentFile(SCAN, "scan"))
