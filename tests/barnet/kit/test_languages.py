import datetime as dt

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext, override

from barnet.kit import wording
from barnet.kit.languages import in_english, in_language, language_tag, offered_languages


def test_offered_languages_begin_with_english_and_are_called_by_their_own_name():
    assert offered_languages([]) == [("en-gb", "English")]
    assert offered_languages(["pl", " FA", "en-gb", "en", "zh-hans", "so"]) == [
        ("en-gb", "English"),
        ("pl", "Polski"),
        ("fa", "فارسی"),
        ("zh-hans", "中文"),
        ("so", "Soomaali"),
    ]


def test_a_language_that_nobody_knows_is_refused():
    with pytest.raises(ImproperlyConfigured, match="xx"):
        offered_languages(["pl", "xx"])


@pytest.mark.parametrize(
    ("code", "tag"), [("en-gb", "en-GB"), ("pl", "pl"), ("zh-hans", "zh-Hans"), ("pt-br", "pt-BR")]
)
def test_language_tag(code, tag):
    with override(code):
        assert language_tag() == tag


def test_dates_read_as_each_language_writes_them():
    day = dt.date(2026, 11, 23)
    moment = dt.datetime(2026, 11, 23, 16, 5)
    assert wording.day(day) == "Monday 23 November 2026"
    assert wording.moment(moment) == "23 November 2026, 4:05pm"
    with in_language("pl"):
        assert wording.day(day) == "Poniedziałek 23 listopada 2026"
        assert wording.date_long(day) == "23 listopada 2026"
        assert wording.moment(moment) == "23 listopada 2026, 16:05"
    with in_language("so"):  # Django has no words in it
        assert wording.day(day) == "Monday 23 November 2026"


def test_english_is_written_whatever_the_page_is_in(translations):
    translations(pl={"Bins": "Śmieci"})
    with in_language("pl"):
        assert gettext("Bins") == "Śmieci"
        with in_english():
            assert gettext("Bins") == "Bins"


def test_chinese_and_english_of_a_record_are_the_catalogues_of_that_name():
    with in_language("zh"):
        assert language_tag() == "zh-Hans"
    with in_language("en"):
        assert language_tag() == "en-GB"
