"""What is written is what GNU gettext would have written: Python's own gettext reads it."""

import gettext
import io
import subprocess
import sys

import pytest

from ops import catalogues

PO = r"""
# A translator's remark.
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\n"
"Plural-Forms: nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2);\n"

#: barnet/kit/wording.py
msgid "Your “bin”"
msgstr "Twój \"kosz\"\n"

msgid ""
"A long "
"text"
msgstr ""
"Długi "
"tekst"

msgctxt "alt. month"
msgid "May"
msgstr "maja"

msgid "May"
msgstr "może"

#, fuzzy, python-format
msgid "%(count)s doubtful"
msgstr "%(count)s wątpliwy"

msgid "Nobody translated this"
msgstr ""

#, python-format
msgid "%(count)s bin"
msgid_plural "%(count)s bins"
msgstr[0] "%(count)s kosz"
msgstr[1] "%(count)s kosze"
msgstr[2] "%(count)s koszy"

#~ msgid "Gone"
#~ msgstr "Nie ma"
"""


def test_gettext_reads_what_was_compiled():
    read = gettext.GNUTranslations(io.BytesIO(catalogues.compiled(PO)))
    assert read.gettext("Your “bin”") == 'Twój "kosz"\n'
    assert read.gettext("A long text") == "Długi tekst"
    assert read.pgettext("alt. month", "May") == "maja"
    assert read.gettext("May") == "może"
    assert [read.ngettext("%(count)s bin", "%(count)s bins", n) for n in (1, 3, 5)] == [
        "%(count)s kosz",
        "%(count)s kosze",
        "%(count)s koszy",
    ]
    for english in ("%(count)s doubtful", "Nobody translated this", "Gone"):
        assert read.gettext(english) == english


@pytest.mark.parametrize(
    ("po", "sentence"),
    [
        ('msgid "A"\nmsgstr B\n', "line 2"),
        ('msgid "A"\nmsgstr "B\n', "line 2"),
        ('msgid "A"\nmsgstr "B"\n\nmsgid "A"\nmsgstr "C"\n', "'A' is there twice"),
    ],
)
def test_broken_catalogue_says_where(po, sentence, tmp_path):
    folder = tmp_path / "locale" / "pl" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text(po)
    with pytest.raises(catalogues.CatalogueError, match=sentence):
        catalogues.compile_all(tmp_path)
    assert not (folder / "django.mo").exists()


def test_runs_without_anything_installed():
    program = [sys.executable, "-I", str(catalogues.ROOT / "ops" / "catalogues.py")]
    said = subprocess.run(program, capture_output=True, text=True, check=True).stdout
    assert said.split() == [str(path.relative_to(catalogues.ROOT).with_suffix(".mo")) for path in catalogues.sources()]
