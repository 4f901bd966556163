"""The first wording of every message about who may act for whom, as plain data: notifications registers them.

Both sides get the same message, in the third person, so that nobody has to guess what the other was told.
"""

from django.utils.translation import gettext_lazy as _

from barnet.customers.signing_in.mail_kinds import MailKind

_WHO = {"delegate": "Ben Delegate", "principal": "Asha Owner"}
_SCOPE = {"scope": "Every service", "until": "No end", "kind": "Given by the person"}
_LINK = {"link": "https://www.barnet.example/account/people/"}
_STOP = (
    "\n\nEither side can end it at any time: ((link))\nIf you did not expect this, end it there, or call us at once."
)

PEOPLE_KINDS: list[MailKind] = [
    MailKind(
        "authority-invitation",
        _("Acting for others: an invitation"),
        "((principal)) asks you to act for them with us",
        "((principal)) asks you to act for them in what they have to do with us.\n\nFor what: ((scope))\n"
        "Until: ((until))\n\nRead it, and accept or decline, here: ((link))\n\n"
        "Sign in with this e-mail address, or register with it: the invitation works for no other. "
        "It ends on ((expires)).\n\nIf you do not know ((principal)), you need do nothing.",
        {**_WHO, **_SCOPE, **_LINK, "expires": "7 December 2026"},
        required=("link",),
    ),
    MailKind(
        "authority-invitation-made",
        _("Acting for others: an invitation was made (to the inviter)"),
        "An invitation to act for ((principal))",
        "On ((when)) ((delegate)) was invited to act for ((principal)).\n\nFor what: ((scope))\nUntil: ((until))\n\n"
        "What happens next: nothing, until the invitation is accepted. It ends on ((expires)). "
        "You can withdraw it before: ((link))\n\nIf this was not you, withdraw it there and call us at once.",
        {**_WHO, **_SCOPE, **_LINK, "when": "23 November 2026, 4:05pm", "expires": "7 December 2026"},
        required=("link",),
    ),
    MailKind(
        "authority-declined",
        _("Acting for others: an invitation was declined"),
        "The invitation to act for ((principal)) was declined",
        "((delegate)) will not act for ((principal)). Nothing changed, and nothing happens next.\n\n"
        "Who may act for whom: ((link))",
        {**_WHO, **_LINK},
    ),
    MailKind(
        "authority-withdrawn",
        _("Acting for others: an invitation was withdrawn"),
        "The invitation to act for ((principal)) was withdrawn",
        "The invitation of ((delegate)) to act for ((principal)) no longer works. You need do nothing.",
        {**_WHO},
    ),
    MailKind(
        "authority-given",
        _("Acting for others: an authority begins"),
        "((delegate)) may act for ((principal))",
        "From ((from)) ((delegate)) may act for ((principal)).\n\nBy which right: ((kind))\nFor what: ((scope))\n"
        "Until: ((until))\n\nEverything that they do is recorded as done by them, for ((principal))." + _STOP,
        {**_WHO, **_SCOPE, **_LINK, "from": "23 November 2026"},
        required=("link",),
    ),
    MailKind(
        "authority-changed",
        _("Acting for others: an authority has a new end"),
        "How long ((delegate)) may act for ((principal))",
        "The authority of ((delegate)) to act for ((principal)) has a new end.\n\nFor what: ((scope))\nUntil: ((until))"
        + _STOP,
        {**_WHO, **_SCOPE, **_LINK},
        required=("link",),
    ),
    MailKind(
        "authority-ended",
        _("Acting for others: an authority ended"),
        "((delegate)) no longer acts for ((principal))",
        "On ((when)) the authority of ((delegate)) to act for ((principal)) ended.\n\nWho ended it: ((ended_by))\n"
        "Why: ((why))\n\nIt stopped at once. You need do nothing. Who may act for whom: ((link))",
        {
            **_WHO,
            **_LINK,
            "when": "23 November 2026, 4:05pm",
            "ended_by": "The person who gave it",
            "why": "No reason was given",
        },
    ),
]
