"""Logins, the customers behind them, who may act for whom, and who read whose record."""

from typing import Any, ClassVar

import pghistory
import pgtrigger
from allauth.account.models import EmailAddress
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models, transaction
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Lower, Upper
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.functional import cached_property

from barnet.customers.api.api_keys import ApiAnswer, ApiKey  # noqa: F401 - tables of this app
from barnet.customers.enums import CustomerKind
from barnet.customers.reaching.contact_points import KEEP_POINTS, ChannelPreference, ContactPoint  # noqa: F401 - found here
from barnet.gazetteer.models import Address

PHONE_DIGITS = Func(
    F("phone"), Value(r"\D"), Value(""), Value("g"), function="regexp_replace", output_field=models.CharField()
)


class LowerCaseEmailField(models.EmailField):
    """An e-mail address that identifies a login: kept, compared and looked up in lower case."""

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)
        return value.lower() if isinstance(value, str) else value

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return value.lower() if isinstance(value, str) else value


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=email.lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=username)


class User(AbstractBaseUser, PermissionsMixin):
    """A login: an e-mail address and what it may do. `is_staff` opens the back office, roles (groups) say how far."""

    email = LowerCaseEmailField(unique=True)
    first_name = models.CharField(max_length=100, blank=True)
    last_name = models.CharField(max_length=100, blank=True)
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(default=timezone.now)
    interface_language = models.CharField(
        max_length=10, blank=True, default="", db_default=""
    )  # of the pages; "": unsaid
    session_generation = models.PositiveIntegerField(default=0, db_default=0)  # one more: every session is void

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(email=Lower("email")), name="user_email_in_lower_case")]
        permissions = [("enter_back_office", "Can enter the back office")]

    def __str__(self) -> str:
        return self.get_full_name() or self.email

    def get_full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    def get_short_name(self) -> str:
        return self.first_name or self.email

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What a session must hold to count: it changes with the password and with signing out everywhere."""
        held = f"{self.session_generation}:{self.password}"
        return salted_hmac("barnet.customers.session", held, secret=secret, algorithm="sha256").hexdigest()


class CustomerQuerySet(models.QuerySet["Customer"]):
    def of(self, user: User) -> "Customer":
        """The customer behind a login, made on first need. Two tabs at once get the same one.

        A record that staff made for somebody without a login becomes theirs when exactly one such record
        carries an e-mail address that they have proved to be their own.
        """
        if found := self.filter(user=user).first():
            return found
        with transaction.atomic():
            User.objects.select_for_update(no_key=True).get(pk=user.pk)
            known = self.filter(user=user).first() or self._adopted_by(user)
            return known or self.create(user=user, email=user.email, name=user.get_full_name())

    def _adopted_by(self, user: User) -> "Customer | None":
        proved = EmailAddress.objects.filter(user=user, verified=True).values("email")
        people = self.known().filter(user=None, kind=CustomerKind.PERSON, died_on=None)  # a business is nobody's login
        waiting = people.alias(lower_email=Lower("email")).filter(lower_email__in=proved)
        found = list(waiting.select_for_update(of=("self",))[:2])
        if len(found) != 1:
            return None
        customer = found[0]
        customer.user = user
        customer.email = user.email
        customer.save(update_fields=["user", "email"])
        return customer

    def written_to(self) -> "CustomerQuerySet":
        """Those to whom messages may go: see `Customer.is_written_to`."""
        return self.filter(died_on=None, merged_into=None)

    def known(self) -> "CustomerQuerySet":
        """Without those that were merged into another."""
        return self.filter(merged_into=None)


@pghistory.track(exclude=["plain_name"])
class Customer(models.Model):
    """A person or a business known to the council, with or without a login."""

    kind = models.CharField(max_length=10, choices=CustomerKind.choices, default=CustomerKind.PERSON)
    user = models.OneToOneField(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="customer")
    name = models.CharField(max_length=150, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=30, blank=True)
    language = models.CharField(max_length=10, default="en", db_default="en")  # of what we write to them
    address = models.ForeignKey(Address, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    address_text = models.CharField(max_length=300, blank=True)  # typed, when the gazetteer does not know it
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    submission_key = models.CharField(max_length=64, blank=True, editable=False)  # the filled form that made it
    born_on = models.DateField(null=True, blank=True)  # asked only where a right depends on it, as for a child
    died_on = models.DateField(null=True, blank=True)  # see `is_written_to`
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    # As callers and keyboards give it: capitals, no accents, one spelling of O'Brien, D'Souza and Anne-Marie. Kept, so
    # that a search compares texts and makes none.
    plain_name = models.GeneratedField(
        expression=Func(F("name"), function="plain_name"), output_field=models.TextField(), db_persist=True
    )

    objects = CustomerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["submission_key"], condition=~Q(submission_key=""), name="customer_once_per_submission"
            ),
            models.CheckConstraint(
                condition=Q(kind="person") | Q(user=None, born_on=None, died_on=None),
                name="customer_business_is_no_person",
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | (Q(user=None) & ~Q(merged_into=F("pk"))),
                name="customer_merged_is_nobodys",
            ),
        ]
        indexes = [
            models.Index(Lower("email"), name="customer_email"),
            models.Index(fields=["address"], name="customer_address"),
            models.Index(PHONE_DIGITS, name="customer_phone"),
            GinIndex(OpClass(Upper("name"), "gin_trgm_ops"), name="customer_name"),
            GinIndex(OpClass("plain_name", "gin_trgm_ops"), name="customer_plain_name"),
            GinIndex(OpClass(Upper("email"), "gin_trgm_ops"), name="customer_find_email"),
        ]
        triggers = [KEEP_POINTS]
        permissions = [
            ("serve_customer", "Can act for a customer who calls or visits"),
            ("merge_customer", "Can merge two records of one customer, and undo it"),
            ("view_household", "Can see who else is registered at a customer's address"),
        ]

    def __str__(self) -> str:
        return self.name or self.email or f"Customer {self.pk}"

    @cached_property
    def identities(self) -> list[int]:
        """The keys under which rows that are never edited may name them: their own, and those merged into it."""
        return [self.pk, *Customer.objects.filter(merged_into=self.pk).values_list("pk", flat=True)]

    @property
    def is_written_to(self) -> bool:
        """Nobody writes to the dead: whoever sends messages asks this, or `CustomerQuerySet.written_to`, first."""
        return self.died_on is None and self.merged_into_id is None


@pgtrigger.register(pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete))
class AccessRecord(models.Model):
    """Staff, or another system by its key, read somebody's personal data: who, whose, what, when. Never edited."""

    actor = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    api_key = models.ForeignKey(ApiKey, null=True, on_delete=models.PROTECT, related_name="+")  # then there is no actor
    customer = models.ForeignKey(Customer, null=True, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=60)  # "case BAR-7K3M-29QD"
    purpose = models.CharField(max_length=100)
    at = models.DateTimeField(default=timezone.now)
    request_id = models.CharField(max_length=64, blank=True)  # the request that read, as in the logs

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["request_id", "actor", "what"], condition=~Q(request_id=""), name="access_once_per_request"
            ),
            models.UniqueConstraint(
                fields=["request_id", "api_key", "what"],
                condition=~Q(request_id="") & Q(api_key__isnull=False),
                name="access_once_per_call",
            ),
            models.CheckConstraint(
                condition=Q(actor__isnull=True) ^ Q(api_key__isnull=True), name="access_by_staff_or_by_key"
            ),
        ]
        indexes = [
            models.Index(fields=["customer", "-at"], name="access_by_customer"),
            models.Index(fields=["what", "-at"], name="access_by_object"),
        ]

    def __str__(self) -> str:
        return f"{self.actor or self.api_key} read {self.what}"


from barnet.customers.acting_for.delegations import (  # noqa: E402, F401
    CoveredService,
    Delegation,
    DelegationQuerySet,
    EvidenceDocument,
    Invitation,
)
from barnet.customers.alerting.alerts import Alert, AlertKind  # noqa: E402, F401
from barnet.customers.assisting.visits import AssistedVisit, VisitEvent  # noqa: E402, F401
from barnet.customers.consent.purposes import Consent, Purpose, PurposeText  # noqa: E402, F401
from barnet.customers.keeping.withheld import WithheldReader  # noqa: E402, F401
from barnet.customers.merging.merges import CustomerMerge  # noqa: E402, F401
from barnet.customers.reaching.needs import Need  # noqa: E402, F401
from barnet.customers.records import (  # noqa: E402, F401 - Django looks for models here
    IdentityCheck,
    SignOnRefusal,
    StaffEvent,
)
from barnet.customers.signing_in.security import (  # noqa: E402, F401
    AccountClosure,
    KnownDevice,
    SecurityEvent,
    SignInSession,
)
