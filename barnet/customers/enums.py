from django.db import models
from django.utils.translation import gettext_lazy as _


class CustomerKind(models.TextChoices):
    PERSON = "person", _("Person")
    BUSINESS = "business", _("Business")


class Language(models.TextChoices):
    """Of what we write to somebody, in its own name. The first is that of every wording."""

    ENGLISH = "en", "English"
    ARABIC = "ar", "العربية"
    PERSIAN = "fa", "فارسی"
    GUJARATI = "gu", "ગુજરાતી"
    POLISH = "pl", "Polski"
    ROMANIAN = "ro", "Română"
    SOMALI = "so", "Soomaali"
    TURKISH = "tr", "Türkçe"
    UKRAINIAN = "uk", "Українська"
    CHINESE = "zh", "中文"


class Right(models.TextChoices):
    """By which right somebody acts: the third of who, for whom, by which right, through which channel."""

    SELF = "self", _("For themselves")
    DELEGATE = "delegate", _("With the customer's authority")
    STAFF = "staff", _("As a member of staff")
    SYSTEM = "system", _("Automatically")


class Channel(models.TextChoices):
    """Through which channel somebody reached us."""

    WEB = "web", _("Website")
    PHONE = "phone", _("Telephone")
    FACE_TO_FACE = "face_to_face", _("Face to face")
    EMAIL = "email", _("E-mail")
    POST = "post", _("Post")
    SOCIAL = "social", _("Social media")
    CHAT = "chat", _("Web chat")
    AUTOMATED = "automated", _("Automated telephone line")
    SYSTEM = "system", _("Automatic")


class StaffChange(models.TextChoices):
    """What happened to a member of staff's account."""

    JOINED = "joined", _("Joined")
    MOVED = "moved", _("Roles changed")
    LEFT = "left", _("Left")


class StaffSource(models.TextChoices):
    """By which way it happened."""

    COMMAND = "command", _("By command")
    PAGE = "page", _("By an administrator")
    CLAIM = "claim", _("By the groups of the sign-in provider")


class Confidence(models.TextChoices):
    """How surely a provider knows who somebody is, in the terms of the government's guide GPG 45."""

    P0 = "P0", _("Not checked")
    P1 = "P1", _("Low confidence")
    P2 = "P2", _("Medium confidence")


class MessageChannel(models.TextChoices):
    """Through which channel we reach somebody."""

    EMAIL = "email", _("E-mail")
    SMS = "sms", _("Text message")
    PUSH = "push", _("Notification on a device")
    LETTER = "letter", _("Letter")
    INBOX = "inbox", _("My Account inbox")


class Topic(models.TextChoices):
    """What a message is about, as people choose how to be told of it."""

    REQUESTS = "requests", _("Your requests")
    BINS = "bins", _("Bin collections")
    ACCOUNT = "account", _("Your account and sign-in")
    NEWS = "news", _("News from the council")


class ContactKind(models.TextChoices):
    EMAIL = "email", _("E-mail address")
    MOBILE = "mobile", _("Mobile number")
    LANDLINE = "landline", _("Landline number")
    POSTAL = "postal", _("Postal address")


class AuthorityKind(models.TextChoices):
    """Where somebody's right to act for another comes from."""

    INVITED = "invited", _("Given by the person")
    RECORDED = "recorded", _("Recorded by staff")
    PARENT = "parent", _("Parent or guardian of a child")
    ATTORNEY = "attorney", _("Power of attorney")
    APPOINTEE = "appointee", _("Appointee for benefits")
    EXECUTOR = "executor", _("Executor, after a death")
    BUSINESS = "business", _("Role in a business")


class Power(models.TextChoices):
    """What an authority lets its holder do."""

    READ = "read", _("Read")
    ACT = "act", _("Ask and report")
    PAY = "pay", _("Pay")
    MANAGE = "manage", _("Look after the people of a business")


class BusinessRole(models.TextChoices):
    """What a person is in a business; `POWERS` says what each role allows."""

    OWNER = "owner", _("Owner")
    MANAGER = "manager", _("Manager")
    MAY_PAY = "may_pay", _("May read and pay")
    MAY_READ = "may_read", _("May read")


POWERS: dict[str, frozenset[Power]] = {
    "": frozenset({Power.READ, Power.ACT, Power.PAY}),  # every authority that is not a role in a business
    BusinessRole.OWNER: frozenset(Power),
    BusinessRole.MANAGER: frozenset(Power),  # of everybody but owners: `business.may_give` has the rule
    BusinessRole.MAY_PAY: frozenset({Power.READ, Power.PAY}),
    BusinessRole.MAY_READ: frozenset({Power.READ}),
}


class EndedBy(models.TextChoices):
    """Which side ended an authority."""

    PRINCIPAL = "principal", _("The person who gave it")
    DELEGATE = "delegate", _("The person who held it")
    STAFF = "staff", _("A member of staff")
    SYSTEM = "system", _("Automatically")


