"""Fetching as operators live it: cut lines, full disks, wrong archives, machines that stop in the middle."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import re
import signal
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path

import pytest
from click.testing import CliRunner

from ivr.commands.models import command
from ivr.speech import models
from ivr.speech.checking import check_all
from ivr.speech.downloading import NotFetched, download
from ivr.speech.fetching import WORK, NotAsPublished, NotInstalled, fetch, is_whole, use
from ivr.speech.models import KnownModel, Part
from ivr.speech.recogniser import ModelBroken
from ivr.speech.unpacking import checksums, unpack

SOUNDS = bytes(range(256)) * 4000
FILES = {
    "am/final.mdl": SOUNDS,
    "conf/mfcc.conf": b"--a=b",
    "conf/model.conf": b"--c=d",
    "graph/Gr.fst": b"words",
    "graph/HCLr.fst": b"ways",
}


def part(name: str) -> Part:
    """One file as it was published."""
    return Part(name, len(FILES[name]), hashlib.sha256(FILES[name]).hexdigest())


KNOWN = KnownModel("fr", "vosk-model-small-fr-0.22", 1, "Apache-2.0", tuple(map(part, FILES)))


def packed(path: Path, files: dict[str, bytes]) -> Path:
    """A zip of these files, as it lies at the source."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(f"{KNOWN.name}/{name}", content)
    return path


class Mirror(ThreadingHTTPServer):
    """A source that can skip what one has, and may break off after so many bytes."""

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.folder, self.cut, self.skips, self.tag = folder, 0, True, '"one"'
        self.asked: list[int] = []
        self.url = f"http://127.0.0.1:{self.server_port}"


class Answer(BaseHTTPRequestHandler):
    """GET, with Range and If-Range (RFC 9110)."""

    server: Mirror

    def do_GET(self) -> None:
        """The file, or what is missing of it."""
        content = (self.server.folder / self.path.strip("/")).read_bytes()
        wanted = re.match(r"bytes=(\d+)-", self.headers.get("Range", ""))
        same = self.server.skips and self.headers.get("If-Range") == self.server.tag
        start = int(wanted[1]) if wanted and same else 0
        self.server.asked.append(start)
        self.send_response(206 if start else 200)
        self.send_header("ETag", self.server.tag)
        self.send_header("Content-Length", str(len(content) - start))
        self.end_headers()
        rest = content[start:]
        self.wfile.write(rest[: self.server.cut] if self.server.cut else rest)

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def mirror(tmp_path: Path) -> Iterator[Mirror]:
    """A mirror with the model."""
    folder = tmp_path / "mirror"
    folder.mkdir()
    packed(folder / KNOWN.archive, FILES)
    server = Mirror(folder)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def left_in(data: Path) -> list[str]:
    """What lies beside the models."""
    return sorted(path.name for path in (data / "models").iterdir())


# -- the line --


def test_a_source_that_breaks_off_is_asked_for_the_rest(mirror, tmp_path):
    """Four pieces, each about where the last one stopped."""
    mirror.cut = 300_000

    folder = fetch(KNOWN, tmp_path, mirror.url)

    assert len(mirror.asked) == 4
    assert all(after - before > 200_000 for before, after in pairwise(mirror.asked))
    assert (folder / "am" / "final.mdl").read_bytes() == SOUNDS
    assert left_in(tmp_path) == ["fr"]


def test_the_next_attempt_goes_on_where_the_last_one_was_killed(mirror, tmp_path):
    half = tmp_path / "models" / ".fetched" / f"{KNOWN.archive}.part"
    half.parent.mkdir(parents=True)
    half.write_bytes((mirror.folder / KNOWN.archive).read_bytes()[:500_000])
    half.with_name(half.name + ".tag").write_text(mirror.tag)

    fetch(KNOWN, tmp_path, mirror.url)

    assert mirror.asked == [500_000]
    assert is_whole(KNOWN, tmp_path)


@pytest.mark.parametrize("change", ["another file by now", "cannot skip"])
def test_half_of_another_file_is_begun_anew(mirror, tmp_path, change):
    half = tmp_path / "x.part"
    half.write_bytes(b"half of yesterday's file")
    half.with_name("x.part.tag").write_text(mirror.tag)
    if change == "cannot skip":
        mirror.skips = False
    else:
        mirror.tag = '"two"'

    download(f"{mirror.url}/{KNOWN.archive}", tmp_path / "x")

    assert (tmp_path / "x").read_bytes() == (mirror.folder / KNOWN.archive).read_bytes()


def test_a_page_in_place_of_the_archive_is_no_model(mirror, tmp_path):
    """What a hotel's network answers; it is not kept, so that the next attempt asks again."""
    (mirror.folder / KNOWN.archive).write_bytes(b"<html>Welcome! Please sign in.</html>")

    with pytest.raises(ModelBroken, match="not a whole zip"):
        fetch(KNOWN, tmp_path, mirror.url)
    packed(mirror.folder / KNOWN.archive, FILES)
    fetch(KNOWN, tmp_path, mirror.url)

    assert is_whole(KNOWN, tmp_path)


