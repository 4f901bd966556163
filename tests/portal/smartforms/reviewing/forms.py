"""A form with everything that a picture shows: a page that comes sometimes, a group, an early end, three outcomes."""

import copy

CLUB = {
    "slug": "club",
    "title": "Join the club",
    "summary": "For families.",
    "service": "club",
    "steps": [
        {
            "key": "you",
            "title": "You",
            "questions": [
                {"key": "name", "kind": "name", "label": "Your name"},
                {
                    "key": "lives",
                    "kind": "radios",
                    "label": "Where do you live?",
                    "options": [{"value": "here", "label": "In Barnet"}, {"value": "away", "label": "Elsewhere"}],
                },
                {"key": "brings", "kind": "yes_no", "label": "Do you bring children?"},
            ],
        },
        {
            "key": "children",
            "title": "Your children",
            "kind": "group",
            "item_name": "child",
            "least": 1,
            "show_when": {"about": "brings", "one_of": ["yes"]},
            "questions": [{"key": "child_name", "kind": "name", "label": "Name"}],
        },
        {
            "key": "help",
            "title": "Help",
            "questions": [
                {"key": "helps", "kind": "yes_no", "label": "Can you help?"},
                {
                    "key": "when",
                    "kind": "short_text",
                    "label": "When?",
                    "show_when": {"about": "brings", "one_of": ["no"]},
                },
            ],
        },
    ],
    "ends": [{"after": "you", "when": {"about": "lives", "one_of": ["away"]}, "outcome": "other"}],
    "calculations": [{"key": "many", "kind": "count", "label": "How many children", "about": "children"}],
    "outcomes": [
        {"key": "other", "title": "Ask your council", "body": "Sorry.", "when": {"about": "lives", "one_of": ["away"]},
         "sends": False},
        {"key": "big", "title": "We call you", "when": {"about": "many", "at_least": 5}},
        {"key": "sent", "title": "We have it"},
    ],
    "destinations": [
        {"service": "club", "case_title": "Member", "team": "youth", "urgency": "high",
         "when": {"about": "brings", "one_of": ["yes"]}},
        {"service": "club", "case_title": "Member"},
    ],
}  # fmt: skip


def club(**changed):
    return {**copy.deepcopy(CLUB), **changed}
