import pytest

from barnet.notifications import wording


def test_placeholders_are_found_in_any_case_and_spacing():
    assert wording.placeholders("((Reference)) and (( promise date )), ((reference))") == ["reference", "promise_date"]


def test_fill_replaces_every_placeholder():
    assert wording.fill("((a)) and ((b)), ((A))", {"a": "1", "b": "2"}) == "1 and 2, 1"


def test_fill_never_reads_a_value_as_wording():
    assert wording.fill("((a))", {"a": "((b))", "b": "secret"}) == "((b))"


def test_fill_drops_what_the_database_cannot_hold():
    assert wording.fill("((a))", {"a": "x\x00y\r\nz"}) == "xy\nz"


def test_fill_refuses_a_placeholder_without_value():
    with pytest.raises(KeyError):
        wording.fill("((a))", {})


def test_a_line_stays_one_line():
    assert (
        wording.fill_line("Hello ((a))", {"a": "x\r\nBcc: all@example.com"}, longest=99)
        == "Hello x Bcc: all@example.com"
    )


def test_a_long_line_is_cut_with_a_sign():
    assert wording.fill_line("x" * 300, {}, longest=200) == "x" * 199 + "…"


@pytest.mark.parametrize("text", ["((reference", "((a(b)))", "one ((two) three"])
def test_a_lost_bracket_is_noticed(text):
    assert wording.is_broken(text)


@pytest.mark.parametrize("text", ["", "((a))", "see (a) and (b (c))", "smile :))"])
def test_ordinary_brackets_are_left_alone(text):
    assert not wording.is_broken(text)
