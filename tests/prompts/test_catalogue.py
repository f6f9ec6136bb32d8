"""The wording files: what is read, what stands in for what, and every fault with its place and its remedy."""

import pytest

from prompts import BadCatalogue, Catalogue, UnknownPrompt, faults_of, missing_for

HEAD = 'name = "x"\nlocale = "xx"\nvoice = "v"\n[general.missing]\ntext = "…"\n'


@pytest.fixture
def wording(tmp_path):
    """Writes wording files and reads them: `wording(fr="…", en="…")`."""

    def written(**files):
        for language, text in files.items():
            (tmp_path / f"{language}.toml").write_text(HEAD + text, encoding="utf-8")
        return tmp_path

    return written


def all_faults(folder):
    catalogue, faults = Catalogue.read(folder)
    return [*faults, *faults_of(catalogue)]


def test_the_house_has_its_own_wording_without_a_fault():
    catalogue, faults = Catalogue.read()

    assert [str(fault) for fault in (*faults, *faults_of(catalogue)) if fault.severe] == []


def test_a_prompt_may_have_prompts_below_it(wording):
    catalogue = Catalogue.load(wording(fr='[buy.n]\ntext = "Combien ?"\n[buy.n.unclear.2]\ntext = "Pardon ?"'))

    assert catalogue.keys() == ("general.missing", "buy.n", "buy.n.unclear.2")


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        ("buy.n.unclear.3", "deux"), ("buy.n.unclear.2", "deux"), ("buy.n.unclear", "un"),
        ("buy.n.silence.2", "encore"),
        ("buy.n.silence", "silence"), ("other.n.silence", "silence"), ("other.n.unclear.5", "général"),
    ],
)  # fmt: skip
def test_the_ladder_goes_down_to_the_general_prompts(wording, asked, text):
    catalogue = Catalogue.load(
        wording(
            fr='[buy.n]\ntext = "n"\n[buy.n.unclear]\ntext = "un"\n[buy.n.unclear.2]\ntext = "deux"\n'
            '[general.silence]\ntext = "silence"\n[general.silence.2]\ntext = "encore"\n'
            '[general.unclear]\ntext = "général"'
        )
    )

    assert catalogue.get(asked, "fr").text == text


def test_another_language_stands_in(wording):
    catalogue = Catalogue.load(wording(fr='[a]\ntext = "oui"', en=""))

    assert catalogue.get("a", "en").language == "fr"
    assert catalogue.get("a", "de").language == "fr"


def test_an_unknown_key_is_unknown(wording):
    with pytest.raises(UnknownPrompt) as unknown:
        Catalogue.load(wording(fr="")).get("a.b", "fr")

    assert unknown.value.key == "a.b"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[a]\ntext = "{n}"\nslots = { n = "nombre" }', "fr.toml [a]: slot «n» has no known kind: nombre"),
        ('[a]\ntext = "{n}"\nslots = { n = "price feminine" }', "price feminine"),
        ('[a]\ntext = "{n}"\nslots = { n = "list" }\n[b]\ntext = "{m}"', "fr.toml [b]: slot «m» is not declared"),
        ('[a]\ntext = "{n"', "fr.toml [a]: braces mean nothing: {n"),
        ('[a]\ntext = "{n|un}"\nslots = { n = "number" }', "braces mean nothing: {n|un}"),
        ('[a]\ntext = "{N}"', "braces mean nothing: {N}"),
        ('[a]\ntext = ""', "the text is empty"),
        ('[a]\ntext = "x"\nsay = "y"', "«say» means nothing here"),
        ('[a]\ntext = "bell \\u0007"', "character U+0007 is forbidden in XML"),
        ("[a\n", "fr.toml: cannot be read"),
        ('[a]\ntext = "' + "mot " * 900 + '"', "3599 characters, the carrier reads 3000"),
        ('[a]\ntext = "' + "é" * 1_000 + '"', "6000 characters once URL-encoded, the carrier reads 4500"),
    ],
)
def test_faults_name_the_file_the_key_and_the_remedy(wording, text, said):
    found = [str(fault) for fault in all_faults(wording(fr=text))]

    assert any(said in line and " → " in line for line in found), found


def test_slots_are_the_same_in_every_language(wording):
    folder = wording(
        fr='[a]\ntext = "{n} {m}"\nslots = { n = "number feminine", m = "price" }',
        en='[a]\ntext = "{n} {k}"\nslots = { n = "number", k = "price" }',
    )

    found = [str(fault) for fault in all_faults(folder)]

    assert len(found) == 2
    assert all("not the same as in" in line and ("«m»" in line or "«k»" in line) for line in found)


def test_a_missing_translation_is_a_doubt_and_stops_nothing(wording):
    folder = wording(fr='[a]\ntext = "oui"', en="")

    assert [(fault.key, fault.severe) for fault in all_faults(folder)] == [("a", False)]
    assert "a" in Catalogue.load(folder)


def test_a_key_that_a_flow_uses_must_be_written_in_every_language(wording):
    catalogue = Catalogue.load(wording(fr='[a]\ntext = "oui"\n[general.unclear]\ntext = "?"', en=""))

    missing = missing_for(catalogue, ["a", "b", "a.unclear"])

    assert [(fault.file, fault.key) for fault in missing] == [
        ("en.toml", "a"), ("en.toml", "b"), ("fr.toml", "b"), ("en.toml", "a.unclear"),
    ]  # fmt: skip


def test_loading_says_everything_that_is_wrong_at_once(wording):
    with pytest.raises(BadCatalogue) as bad:
        Catalogue.load(wording(fr='[a]\ntext = "{n}"\n[b]\ntext = ""'))

    assert [fault.key for fault in bad.value.faults] == ["a", "b"]


def test_an_empty_folder_is_a_fault(tmp_path):
    with pytest.raises(BadCatalogue, match="no wording file"):
        Catalogue.load(tmp_path)


def test_operators_may_change_a_wording(wording):
    catalogue = Catalogue.load(wording(fr='[a]\ntext = "oui"')).with_wording({("fr", "a"): "si", ("fr", "zz"): "x"})

    assert catalogue.get("a", "fr").text == "si"
    assert "zz" not in catalogue
