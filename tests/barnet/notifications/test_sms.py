import pytest

from barnet.notifications.sms import Length, length_of


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("", Length(0, 0, False)),
        ("a" * 160, Length(160, 1, False)),
        ("a" * 161, Length(161, 2, False)),
        ("a" * 306, Length(306, 2, False)),
        ("a" * 307, Length(307, 3, False)),
        ("€" * 80, Length(160, 1, False)),
        ("€" * 81, Length(162, 2, False)),
        ("a" * 69 + "ł", Length(70, 1, True)),
        ("a" * 70 + "ł", Length(71, 2, True)),
        ("🗑" * 36, Length(72, 2, True)),
    ],
)
def test_a_text_message_is_counted_as_the_networks_do(text, length):
    assert length_of(text) == length
