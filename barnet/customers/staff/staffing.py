"""Joiners, movers and leavers: the only ways in which somebody becomes staff, changes roles, or goes.

Each is one transaction, is safe to repeat (what is so already changes nothing and leaves no record), and writes a
`StaffEvent`. Groups that are no roles are never touched, except that a leaver keeps none.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import structlog
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group
from django.db import transaction
from django.utils.translation import gettext as _

from barnet.customers import services
from barnet.customers.actors import Actor
from barnet.customers.enums import StaffChange, StaffSource
from barnet.customers.models import User
from barnet.customers.records import StaffEvent
from barnet.customers.staff import leaving
from barnet.customers.staff.roles import ROLES, ensure_roles

log = structlog.get_logger(__name__)


class StaffingRefusedError(ValueError):
    """It cannot be done; the text says why, in words for the person who tried."""


@dataclass(frozen=True)
class Cause:
    """Who does it, by which way, and why. `actor` is None for a command and for the sign-in provider."""

    source: StaffSource
    done_by: str
    actor: User | None = None
    reason: str = ""

    @classmethod
    def page(cls, actor: User, reason: str = "") -> "Cause":
        return cls(StaffSource.PAGE, str(actor)[:150], actor, reason)


@dataclass(frozen=True)
class Change:
    """What became of it. `event` is None when everything was so already."""

    user: User
    event: StaffEvent | None = None


def roles_of(user: User) -> list[str]:
    return sorted(user.groups.filter(name__in=ROLES).values_list("name", flat=True))


@transaction.atomic
def join(
    email: str,
    *,
    roles: Iterable[str],
    cause: Cause,
    first_name: str = "",
    last_name: str = "",
    may_return: bool = True,
) -> Change:
    """A login for a new member of staff; staff rights for a resident's login; or somebody comes back.

    They choose a password by 'forgotten password' and set up a second step at first entry. StaffingRefusedError for
    somebody who works here already with other roles: that is a move.
    """
    wanted = _known(roles)
    user, made = User.objects.select_for_update().get_or_create(
        email=email.lower(), defaults={"first_name": first_name[:100], "last_name": last_name[:100]}
    )
    if not made and user.is_staff and user.is_active:
        if roles_of(user) == wanted:
            return Change(user)
        raise StaffingRefusedError(
            _("%(email)s works here already, with other roles. Change those instead.") % {"email": user.email}
        )
    if made:
        user.set_unusable_password()
    else:
        services.forget_unproved_password(user)  # a stranger may have registered the address before
    user.is_staff = user.is_active = True
    user.first_name, user.last_name = first_name[:100] or user.first_name, last_name[:100] or user.last_name
    user.save()
    EmailAddress.objects.get_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})
    before = _set_roles(user, wanted)
    return Change(user, _record(user, StaffChange.JOINED, before, cause))


@transaction.atomic
def move(user: User, *, roles: Iterable[str], cause: Cause) -> Change:
    """Other roles, from this moment: open sessions have them with their next page."""
    wanted = _known(roles)
    user = _locked(user)
    if not (user.is_staff and user.is_active):
        raise StaffingRefusedError(_("%(email)s does not work here.") % {"email": user.email})
    before = _set_roles(user, wanted)
    if before == wanted:
        return Change(user)
    return Change(user, _record(user, StaffChange.MOVED, before, cause))


@transaction.atomic
def leave(user: User, *, cause: Cause) -> Change:
    """The account is closed, every session ends, no way to sign in and no role is left, open work goes back.

    The password and the second steps are forgotten, so that nothing of the old time opens the account if they return.
    """
    user = _locked(user)
    if not user.is_staff:
        raise StaffingRefusedError(_("%(email)s does not work here.") % {"email": user.email})
    before = roles_of(user)
    if not (user.is_active or before):
        return Change(user)
    user.is_active = user.is_superuser = False
    user.set_unusable_password()  # sessions are bound to the password: all of them end
    user.save(update_fields=["is_active", "is_superuser", "password"])
    user.groups.clear()
    user.user_permissions.clear()
    Authenticator.objects.filter(user=user).delete()
    actor = Actor.staff(cause.actor) if cause.actor else Actor.system()
    handed_back = leaving.hand_back_everything(user, actor=actor)
    return Change(user, _record(user, StaffChange.LEFT, before, cause, handed_back=handed_back))


def _known(roles: Iterable[str]) -> list[str]:
    wanted = sorted(set(roles))
    if unknown := [name for name in wanted if name not in ROLES]:
        raise StaffingRefusedError(
            _("There is no role %(name)s. The roles are: %(roles)s.")
            % {"name": ", ".join(unknown), "roles": ", ".join(ROLES)}
        )
    return wanted


def _locked(user: User) -> User:
    return User.objects.select_for_update().get(pk=user.pk)


def _set_roles(user: User, wanted: list[str]) -> list[str]:
    """Returns the roles that the person had."""
    before = roles_of(user)
    if before != wanted:
        groups = {group.name: group for group in Group.objects.filter(name__in=ROLES)}
        if set(wanted) - set(groups):
            ensure_roles()
            groups = {group.name: group for group in Group.objects.filter(name__in=ROLES)}
        user.groups.remove(*(groups[name] for name in before if name not in wanted))
        user.groups.add(*(groups[name] for name in wanted))
    return before


def _record(user: User, kind: StaffChange, before: list[str], cause: Cause, *, handed_back: str = "") -> StaffEvent:
    said = {"user_id": user.pk, "kind": str(kind), "roles": roles_of(user), "source": str(cause.source)}
    transaction.on_commit(lambda: log.info("staff_changed", **said))  # a dry run says nothing that did not happen
    return StaffEvent.objects.create(
        user=user,
        kind=kind,
        roles_before=before,
        roles=roles_of(user),
        source=cause.source,
        actor=cause.actor,
        done_by=cause.done_by[:150],
        reason=cause.reason[:300],
        handed_back=handed_back[:300],
    )
