"""Makes .venv and installs the locked packages into it; every way this can fail has one clear sentence.

Written so that an old Python can still read it and say what it lacks. `python3 install.py [--dev]`
"""

import hashlib
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
VENV = os.path.join(HERE, ".venv")
WANTED = (3, 11)
NEWER = ("python3.11", "python3.12", "python3.13", "python3.14")
UNREACHED = re.compile("resolution|NewConnectionError|Max retries|ConnectTimeout|unreachable|ReadTimeout|ProxyError")


def main(arguments):
    """Install what is missing; done in a moment when nothing is."""
    lock = "requirements-dev.txt" if "--dev" in arguments else "requirements.txt"
    if sys.version_info < WANTED:
        return call_newer(arguments)
    if not os.access(HERE, os.W_OK):
        return "This folder cannot be written to (%s): copy the project to one that belongs to you." % HERE
    if is_installed(lock):
        return 0
    return make_venv() or install(lock) or remember(lock)


def call_newer(arguments):
    """An old Python looks for a newer one beside it."""
    for name in NEWER:
        try:
            return subprocess.call([name, os.path.abspath(__file__)] + arguments)
        except OSError:
            continue
    found = "%d.%d" % sys.version_info[:2]
    remedy = "install it, or say where it is: make PYTHON=/path/to/python3.11"
    return "Python 3.11 or newer is needed, and this is %s: %s" % (found, remedy)


def make_venv():
    """The virtual environment, if there is none that works."""
    if os.path.exists(os.path.join(VENV, "bin", "pip")):
        return 0
    if subprocess.call([sys.executable, "-c", "import venv, ensurepip"], stderr=subprocess.DEVNULL):
        return "Python's venv module is missing: on Debian and Ubuntu, `sudo apt install python3-venv` brings it."
    if subprocess.call([sys.executable, "-m", "venv", "--clear", VENV]):
        return "The virtual environment could not be made in %s: is the disk full?" % VENV
    return 0


def install(lock):
    """The packages of the lock file, each checked against its hash, then this project itself."""
    with open(os.path.join(HERE, lock)) as file:
        wanted = sum(1 for line in file if re.match("[A-Za-z0-9]", line))
    say("Installing %d packages into .venv, once; this takes a minute or two.\n" % wanted)
    pip = [os.path.join(VENV, "bin", "python"), "-m", "pip", "--disable-pip-version-check", "install", "--retries", "2"]
    pip += ["--no-compile"]  # Python compiles what it imports; all of everything takes twenty seconds
    locked = pip + ["--require-hashes", "--no-deps", "-r", os.path.join(HERE, lock)]
    return run_pip(locked, wanted) or run_pip(pip + ["--no-deps", "--no-build-isolation", "-e", HERE], 1)


def run_pip(command, wanted):
    """Run pip with a count instead of its many words, which are kept for when it fails."""
    log, seen = [], 0
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True)
    for line in process.stdout:
        log.append(line)
        seen += line.startswith("Collecting ")
        if sys.stdout.isatty() and seen:
            say("\r%d of %d  " % (min(seen, wanted), wanted))
    if process.wait() == 0:
        say("\r" if sys.stdout.isatty() else "")
        return 0
    with open(os.path.join(VENV, "install.log"), "w") as file:
        file.writelines(log)
    text = "".join(log)
    if UNREACHED.search(text):
        return "The packages could not be fetched: no package index can be reached from here. Is there a network?"
    if "No space left" in text:
        return "The packages could not be installed: the disk is full (about 600 MB are needed)."
    last = next((line.strip() for line in reversed(log) if "ERROR" in line), "no reason was given")
    return "The packages could not be installed (%s); pip's own words are in .venv/install.log." % last


def is_installed(lock):
    """Was exactly this lock, with this project file, installed here before?"""
    try:
        with open(stamp(lock)) as file:
            return file.read() == fingerprint(lock)
    except OSError:
        return False


def remember(lock):
    """So that the next start takes seconds."""
    for name in ("requirements.txt", lock):  # the development lock holds everything of the other
        with open(stamp(name), "w") as file:
            file.write(fingerprint(name))
    return 0


def stamp(lock):
    """The file that remembers what was installed."""
    return os.path.join(VENV, "installed-" + lock)


def fingerprint(lock):
    """Changes whenever something else would be installed."""
    digest = hashlib.sha256()
    for name in (lock, "pyproject.toml"):
        with open(os.path.join(HERE, name), "rb") as file:
            digest.update(file.read())
    return digest.hexdigest()


def say(text):
    """At once, also into a pipe."""
    sys.stdout.write(text)
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