def test_an_address_that_is_none_is_named(tmp_path):
    with pytest.raises(NotFetched, match="no address"):
        fetch(KNOWN, tmp_path, "ftp://nowhere")
    assert left_in(tmp_path) == []


# -- what came --


def test_another_model_is_refused_and_kept_for_who_trusts_it(mirror, tmp_path):
    """The way out that the command names works: `use` takes what `fetch` refused."""
    packed(mirror.folder / KNOWN.archive, {**FILES, "graph/Gr.fst": b"other"})

    with pytest.raises(NotAsPublished, match="is not the file that was published") as refused:
        fetch(KNOWN, tmp_path, mirror.url)
    assert not (tmp_path / "models" / "fr").exists()
    use(refused.value.archive, "fr", tmp_path)

    assert (tmp_path / "models" / "fr" / "graph" / "Gr.fst").read_bytes() == b"other"


def test_a_house_may_bring_checksums_of_its_own(mirror, tmp_path):
    files = {**FILES, "graph/Gr.fst": b"other"}
    packed(mirror.folder / KNOWN.archive, files)
    own = tmp_path / "sums"
    lines = [f"{hashlib.sha256(content).hexdigest()}  ./{KNOWN.name}/{name}" for name, content in files.items()]
    own.write_text("\n".join(["# our mirror", *lines]) + "\n")

    fetch(KNOWN, tmp_path, mirror.url, published=checksums(own))
    with pytest.raises(ModelBroken, match="SHA-256"):
        use(packed(tmp_path / "fr.zip", FILES), "fr", tmp_path, checksums(own))

    assert (tmp_path / "models" / "fr" / "graph" / "Gr.fst").read_bytes() == b"other"


def test_a_list_of_checksums_that_is_none_is_refused(tmp_path):
    (tmp_path / "sums").write_text("am/final.mdl is fine\n")

    with pytest.raises(ModelBroken, match="sha256sum"):
        checksums(tmp_path / "sums")


def link_in(archive: zipfile.ZipFile) -> None:
    """A symbolic link, as Unix tools pack it."""
    info = zipfile.ZipInfo(f"{KNOWN.name}/am/final.mdl")
    info.external_attr = 0o120777 << 16
    archive.writestr(info, "/etc/passwd")


def many_in(archive: zipfile.ZipFile) -> None:
    """A thousand files."""
    for number in range(1000):
        archive.writestr(f"{KNOWN.name}/{number}", b"")


@pytest.mark.parametrize(
    ("trap", "told"),
    [
        (lambda archive: archive.writestr("../outside", b"x"), "outside"),
        (lambda archive: archive.writestr("/outside", b"x"), "outside"),
        (lambda archive: archive.writestr("..\\outside", b"x"), "outside"),
        (link_in, "link"),
        (many_in, "too large"),
    ],
    ids=["climbs out", "from the root", "climbs out on Windows", "a link", "a thousand files"],
)
def test_archives_that_are_traps_are_refused(tmp_path, trap, told):
    with zipfile.ZipFile(tmp_path / "trap.zip", "w") as archive:
        trap(archive)

    with pytest.raises(ModelBroken, match=told):
        unpack(tmp_path / "trap.zip", tmp_path / "in")

    assert not (tmp_path / "in").exists()
    assert not (tmp_path / "outside").exists()


def test_an_archive_that_claims_a_whole_disk_is_refused_before_it_is_unpacked(tmp_path):
    """Only its directory is read: 4 GB of zeros pack into 4 MB, and this one only says so."""
    path = packed(tmp_path / "huge.zip", FILES)
    content = bytearray(path.read_bytes())
    entry = content.index(b"PK\x01\x02")
    content[entry + 24 : entry + 28] = (0xFFFFFFF0).to_bytes(4, "little")
    path.write_bytes(bytes(content))

    with pytest.raises(ModelBroken, match="too large"):
        unpack(path, tmp_path / "in")


