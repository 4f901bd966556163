import pytest
from hypothesis import given
from hypothesis import strategies as st

from barnet.kit.references import SIGNS, InvalidReferenceError, is_canonical, new_reference, parse_reference

references = st.builds(lambda _seed: new_reference(), st.integers())
places = st.integers(0, 7)


def _signs(reference: str) -> list[str]:
    return list(reference.removeprefix("BAR-").replace("-", ""))


@given(references)
def test_reference_is_canonical_and_reads_back_as_itself(reference):
    assert is_canonical(reference)
    assert parse_reference(reference) == reference


@given(references, st.sampled_from(["{}", " {} ", "{}\t", "\n{}"]), st.sampled_from(["-", " ", "", "–", ".", " - "]))
def test_reference_is_read_in_any_case_and_spacing(reference, frame, separator):
    typed = frame.format(reference.replace("-", separator))
    assert parse_reference(typed.lower()) == reference
    assert parse_reference(typed) == reference


@given(references)
def test_reference_is_read_without_its_prefix(reference):
    assert parse_reference("".join(_signs(reference))) == reference


@given(references, places, st.sampled_from(SIGNS))
def test_reference_with_one_wrong_sign_is_refused(reference, place, wrong):
    signs = _signs(reference)
    if signs[place] == wrong:
        return
    signs[place] = wrong
    with pytest.raises(InvalidReferenceError):
        parse_reference("".join(signs))


@given(references, places, places)
def test_reference_with_two_signs_swapped_is_refused(reference, one, other):
    signs = _signs(reference)
    if signs[one] == signs[other]:
        return
    signs[one], signs[other] = signs[other], signs[one]
    with pytest.raises(InvalidReferenceError):
        parse_reference("".join(signs))


@pytest.mark.parametrize(("typed", "meant"), [("S", "5"), ("Z", "2"), ("B", "8")])
def test_reference_reads_a_sign_that_we_never_use_as_what_it_looks_like(typed, meant):
    reference = next(r for r in iter(new_reference, None) if meant in "".join(_signs(r)))
    assert parse_reference("BAR" + "".join(_signs(reference)).replace(meant, typed)) == reference


@given(st.text(max_size=30))
def test_reference_of_any_other_text_is_refused_or_canonical(text):
    try:
        read = parse_reference(text)
    except InvalidReferenceError:
        return
    assert is_canonical(read)
