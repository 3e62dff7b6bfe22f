"""Make ``.venv`` and install the locked dependencies: ``python3 -I bootstrap.py embedded|dev``.

Runs on whatever Python the machine has, before anything is installed: standard
library only, and no syntax that an old Python could not even read. What is
installed already is not installed again: the hash of the lock file is kept in
the environment.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys

OLDEST = (3, 11)
OTHERS = ("python3.13", "python3.12", "python3.11", "python3.14")
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
# Every lock holds the ones before it, so a development environment serves the product too.
LOCKS = ("base", "embedded", "dev")


class SetupProblem(Exception):
    """The environment cannot be made here. The text says what is wrong and what to do."""


def main(kind):
    if sys.version_info < OLDEST:
        return with_newer_python()
    try:
        # Two commands at once in a fresh checkout: the second waits and finds it done.
        lock = os.open(os.path.join(ROOT, "requirements"), os.O_RDONLY)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not installed(kind):
                install(kind)
        finally:
            os.close(lock)
    except SetupProblem as problem:
        return refuse(str(problem))
    except OSError as error:
        return refuse(f"{error.filename or VENV}: {error.strerror}.")
    return 0


def refuse(sentence):
    sys.stderr.write(f"Waymark cannot be set up. {sentence}\n")
    return 1


def with_newer_python():
    """Go on with a newer Python of this machine, if there is one."""
    for name in OTHERS:
        found = shutil.which(name)
        if found:
            os.execv(found, [found, "-I", os.path.abspath(__file__), *sys.argv[1:]])  # noqa: S606
    version = ".".join(str(part) for part in sys.version_info[:3])
    return refuse(
        f"It needs Python {OLDEST[0]}.{OLDEST[1]} or newer and {sys.executable} is {version}: "
        "install one, or name it, such as make up PYTHON=python3.12."
    )


def installed(kind):
    """Whether this lock, or one that holds it, was installed completely into an environment that works."""
    try:
        with open(os.path.join(VENV, "waymark-installed")) as file:
            name, digest = file.read().split()
    except (OSError, ValueError):
        return False
    enough = LOCKS[LOCKS.index(kind) :]
    if name not in enough or digest != lock_digest(name):
        return False
    works = [PYTHON, "-I", "-c", f"import sys, django, psycopg; sys.exit(sys.version_info < {OLDEST})"]
    return subprocess.call(works, stderr=subprocess.DEVNULL) == 0


def install(kind):
    sys.stdout.write("Installing the locked dependencies into .venv (once) ...\n")
    sys.stdout.flush()
    pip = make_environment()
    lock = os.path.join(ROOT, "requirements", kind + ".txt")
    # Wheels only: nothing is built on this machine, so no compiler is needed.
    options = ["--quiet", "--disable-pip-version-check", "--require-hashes", "--only-binary", ":all:", "-r", lock]
    done = subprocess.run([*pip, "install", *options], stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        sys.stderr.write(done.stderr)
        raise SetupProblem(explain(done.stderr))
    with open(os.path.join(VENV, "waymark-installed"), "w") as file:
        file.write(f"{kind} {lock_digest(kind)}")


def make_environment():
    """Make ``.venv`` if it does not work yet; the command of a pip that installs into it."""
    pip = [PYTHON, "-m", "pip"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    if os.path.exists(PYTHON) and subprocess.call([*pip, "--version"], **quiet) == 0:
        return pip
    if subprocess.call([sys.executable, "-m", "venv", "--clear", VENV], **quiet) == 0:
        return pip
    # Debian keeps ensurepip in a package of its own; the machine's pip can stand in for it.
    bare = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", "--without-pip", VENV],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    machine = [sys.executable, "-m", "pip", "--python", PYTHON]
    if bare.returncode == 0 and subprocess.call([*machine, "--version"], **quiet) == 0:
        return machine
    if "No space left" in bare.stderr:
        raise SetupProblem(f"The disk of {ROOT} is full.")
    raise SetupProblem("Python's modules venv and pip are missing: install them (Debian: python3-venv python3-pip).")


def explain(words):
    """One sentence for what pip said."""
    if "No space left" in words:
        return "The disk is full: the dependencies need about 400 MB."
    if "No matching distribution" in words:
        return (
            "There is no wheel of a dependency for this machine "
            f"({os.uname().machine}, Python {sys.version_info[0]}.{sys.version_info[1]}); pip names it above. "
            "Another Python may do: make up PYTHON=python3.12."
        )
    if "HASHES" in words or "hashes" in words:
        return "A downloaded package differs from the lock; pip names it above."
    return "pip could not install the dependencies and says why above; is the package index within reach?"


def lock_digest(name):
    with open(os.path.join(ROOT, "requirements", name + ".txt"), "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
