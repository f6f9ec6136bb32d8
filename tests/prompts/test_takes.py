"""Takes: kept under their own hash, drafts until published, and a call keeps the voice it began with."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import create_engine, inspect, text

from ivr.database import engine_for, upgrade
from ivr.records.takes import takes_in
from prompts import Catalogue, Voice
from prompts.takes import PATH, TakeFolder, UnknownTake, same_words, write_whole

SAYS = "Combien de places ?"


@pytest.fixture
def catalogue(tmp_path):
    folder = tmp_path / "wording"
    folder.mkdir()
    (folder / "fr.toml").write_text(
        f'name = "f"\nlocale = "fr-FR"\nvoice = "v"\n[buy.n]\ntext = "{SAYS}"\n[general.missing]\ntext = "…"',
        encoding="utf-8",
    )
    return Catalogue.load(folder)


def test_a_draft_is_not_heard(takes, keep):
    draft = keep()

    assert takes.state(draft) == "draft"
    assert takes.address("buy.n", "fr", SAYS) is None


def test_a_published_take_is_heard_by_the_next_call(takes, keep, catalogue):
    voice, take = Voice(catalogue, takes), keep()

    takes.publish(take.id, "Pamina")

    assert [piece.take for piece in voice.pieces("buy.n")] == [PATH + take.address]
    assert voice.sound("buy.n") == b"\x01" * 800
    assert takes.state(take) == "live"


def test_a_call_keeps_the_voice_it_began_with(takes, keep, catalogue):
    first, second = keep(), keep()
    takes.publish(first.id, "Pamina")
    voice = Voice(catalogue, takes)
    call = voice.at(voice.revision)

    takes.publish(second.id, "Pamina")

    assert [piece.take for piece in call.pieces("buy.n")] == [PATH + first.address]
    assert [piece.take for piece in voice.pieces("buy.n")] == [PATH + second.address]
    assert [piece.take for piece in voice.at(call.revision).pieces("buy.n")] == [PATH + first.address]


def test_rolling_back_and_forth(takes, keep):
    first, second = keep(), keep()
    for take in (first, second):
        takes.publish(take.id, "Pamina")

    heard = []
    for _ in range(2):
        takes.roll_back("buy.n", "fr", "Pamina")
        heard.append(takes.address("buy.n", "fr", SAYS))

    assert heard == [PATH + first.address, PATH + second.address]
    assert takes.state(first) == "approved"


def test_rolling_back_the_first_take_gives_the_synthetic_voice_again(takes, keep):
    takes.publish(keep().id, "Pamina")

    takes.roll_back("buy.n", "fr", "Pamina")

    assert takes.address("buy.n", "fr", SAYS) is None


def test_a_take_may_be_withdrawn(takes, keep):
    takes.publish(keep().id, "Pamina")

    takes.withdraw("buy.n", "fr", "Pamina")

    assert takes.address("buy.n", "fr", SAYS) is None


def test_every_publication_is_written_down(takes, keep):
    first = keep()
    takes.publish(first.id, "Pamina")
    takes.withdraw("buy.n", "fr", "Sarastro")

    log = takes.book.publications("buy.n", "fr")

    assert [(line.revision, line.take_id, line.by) for line in log] == [(2, None, "Sarastro"), (1, first.id, "Pamina")]


def test_a_take_of_another_wording_is_not_heard(takes, keep):
    takes.publish(keep(words="Combien de billets ?").id, "Pamina")

    assert takes.address("buy.n", "fr", SAYS) is None
    assert takes.address("buy.n", "fr", "combien de billets !") is not None


def test_a_take_whose_sound_is_lost_is_not_heard(takes, keep, caplog):
    take = keep()
    takes.publish(take.id, "Pamina")

    takes.folder.file(take.address).unlink()

    assert takes.address("buy.n", "fr", SAYS) is None
    assert "lost" in caplog.text


def test_what_was_never_kept_cannot_be_published(takes, keep):
    take = keep()
    takes.folder.file(take.address).unlink()

    for unknown in (take.id, 999):
        with pytest.raises(UnknownTake):
            takes.publish(unknown, "Pamina")
    assert takes.revision == 0


@pytest.mark.parametrize("address", ["../../etc/passwd", "x.wav", "", "a" * 32 + ".wav", "/takes/x", "%2e%2e"])
def test_an_address_that_is_not_ours_opens_no_file(takes, address):
    with pytest.raises(UnknownTake):
        takes.folder.file(address)


def test_the_same_sound_is_kept_once(takes, tmp_path):
    from prompts.mulaw_wav import wrapped

    addresses = {takes.folder.keep(wrapped(b"\x10" * 80), b"master") for _ in range(3)}

    (address,) = addresses
    assert sorted(path.name for path in takes.folder.path.iterdir()) == [address[:-4] + ".master.wav", address]
    assert takes.folder.master(address).read_bytes() == b"master"


def test_another_process_is_noticed_at_once_or_within_the_time_allowed(takes, keep, tmp_path):
    engine = engine_for(f"sqlite:///{tmp_path / 'takes.sqlite'}")
    other = takes_in(tmp_path, engine, lambda: None)
    patient = takes_in(tmp_path, engine, lambda: None, fresh_seconds=3600)
    assert (other.revision, patient.revision) == (0, 0)

    take = keep()
    takes.publish(take.id, "Pamina")

    assert other.address("buy.n", "fr", SAYS) == PATH + take.address
    assert patient.address("buy.n", "fr", SAYS) is None
    engine.dispose()


def test_twenty_operators_publish_at_once_and_every_revision_is_one_of_its_own(takes, keep):
    kept = [keep() for _ in range(20)]

    with ThreadPoolExecutor(8) as pool:
        revisions = list(pool.map(lambda take: takes.publish(take.id, "Pamina"), kept))

    assert sorted(revisions) == list(range(1, 21))


def test_without_the_key_two_publications_would_share_a_revision(tmp_path):
    """The control: two who count first and write afterwards both write the same number."""
    engine = create_engine(f"sqlite:///{tmp_path / 'loose.sqlite'}")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE loose (revision INTEGER)"))

    with engine.connect() as one, engine.connect() as other:
        counted = [c.scalar(text("SELECT coalesce(max(revision), 0) + 1 FROM loose")) for c in (one, other)]
        for connection, number in zip((one, other), counted, strict=True):
            connection.execute(text("INSERT INTO loose VALUES (:n)"), {"n": number})
            connection.commit()

    with engine.connect() as connection:
        assert list(connection.scalars(text("SELECT revision FROM loose"))) == [1, 1]
    engine.dispose()


def test_nobody_reads_half_a_file(tmp_path):
    whole = bytes(100_000)
    path = tmp_path / "sound"

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: write_whole(path, whole), range(40)))

    assert [name.name for name in tmp_path.iterdir()] == ["sound"]
    assert path.read_bytes() == whole


def test_a_file_written_in_place_is_read_by_halves(tmp_path):
    """The control: without moving it into place whole, a reader between two writes gets half."""
    path = tmp_path / "sound"

    with path.open("wb", buffering=0) as file:
        file.write(bytes(10))
        read_in_between = path.read_bytes()
        file.write(bytes(10))

    assert len(read_in_between) == 10


def test_the_migration_makes_the_tables_that_the_program_uses(tmp_path, book):
    url = f"sqlite:///{tmp_path / 'migrated.sqlite'}"
    upgrade(url)
    migrated, made = engine_for(url), engine_for(f"sqlite:///{tmp_path / 'takes.sqlite'}")

    for table in ("takes", "take_publications"):
        columns = [
            {(column["name"], str(column["type"]), column["nullable"]) for column in inspect(engine).get_columns(table)}
            for engine in (migrated, made)
        ]
        assert columns[0] == columns[1]
    migrated.dispose()
    made.dispose()


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [("Bonjour !", "bonjour", True), ("L’Opéra", "l'opéra", True), ("deux", "trois", False), ("a b", "ab", False)],
)
def test_punctuation_is_not_heard(one, other, same):
    assert same_words(one, other) is same


def test_a_folder_made_by_name_is_made_when_needed(tmp_path):
    from prompts.mulaw_wav import wrapped

    folder = TakeFolder(str(tmp_path / "a" / "b"))

    assert folder.sound(folder.keep(wrapped(b"\x01\x02"))) == b"\x01\x02"
