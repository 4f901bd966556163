# ruff: noqa: E501  prose
"""The first words of the website. They are laid once; from then on they belong to the editors.

A body is a list of (block, value), as the page stores it. `is_required` marks pages that every page's footer leads to:
they are laid again if somebody deletes them.
"""

from dataclasses import dataclass, field
from typing import Any

Blocks = list[tuple[str, Any]]


@dataclass(frozen=True)
class PageSeed:
    slug: str
    title: str
    summary: str
    body: Blocks = field(default_factory=list)
    is_required: bool = False


def link(*, service: str = "", path: str = "") -> dict[str, Any]:
    return {"page": None, "service": service, "path": path}


def task(title: str, text: str, **target: str) -> tuple[str, Any]:
    return "task", {"title": title, "text": text, "link": link(**target)}


def contact(name: str, *, phone: str = "", email: str = "", address: str = "", hours: str = "") -> tuple[str, Any]:
    return "contact", {"name": name, "phone": phone, "email": email, "address": address, "hours": hours}


def table(caption: str, headings: list[str], rows: list[list[str]]) -> tuple[str, Any]:
    columns = [{"type": "text", "heading": heading} for heading in headings]
    cells = {"columns": columns, "rows": [{"values": row} for row in rows], "caption": ""}
    return "table", {"caption": caption, "has_row_headings": True, "table": cells}


def steps(*rows: tuple[str, str]) -> tuple[str, Any]:
    return "steps", [{"title": title, "text": text} for title, text in rows]


HOME_TITLE = "How can we help?"
HOME_INTRODUCTION = "Find a service, report a problem or see what is happening with a request."
HOME_TASKS: Blocks = [
    task("Find your bin collection days", "See the next dates for your address, and add them to your calendar.", path="/bins/"),
    task("Report a missed bin", "Tell us that we did not empty it. We come back within two working days.", service="missed-bin"),
    task("Go to my account", "Your requests, your messages and your details.", path="/account/"),
    task("See all services", "Everything that you can ask for, pay for or book online.", path="/services/"),
    task("Find an address", "Look up an address in the borough, its property number and its ward.", path="/addresses/"),
    task("Contact us", "By telephone, by e-mail or in person.", path="/contact/"),
]  # fmt: skip

CONTACT = PageSeed(
    slug="contact",
    title="Contact us",
    summary="Most things can be done online at any time. If you would rather speak or write to somebody, we are here.",
    is_required=True,
    body=[
        ("heading", "Online"),
        (
            "paragraph",
            '<p>You can <a href="/services/">find a service</a>, follow what you asked for in '
            '<a href="/account/">your account</a>, and <a href="/chat/">write to us</a>.</p>',
        ),
        ("heading", "Telephone and e-mail"),
        contact(
            "Customer services",
            phone="020 7946 0100",
            email="contact@barnet.example",
            hours="Monday to Friday, 9am to 5pm",
        ),
        (
            "details",
            {
                "summary": "If you are deaf or find it hard to speak",
                "text": "<p>Call us with Relay UK: dial 18001 before our number.</p>",
            },
        ),
        ("heading", "In person"),
        (
            "paragraph",
            "<p>Staff in our libraries sit beside you and do it with you. No appointment is needed to use a computer; "
            "for advice about benefits, council tax or housing, please book one by telephone.</p>",
        ),
        ("heading", "If somebody is in danger"),
        ("warning", "If life is in danger, call 999."),
        contact("Out of hours, for emergencies that cannot wait", phone="020 7946 0199", hours="Nights and weekends"),
    ],
)

ACCESSIBILITY = PageSeed(
    slug="accessibility",
    title="Accessibility statement",
    summary="Everybody should be able to use this website. This page says how far it does, how we test it, and how to tell us when it fails.",
    is_required=True,
    body=[
        ("heading", "What you can do"),
        (
            "paragraph",
            "<p>You should be able to:</p><ul>"
            "<li>enlarge the page to 400% without anything running off the screen</li>"
            "<li>use every page with a keyboard alone</li>"
            "<li>use every page with a screen reader or with voice control</li>"
            "<li>use every page with scripts switched off</li>"
            "<li>read the text: we write plainly, and say what a word means when there is no plainer one</li></ul>",
        ),
        ("heading", "How accessible it is"),
        (
            "paragraph",
            "<p>We build this website to version 2.2 of the Web Content Accessibility Guidelines, level AA (WCAG 2.2 AA). "
            "Our own tests find no failures of that standard on the pages for residents or on the pages where staff "
            "work on requests.</p>"
            "<p>Two parts are not covered by this: documents that were made elsewhere, such as PDF files, and the "
            "screens on which staff write pages. They come with the publishing software that we use, and some of them "
            "fall short of the standard.</p>",
        ),
        ("heading", "How we test it"),
        (
            "paragraph",
            "<p>Before each release, programs check every kind of page: with the axe rules, at the width of a small phone "
            "and of a desktop screen, signed in and signed out, with errors and without. Forms are also filled in with "
            "scripts switched off.</p>"
            "<p>No independent body has audited this website yet, and no group of disabled people has tested it as "
            "a whole. Programs do not find everything. If something stops you, please tell us.</p>",
        ),
        ("heading", "Tell us about a problem"),
        (
            "paragraph",
            "<p>If you cannot use a page, or need what it says in another form, such as large print, Easy Read, braille "
            "or an audio recording, say which page it is and what you need. We answer within five working days.</p>",
        ),
        contact("Accessibility", phone="020 7946 0100", email="accessibility@barnet.example"),
        ("heading", "If you are not content with our answer"),
        (
            "paragraph",
            "<p>The Equality and Human Rights Commission enforces the Public Sector Bodies (Websites and Mobile "
            "Applications) (No. 2) Accessibility Regulations 2018. If you are not content with how we answer your "
            'complaint, contact the <a href="https://www.equalityadvisoryservice.com/">Equality Advisory and Support '
            "Service</a>.</p>",
        ),
    ],
)