def test_a_damaged_archive_is_refused_and_nothing_stays(tmp_path):
    content = bytearray(packed(tmp_path / "fr.zip", FILES).read_bytes())
    content[len(content) // 2] ^= 1
    (tmp_path / "fr.zip").write_bytes(bytes(content))

    with pytest.raises(ModelBroken, match="not a whole zip"):
        use(tmp_path / "fr.zip", "fr", tmp_path)

    assert left_in(tmp_path) == []


# -- the disk --


def test_a_full_disk_is_named_and_the_model_that_stands_stays(tmp_path, mirror):
    """A limit on the size of files stands in for the disk: the system refuses to write on."""
    fetch(KNOWN, tmp_path, mirror.url)
    program = """if True:
        import resource, signal, sys
        from pathlib import Path
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
        from ivr.speech.fetching import NotInstalled, use
        try:
            use(Path(sys.argv[1]), "fr", Path(sys.argv[2]))
        except NotInstalled as refused:
            print(refused.reason)
    """
    archive = packed(tmp_path / "fr.zip", FILES)

    told = subprocess.run(
        [sys.executable, "-c", program, archive, tmp_path], capture_output=True, text=True, timeout=60
    )

    assert os.strerror(errno.EFBIG) in told.stdout, told.stderr
    assert is_whole(KNOWN, tmp_path)
    assert left_in(tmp_path) == ["fr"]


def test_a_folder_that_may_not_be_written_is_named(tmp_path):
    (tmp_path / "models").write_text("a file where the folder should be")

    with pytest.raises(NotInstalled, match="models"):
        use(packed(tmp_path / "fr.zip", FILES), "fr", tmp_path)


def test_what_a_killed_attempt_left_is_swept_and_an_old_model_put_back(tmp_path):
    """Killed between the two renames, the old model stood aside; now it is in its place again."""
    work = tmp_path / "models" / WORK
    (work / "old-fr" / "am").mkdir(parents=True)
    (work / "old-fr" / "am" / "final.mdl").write_bytes(b"old")
    (work / "unpacked").mkdir()

    with pytest.raises(ModelBroken):
        use(tmp_path, "en", tmp_path)

    assert left_in(tmp_path) == ["fr"]
    assert (tmp_path / "models" / "fr" / "am" / "final.mdl").read_bytes() == b"old"


def test_killed_while_unpacking_it_begins_anew(tmp_path):
    """`kill -9`: no lock stays behind, no half model under its name."""
    archive = packed(tmp_path / "fr.zip", FILES)
    program = """if True:
        import os, signal, sys
        from pathlib import Path
        from ivr.speech import fetching
        fetching.unpack = lambda archive, into: (into.mkdir(), os.kill(os.getpid(), signal.SIGKILL))
        fetching.use(Path(sys.argv[1]), "fr", Path(sys.argv[2]))
    """
    killed = subprocess.run([sys.executable, "-c", program, archive, tmp_path], timeout=60)
    assert killed.returncode == -signal.SIGKILL
    assert left_in(tmp_path) == [WORK]

    use(archive, "fr", tmp_path)

    assert left_in(tmp_path) == ["fr"]


def test_two_at_once_are_told_apart(tmp_path):
    (tmp_path / "models").mkdir()
    handle = os.open(tmp_path / "models", os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)

    with pytest.raises(NotInstalled, match="another"):
        use(packed(tmp_path / "fr.zip", FILES), "fr", tmp_path)
    os.close(handle)

    use(packed(tmp_path / "fr.zip", FILES), "fr", tmp_path)


# -- the command --


def run(data: Path, *words: object, **environment: str):
    """`souffleur models …`."""
    runner = CliRunner(env={"SOUFFLEUR_DATA": str(data), **environment})
    return runner.invoke(command, [str(word) for word in words])


def test_the_mirror_may_be_a_setting_and_the_way_out_is_told(tmp_path, mirror):
    """These four files are no model of ours: refused by the checksums we know, with what to do about it."""
    told = run(tmp_path, "fetch", "fr", MODELS_URL=mirror.url)

    assert told.exit_code == 1
    assert "not what was published; nothing was installed" in told.output
    assert "am/final.mdl has 1024000 bytes instead of 15978979" in told.output
    assert "souffleur models use" in told.output
    assert mirror.asked == [0]


def test_without_a_network_every_language_says_how_else(tmp_path):
    told = run(tmp_path, "fetch", "fr", "en", MODELS_URL="http://127.0.0.1:9")

    assert told.exit_code == 1
    assert "vosk-model-small-fr-0.22 was not fetched: the source cannot be reached" in told.output
    assert "souffleur models use vosk-model-small-en-us-0.15.zip --language en" in told.output


def test_what_is_here_and_whole_is_not_fetched_again(tmp_path, mirror, monkeypatch):
    """Baking an image twice costs nothing; that the files are no real model is said by the check behind it."""
    monkeypatch.setattr(models, "KNOWN", {"fr": KNOWN})
    first = run(tmp_path, "fetch", "fr", MODELS_URL=mirror.url)
    second = run(tmp_path, "fetch", "fr", MODELS_URL=mirror.url)

    assert "is installed in" in first.output
    assert "is here, and whole" in second.output
    assert mirror.asked == [0]
    assert "ModelBroken" in second.output


def test_a_folder_names_its_language_or_is_asked_for_it(tmp_path):
    assert "Which language is it?" in run(tmp_path, "use", packed(tmp_path / "mine.zip", FILES)).output
    assert "models/de" in run(tmp_path, "use", packed(tmp_path / "vosk-model-de-0.21.zip", FILES)).output


def test_a_model_of_another_language_is_found_out(korean, tmp_path):
    """It loads, it decodes, and knows not a word of ours."""
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "fr").symlink_to(korean)

    (report,) = check_all(tmp_path, {}, ("ask_order_ref",), ("fr",))

    assert report["faults"][-1] == "it hears 0% of our phrases: is this a model for «fr»?"
    assert max(map(len, report["faults"])) < 100
    assert not report["good"]