class InvitationWay(models.TextChoices):
    EMAIL = "email", _("By e-mail")
    LETTER = "letter", _("By a code in a letter")


class InvitationState(models.TextChoices):
    PENDING = "pending", _("Waiting for an answer")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    CANCELLED = "cancelled", _("Withdrawn")
    LOCKED = "locked", _("Closed after wrong tries")


class VisitEventKind(models.TextChoices):
    """What happened to the screen while staff helped a visitor."""

    BEGUN = "begun", _("Begun")
    HANDED_OVER = "handed_over", _("The screen was handed over to the visitor")
    TAKEN_BACK = "taken_back", _("The screen was taken back")
    FINISHED = "finished", _("Finished by the visitor, and wiped")
    IDLE = "idle", _("Wiped after a pause")
    ENDED = "ended", _("Ended by staff, and wiped")
    LEFT = "left", _("Left without an end")


# One of these, once, is the last thing of a visit.
VISIT_ENDS = (VisitEventKind.FINISHED, VisitEventKind.IDLE, VisitEventKind.ENDED, VisitEventKind.LEFT)


class SecurityEventKind(models.TextChoices):
    """What happened to an account, or was tried on it. Each label reads as a line of its owner's recent activity."""

    SIGNED_IN = "signed_in", _("Signed in")
    NEW_DEVICE = "new_device", _("Signed in from a device or browser that was new")
    SIGNED_OUT = "signed_out", _("Signed out")
    PROVED = "proved", _("Proved again who you are")
    PASSWORD_REFUSED = "password_refused", _("A wrong password was refused")
    CODE_REFUSED = "code_refused", _("A wrong code from an e-mail was refused")
    SECOND_STEP_REFUSED = "second_step_refused", _("A wrong code for the second step was refused")
    SECOND_STEP_REPLAYED = "second_step_replayed", _("A code that had been used already was refused")
    PASSKEY_REFUSED = "passkey_refused", _("A passkey was refused")
    PASSKEY_COPIED = "passkey_copied", _("A passkey that seems to have been copied was refused")
    TOO_MANY_TRIES = "too_many_tries", _("Too many tries: stopped for a while")
    CLOSED_REFUSED = "closed_refused", _("Sign-in to a closed account was refused")
    SESSION_ENDED = "session_ended", _("A device was signed out from the list of devices")
    SIGNED_OUT_EVERYWHERE = "signed_out_everywhere", _("Signed out everywhere")
    SESSION_REFUSED = "session_refused", _("A browser that had been signed out tried to go on, and was refused")
    SESSION_ELSEWHERE = "session_elsewhere", _("A sign-in went on in another browser: it was refused, and signed out")
    SESSION_IDLE = "session_idle", _("Asked again who it is, after a time without use")
    SIGN_ON_REFUSED = "sign_on_refused", _("A sign-in through another service was refused")
    INVITATION_CODE_REFUSED = "invitation_code_refused", _("A wrong code of a letter was refused")
    CLAIM_CODE_REFUSED = "claim_code_refused", _("A wrong code for joining a request was refused")
    KIOSK_SIGN_IN = "kiosk_sign_in", _("Signed in at a shared computer of ours")
    KIOSK_ON = "kiosk_on", _("A browser was made a kiosk")
    KIOSK_OFF = "kiosk_off", _("A kiosk was made an ordinary browser again")
    AUTHORITY_REFUSED = "authority_refused", _("Acting for somebody without their authority was refused")
    PASSWORD_CHANGED = "password_changed", _("The password was changed")
    EMAIL_CHANGE_ASKED = "email_change_asked", _("A change of e-mail address was asked for")
    EMAIL_CHANGED = "email_changed", _("The e-mail address was changed")
    SECOND_STEP_ADDED = "second_step_added", _("An authenticator app was added")
    SECOND_STEP_REMOVED = "second_step_removed", _("The authenticator app was removed")
    PASSKEY_ADDED = "passkey_added", _("A passkey was added")
    PASSKEY_RENAMED = "passkey_renamed", _("A passkey was given another name")
    PASSKEY_REMOVED = "passkey_removed", _("A passkey was removed")
    RECOVERY_CODES_MADE = "recovery_codes_made", _("New recovery codes were made")
    RECOVERY_CODE_USED = "recovery_code_used", _("A recovery code was used")
    DEVICE_TRUSTED = "device_trusted", _("A device was trusted for 14 days")
    TRUST_ENDED = "trust_ended", _("Devices are no longer trusted")
    CLOSING_ASKED = "closing_asked", _("The account was closed, to be deleted after 14 days")
    CALLED_BACK = "called_back", _("The account was opened again")
    CLOSED = "closed", _("The account was closed for good")
