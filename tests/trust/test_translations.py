"""Every word that somebody reads can be said in Russian, and is."""

import gettext
import io
from pathlib import Path

import pytest

from clinic.web.translations.catalogue import BadCatalogue, Message, compiled, merged, read_po, written_po
from clinic.web.translations.collecting import collected, in_python, in_template, python_files, template_files
from tests.each import of_each
from tests.trust.wordscan import words_in_python, words_in_template

ROOT = Path(__file__).resolve().parents[2]
RUSSIAN = ROOT / "locale" / "ru" / "LC_MESSAGES"
COLLECT = "run manage.py collect_messages"
# Written for whoever runs the installation in a terminal, in English like its commands and logs.
FOR_OPERATORS = ("management", "bootstrap", "translations")
# The gallery is shown only under DEBUG, to whoever builds pages; its samples are no texts of the product.
GALLERY = ("templates/web/styleguide.html", "clinic/web/gallery.py")


def kept() -> list[Message]:
    return read_po((RUSSIAN / "django.po").read_text(encoding="utf-8"))


def of_the_product(paths: list[Path]) -> list[Path]:
    return [path for path in paths if path.relative_to(ROOT).as_posix() not in GALLERY]


@of_each("path", of_the_product(template_files(ROOT)), ids=lambda path: str(path.relative_to(ROOT)))
def test_no_template_holds_a_word_outside_translate(path: Path) -> None:
    found = words_in_template(path.read_text(encoding="utf-8"))
    assert not found, "\n".join(f"{path.relative_to(ROOT)}:{line}: put into translate: {text}" for line, text in found)


def test_no_label_or_message_of_a_program_bypasses_gettext() -> None:
    paths = [path for path in of_the_product(python_files(ROOT)) if not set(FOR_OPERATORS) & set(path.parts) and "method" not in path.parts]
    found = [(path, *each) for path in paths for each in words_in_python(path.read_text(encoding="utf-8"))]
    assert not found, "\n".join(f"{path.relative_to(ROOT)}:{line}: put into gettext: {text}" for path, line, text in found)


def test_every_word_of_the_project_is_in_the_catalogue() -> None:
    missing = {message.key for message in collected(ROOT)} - {message.key for message in kept()}
    assert not missing, f"{COLLECT}: {sorted(missing)[:10]}"


def test_every_word_of_the_project_is_translated_into_russian() -> None:
    open_ones = [message.msgid for message in kept() if not message.is_translated]
    assert not open_ones, f"{len(open_ones)} texts without a finished Russian translation, the first: {open_ones[:5]}"


def test_a_translation_keeps_the_places_of_its_text() -> None:
    wrong = [
        message.msgid
        for message in kept()
        for text in message.translations
        if text and not message.plural and holes(text) != holes(message.msgid)
    ]
    assert not wrong, f"a %(name)s was lost or invented in the translation of: {wrong}"


def holes(text: str) -> set[str]:
    return {part.split(")")[0] for part in text.split("%(")[1:]}


def test_the_compiled_catalogue_is_current() -> None:
    assert (RUSSIAN / "django.mo").read_bytes() == compiled(kept()), COLLECT


def test_the_catalogue_is_written_as_the_command_writes_it() -> None:
    assert written_po(kept()) == (RUSSIAN / "django.po").read_text(encoding="utf-8"), COLLECT


# The collector itself.


def test_every_way_to_translate_in_a_template_is_collected() -> None:
    source = """{% translate "One" %} {% translate 'Two' context "b" as x %} {% trans variable %} {{ value|default:_("Three") }}
    {% blocktranslate trimmed with name=user.name %}
      Hello {{ name }},
      100% sure
    {% endblocktranslate %}
    {% blocktranslate count n=n %}{{ n }} row{% plural %}{{ n }} rows{% endblocktranslate %}"""
    assert [(message.context, message.msgid, message.plural) for message in in_template(source)] == [
        ("", "One", ""),
        ("b", "Two", ""),
        ("", "Three", ""),
        ("", "Hello %(name)s, 100%% sure", ""),
        ("", "%(n)s row", "%(n)s rows"),
    ]


def test_every_way_to_translate_in_a_program_is_collected() -> None:
    source = '_("a" "b"); gettext(x); ngettext("one", "many", n); pgettext("c", "d"); translation.gettext_lazy("e")\nWORDS: M = {"k": "f"}'
    assert [(message.context, message.msgid, message.plural) for message in in_python(source, tables=["WORDS"])] == [
        ("", "f", ""),
        ("", "ab", ""),
        ("", "one", "many"),
        ("c", "d", ""),
        ("", "e", ""),
    ]


def test_a_catalogue_survives_writing_and_reading() -> None:
    messages = [
        Message('say "a"\n\tb\\', places=("x.py",), translations=("скажи «а»\nб\\",)),
        Message("row", "table", "rows", ("y.html",), ("строка", "строки", "строк", "строки")),
        Message("open", places=("z.py",), translations=("",)),
        Message("%(n)s left", places=("z.py",), translations=("осталось %(n)s",), is_fuzzy=True),
    ]
    assert read_po(written_po(messages)) == messages


def test_what_the_program_reads_is_what_the_people_wrote() -> None:
    messages = [
        Message("yes", translations=("да",)),
        Message("row", "", "rows", (), ("строка", "строки", "строк", "строки")),
        Message("may", "month", "", (), ("май",)),
        Message("no", translations=("нет",), is_fuzzy=True),
    ]
    catalogue = gettext.GNUTranslations(io.BytesIO(compiled(messages)))
    assert catalogue.gettext("yes") == "да"
    assert [catalogue.ngettext("row", "rows", number) for number in (1, 2, 5, 21)] == ["строка", "строки", "строк", "строка"]
    assert catalogue.pgettext("month", "may") == "май"
    assert catalogue.gettext("no") == "no", "a fuzzy translation is not shown"


def test_collecting_again_keeps_translations_and_drops_what_is_gone() -> None:
    before = [Message("a", translations=("а",)), Message("gone", translations=("нет",))]
    assert merged([Message("new"), Message("a", places=("x",))], before) == [
        Message("new"),
        Message("a", places=("x",), translations=("а",)),
    ]


def test_a_broken_catalogue_is_refused() -> None:
    with pytest.raises(BadCatalogue, match="msgid oops"):
        read_po('msgid oops\nmsgstr ""')


@pytest.mark.parametrize(
    "source",
    [
        "<p>Hello</p>",
        '<a title="More">{{ x }}</a>',
        '<img alt="A spine" src="{% static "x.png" %}">',
        '{% include "a.html" with title="Patient list" only %}',
        '{{ name|default:"Not known" }}',
        "{% block title %}Patients{% endblock %}",
        '<input placeholder="{% if x %}Name{% endif %}">',
    ],
)
def test_an_untranslated_word_is_found(source: str) -> None:
    assert words_in_template(source)


@pytest.mark.parametrize(
    "source",
    [
        '<p class="lead">{% translate "Hello" %} · Tactus: {{ n }}, 5</p>',
        '{% comment %} Words for us {% endcomment %}{# and here #}<a href="/x/">{{ y }}</a>',
        "{% blocktranslate with a=b %}Words {{ a }}{% endblocktranslate %}",
        '<a aria-label="{% if k == \'Rail\' %}{% translate "Main" %}{% else %}{{ x }}{% endif %}"></a>',
        '{% include "a.html" with icon="search-x" level="error" only %}',
        '<script src="x.js">var words</script>',
    ],
)
def test_what_needs_no_translation_is_let_pass(source: str) -> None:
    assert words_in_template(source) == []
