"""Who does something, by which right, through which channel: three of the four facts on every event."""

from dataclasses import dataclass

from barnet.customers.enums import Channel, Right
from barnet.customers.models import Customer, User


@dataclass(frozen=True)
class Actor:
    """The doer of an act. `user` is None for a visitor without an account and for the system itself.

    `visit_pk`: of the visit at a desk during which it is done, by staff or by the visitor.
    """

    user: User | None
    right: Right
    channel: Channel
    visit_pk: int | None = None

    @classmethod
    def system(cls) -> "Actor":
        return cls(None, Right.SYSTEM, Channel.SYSTEM)

    @classmethod
    def visitor(cls) -> "Actor":
        return cls(None, Right.SELF, Channel.WEB)

    @classmethod
    def in_person(cls, visit_pk: int | None = None) -> "Actor":
        """A visitor at a screen that staff handed over to them."""
        return cls(None, Right.SELF, Channel.FACE_TO_FACE, visit_pk)

    @classmethod
    def staff(cls, user: User, channel: Channel = Channel.WEB, visit_pk: int | None = None) -> "Actor":
        return cls(user, Right.STAFF, channel, visit_pk)

    @classmethod
    def online(cls, user: User, subject: Customer | None) -> "Actor":
        """A signed-in resident, for themselves or with somebody's authority."""
        owns = subject is None or subject.user_id == user.pk
        return cls(user, Right.SELF if owns else Right.DELEGATE, Channel.WEB)
