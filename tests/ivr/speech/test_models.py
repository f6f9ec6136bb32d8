"""Models: fetched, checked part by part, renamed into place; refused by name when anything is wrong."""

from __future__ import annotations

import hashlib
import threading
import zipfile
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner

from ivr.commands.models import command
from ivr.speech import models
from ivr.speech.checking import check_all
from ivr.speech.downloading import NotFetched
from ivr.speech.engines import Choice
from ivr.speech.fetching import fetch, use
from ivr.speech.models import KnownModel, Part
from ivr.speech.recogniser import ModelBroken

FILES = {
    "am/final.mdl": b"sounds",
    "conf/mfcc.conf": b"--a=b",
    "conf/model.conf": b"--c=d",
    "graph/Gr.fst": b"words",
    "graph/HCLr.fst": b"ways",
}


def known(**changed: bytes) -> KnownModel:
    """A small model as published; `changed` files were published otherwise."""
    published = {**FILES, **{name.replace("__", "/"): content for name, content in changed.items()}}
    parts = [Part(name, len(content), hashlib.sha256(content).hexdigest()) for name, content in published.items()]
    blob = hashlib.sha1(b"blob 6\0sounds", usedforsecurity=False).hexdigest()
    return KnownModel("fr", "model-fr", 1, "Apache-2.0", (*parts, Part("am/final.mdl", git_blob=blob)))


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """The model as the source offers it: one folder in a zip."""
    path = tmp_path / "source" / "model-fr.zip"
    path.parent.mkdir()
    with zipfile.ZipFile(path, "w") as packed:
        for name, content in FILES.items():
            packed.writestr(f"model-fr/{name}", content)
    return path


@pytest.fixture
def source(archive: Path) -> Iterator[str]:
    """A mirror on this machine."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(archive.parent)))
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_model_is_fetched_checked_and_put_in_place(source, tmp_path):
    told: list[int] = []

    folder = fetch(known(), tmp_path, source, lambda here, of: told.append(of - here))

    assert folder == tmp_path / "models" / "fr"
    assert (folder / "graph" / "Gr.fst").read_bytes() == b"words"
    assert told[-1] == 0
    assert [path.name for path in folder.parent.iterdir()] == ["fr"]


def test_a_part_that_is_not_what_was_published_installs_nothing(source, tmp_path):
    """One changed byte of the same length, and one missing part; the model that stood there stays."""
    (tmp_path / "models" / "fr").mkdir(parents=True)
    with pytest.raises(ModelBroken) as broken:
        fetch(known(graph__Gr_fst=b"x", **{"graph__Gr.fst": b"wordz"}), tmp_path, source)

    assert broken.value.wrong == (
        "graph/Gr.fst is not the file that was published (SHA-256)",
        "graph/Gr_fst is missing",
    )
    assert [path.name for path in (tmp_path / "models").glob("[!.]*")] == ["fr"]
    assert not list((tmp_path / "models" / "fr").iterdir())


def test_without_network_the_error_says_so(tmp_path):
    with pytest.raises(NotFetched) as refused:
        fetch(known(), tmp_path, "http://127.0.0.1:9")

    assert "cannot be reached" in refused.value.reason


def test_a_source_without_the_model_is_named(source, tmp_path):
    with pytest.raises(NotFetched) as refused:
        fetch(KnownModel("fr", "another", 1, "", ()), tmp_path, source)

    assert refused.value.reason == "the source answers 404"


def test_an_archive_that_is_cut_off_or_writes_outside_is_refused(archive, tmp_path):
    cut = tmp_path / "cut.zip"
    cut.write_bytes(archive.read_bytes()[:200])
    with pytest.raises(ModelBroken):
        use(cut, "fr", tmp_path)

    trap = tmp_path / "trap.zip"
    with zipfile.ZipFile(trap, "w") as packed:
        packed.writestr("../outside", b"x")
    with pytest.raises(ModelBroken, match="outside"):
        use(trap, "fr", tmp_path)
    assert not (tmp_path / "outside").exists()


def test_a_folder_put_there_by_hand_or_named_by_a_variable_is_found(tmp_path):
    (tmp_path / "models" / "fr").mkdir(parents=True)

    found = models.choices(tmp_path, {"VOSK_MODEL_EN": "/models/en", "VOSK_MODEL_FR": ""})

    assert found["fr"] == Choice("vosk", str(tmp_path / "models" / "fr"))
    assert found["en"] == Choice("vosk", "/models/en")
    assert models.choices(tmp_path / "empty", {}) == {"en": Choice("pocketsphinx")}


def test_the_command_tells_what_to_fetch(tmp_path):
    told = CliRunner(env={"SOUFFLEUR_DATA": str(tmp_path)}).invoke(command, ["list"])

    assert "vosk-model-small-fr-0.22" in told.output
    assert "souffleur models fetch fr" in told.output


def test_a_real_model_is_probed(korean, tmp_path):
    """A link instead of 264 MB of copies; telephone sound goes through it, and our French vocabulary is not its own."""
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "ko").symlink_to(korean)

    (report,) = check_all(tmp_path, {}, (), ("ko",))

    assert (report["engine"], report["faults"]) == ("vosk", [])
    assert report["decodes"]
    assert report["good"]