PRIVACY = PageSeed(
    slug="privacy",
    title="Privacy notice",
    summary="What we keep about you when you use this website, why, for how long, and what you can ask of us.",
    is_required=True,
    body=[
        ("heading", "What we keep"),
        (
            "paragraph",
            "<p>We keep what you give us so that we can do what you asked for:</p><ul>"
            "<li>your name, and how to reach you</li>"
            "<li>the address or the place that a request is about</li>"
            "<li>what you wrote, and photographs that you sent: where a photograph was taken is removed from it</li>"
            "<li>what we did, when, and what we told you</li></ul>"
            "<p>You can report many things without an account, and without your name.</p>",
        ),
        ("heading", "Why we may keep it"),
        (
            "paragraph",
            "<p>We are a council: we use personal data to carry out tasks in the public interest that the law gives us "
            "(article 6(1)(e) of the UK GDPR). We do not sell it, and we do not use it for advertising.</p>",
        ),
        ("heading", "Who sees it"),
        (
            "paragraph",
            "<p>Staff see it when their work needs it. Each time a member of staff opens the record of a customer, we keep "
            "who did so, when and why. Companies that work for us, such as those that collect bins, see what they need "
            "for the job.</p>",
        ),
        ("heading", "What you can ask of us"),
        (
            "paragraph",
            "<p>You can ask for a copy of what we hold about you, ask us to correct it, and, in some cases, ask us to "
            "delete it or to stop using it. You can also complain to the "
            '<a href="https://ico.org.uk/make-a-complaint/">Information Commissioner’s Office</a>.</p>',
        ),
        contact("Data protection officer", phone="020 7946 0101", email="privacy@barnet.example"),
        ("heading", "Cookies"),
        (
            "paragraph",
            '<p>We use only those that this website cannot work without. See <a href="/cookies/">cookies</a>.</p>',
        ),
    ],
)

COOKIES = PageSeed(
    slug="cookies",
    title="Cookies",
    summary="This website keeps only the cookies that it cannot work without. It does not follow what you do.",
    is_required=True,
    body=[
        (
            "paragraph",
            "<p>A cookie is a small piece of text that a website asks your browser to keep. We do not ask for your "
            "consent because we set no others than these. No other company sets cookies here.</p>",
        ),
        table(
            "Cookies of this website",
            ["Name", "What it is for", "How long it lasts"],
            [
                ["sessionid", "Keeps you signed in", "12 hours, or until you sign out"],
                ["device", "Knows your browser again, so that we tell you when another one signs in", "1 year"],
                ["csrftoken", "Makes sure that a form was sent by you and not by another website", "1 year"],
                ["messages", "Carries a message, such as “Saved”, to the next page", "Until you have seen it"],
            ],
        ),
    ],
)

HELP = PageSeed(
    slug="help",
    title="Help with using this website",
    summary="How to find things, how to make an account, and where to get help from a person.",
    is_required=True,
    body=[
        ("heading", "Find what you need"),
        (
            "paragraph",
            '<p>Write a few words into the search box at the top of every page, or look through '
            '<a href="/services/">all services</a>.</p>',
        ),
        ("heading", "Make an account"),
        (
            "paragraph",
            "<p>You can report most things without an account. With one, you see everything that you asked for in one "
            "place, and need not give your details again.</p>",
        ),
        steps(
            ("Give your e-mail address and choose a password", "<p>Ten signs or more. Three words are easy to keep in mind.</p>"),
            ("Enter the code that we send you", "<p>It shows that the address is yours. Look in your spam folder if it does not come.</p>"),
            ("Sign in", "<p>Next time you can have a code sent to you instead of using your password.</p>"),
        ),
        ("call_to_action", {"text": "Go to my account", "link": link(path="/account/")}),
        ("heading", "Follow a request"),
        (
            "paragraph",
            "<p>Every request has a reference such as BAR-7K3M-29QD. Keep it: with it, we find your request at once. We "
            "write to you each time that something changes, and say what happens next and by when.</p>",
        ),
        ("heading", "Get help from a person"),
        (
            "paragraph",
            '<p>Call us or visit a library: see <a href="/contact/">contact us</a>. Somebody you trust can also act for '
            "you, if you give us your permission.</p>",
        ),
    ],
)  # fmt: skip

BINS_HELP = PageSeed(
    slug="bins-and-recycling",
    title="Bins and recycling",
    summary="When we collect, what to do when we did not, and how to put your bins out so that we can empty them.",
    body=[
        ("call_to_action", {"text": "Find your collection days", "link": link(path="/bins/")}),
        ("heading", "Put your bins out"),
        (
            "paragraph",
            "<ul><li>Put them at the edge of your property by 6am on the day of your collection.</li>"
            "<li>Close the lid. We do not take bags beside the bin.</li>"
            "<li>Take them back in on the same day.</li></ul>",
        ),
        ("heading", "If we did not empty your bin"),
        (
            "paragraph",
            "<p>You can report it when the day’s round has ended, and within two working days after the day when it was "
            "due. We come back within two working days.</p>",
        ),
        (
            "inset",
            "<p>If the crew could not empty it, because it was not out, held the wrong things or could not be reached, "
            "we tell you so when you report it, and what you can do now.</p>",
        ),
        ("heading", "Bank holidays"),
        (
            "paragraph",
            "<p>After a bank holiday, collections can be a day later. The dates for your address already show this.</p>",
        ),
    ],
)

PAGES = [CONTACT, ACCESSIBILITY, PRIVACY, COOKIES, HELP, BINS_HELP]
