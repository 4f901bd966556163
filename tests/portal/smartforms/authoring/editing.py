"""What a browser posts in the editor of forms."""

from django.urls import reverse
from wagtail.test.utils.form_data import nested_form_data, streamfield

from portal.smartforms.authoring.compiling import PARTS
from portal.smartforms.authoring.gate import ABOUT
from portal.smartforms.models import SmartForm


def address(act, *args):
    return reverse(f"wagtailsnippets_smartforms_smartform:{act}", args=args)


def row(about, test, value=""):
    return ("row", {"about": about, "test": test, "value": value})


def items(rows):
    posted = {str(number): {"value": value, "order": str(number), "deleted": ""} for number, value in enumerate(rows)}
    return posted | {"count": str(len(rows))}


def question(label, kind="short_text", *, options=(), show_when=(), is_required=True, **more):
    value = {
        **dict.fromkeys(
            ("hint", "help", "why", "prefill", "keep_days", "least", "most", "earliest", "latest", "pattern", "key"), ""
        ),
        "label": label,
        "kind": kind,
        "data_class": "ordinary",
        "options": items([{"label": option, "hint": "", "value": ""} for option in options]),
        "rows": items([]),
        "setup": items([]),
        "show_when": streamfield(list(show_when)),
        "checks": items([]),
        **more,
    }
    return value | ({"is_required": "on"} if is_required else {})


def page(title, questions, *, show_when=(), **more):
    return {
        "title": title,
        "body": "",
        "key": "",
        "show_when": streamfield(list(show_when)),
        "questions": items(questions),
        **more,
    }


def outcome(title, *, when=(), body=""):
    return ("outcome", {"title": title, "body": body, "key": "", "sends": "on", "when": streamfield(list(when))})


def destination(service, title):
    row = {"service": service, "case_title": title, "team": "", "urgency": "normal", "when": streamfield([])}
    return ("destination", row)


def club(service, *, item_name="child", **changed):
    """A branching form with a repeating group, as an editor builds it: words only, no short names."""
    return nested_form_data(
        {
            "title": "Join the club",
            "slug": "join-the-club",
            "summary": "For families.",
            "service": service.pk,
            "declaration": "",
            "go_live_at": "",
            "expire_at": "",
            "steps": streamfield(
                [
                    (
                        "questions",
                        page(
                            "You",
                            [
                                question("Your name", "name"),
                                question("Do you bring children?", "radios", options=["Yes, I do", "No"]),
                            ],
                        ),
                    ),
                    (
                        "group",
                        page(
                            "Your children",
                            [question("Child's name", "name"), question("Age", "number", least="0", most="17")],
                            show_when=[row("Do you bring children?", "one_of", "Yes, I do")],
                            item_name=item_name,
                            least="1",
                            most="10",
                        ),
                    ),
                ]
            ),
            "calculations": streamfield([]),
            "ends": streamfield([]),
            "outcomes": streamfield([outcome("We have it")]),
            "destinations": streamfield([destination("club", "New member")]),
            **changed,
        }
    )


def posted_again(form):
    """What the editor sends back for the form as it stands: everything with its short name and id."""
    form = SmartForm.objects.get(pk=form.pk).get_latest_revision_as_object()
    blocks = {name: list(getattr(form, name).get_prep_value()) for name in PARTS}
    fields = {name: getattr(form, name) for name in ABOUT if name != "needs_account"}
    fields |= {"needs_account": "on"} if form.needs_account else {}
    return nested_form_data(
        {
            **fields,
            "service": form.service_id,
            "go_live_at": "",
            "expire_at": "",
            **{name: _stream(rows) for name, rows in blocks.items()},
        }
    )


def _stream(rows):
    posted = {
        str(number): {
            "type": block["type"],
            "id": block.get("id") or "",
            "order": str(number),
            "deleted": "",
            "value": _value(block["value"]),
        }
        for number, block in enumerate(rows)
    }
    return posted | {"count": str(len(rows))}


def _value(value):
    posted = {}
    for name, part in value.items():
        if isinstance(part, list):
            posted[name] = part if part and isinstance(part[0], str) else _stream(part)
        elif isinstance(part, bool):
            posted |= {name: "on"} if part else {}
        else:
            posted[name] = "" if part is None else str(part)
    return posted


def draft(client, service, **changed):
    response = client.post(address("add"), club(service, **changed))
    assert response.status_code == 302, response.context["form"].errors
    return SmartForm.objects.get()


def publish(client, form, **changed):
    return client.post(address("edit", form.pk), {**posted_again(form), "action-publish": "1", **changed})
