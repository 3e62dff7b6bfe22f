"""The *shell* kind: what an author may write, what decides, and what a script may do without deciding."""

from __future__ import annotations

import time
from fractions import Fraction
from typing import Any

import pytest

from grading.checks.contract import CheckOutcome, Seeds, SpecProblem
from grading.checks.kinds.shell import KIND
from grading.sandbox.contract import Outcome
from tests.grading.sandbox.conftest import Watched

MADE = {"expect": {"left": {"made": "file"}}, "visible": True}


def checked(
    backend: Watched, script: str | bytes, *cases: dict[str, Any], more: dict[str, bytes] | None = None, **spec: Any
) -> CheckOutcome:
    prepared = KIND.prepare({"script": "setup.sh", "cases": list(cases), **spec}, {})
    source = script if isinstance(script, bytes) else script.encode()
    return prepared.run(backend, {"setup.sh": source, **(more or {})}, Seeds(1, 2))


def left(backend: Watched, script: str, **paths: Any) -> str:
    """What is said of a visible case that wants *paths*; empty when they are as they should be."""
    wanted = {name.replace("__", "."): each for name, each in paths.items()}
    outcome = checked(backend, script, {"expect": {"left": wanted}, "visible": True})
    assert (outcome.outcome is Outcome.PASSED) is (outcome.share == 1)
    return outcome.cases[0].message


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ({"cases": []}, "cases"),
        ({"cases": [{"args": []}]}, "expect"),
        ({"cases": [MADE], "script": "../setup.sh"}, "stay inside"),
        ({"cases": [{**MADE, "files": {"/etc/passwd": ""}}]}, "stay inside"),
        ({"cases": [{"expect": {"left": {"a/../../b": "file"}}}]}, "stay inside"),
        ({"cases": [{"expect": {"left": {"a": "socket"}}}]}, "left.a.is"),
        ({"cases": [{"expect": {"left": {"a": {"is": "folder", "equals": ""}}}}]}, "equals cannot be asked of"),
        ({"cases": [{"expect": {"left": {"a": {"is": "absent", "mode": "600"}}}}]}, "mode cannot be asked of"),
        ({"cases": [{"expect": {"left": {"a": {"target": "b"}}}}]}, "target cannot be asked of"),
        ({"cases": [{"expect": {"left": {"a": {"mode": "rwx"}}}}]}, "mode"),
        ({"cases": [{"expect": {"left": {"a": {"lines": -1}}}}]}, "lines"),
        ({"cases": [{"expect": {"left": {"a": {"matches": [""]}}}}]}, "matches"),
        ({"cases": [{"expect": {"exit": 300}}]}, "exit"),
        ({"cases": [MADE], "shell": "zsh"}, "shell"),
        ({"cases": [MADE], "file": "a"}, "file"),
    ],
)
def test_a_spec_that_cannot_be_used_says_where(spec: dict[str, Any], said: str) -> None:
    with pytest.raises(SpecProblem, match=said):
        KIND.prepare({"script": "setup.sh"} | spec, {})


def test_everything_that_can_be_asked_of_what_is_left(backend: Watched) -> None:
    script = (
        "set -eu\nread -r line\nmkdir -m 750 -p 'a b/c'\nprintf '%s \\r\\n\\n' \"$1\" \"$line\" > 'a b/said'\n"
        "install -m 600 given copied\nln -s ../nowhere link\nrm gone\nexit 3\n"
    )
    case = {
        "args": ["one two"], "stdin": "\u00fc\n", "files": {"given": "x=1\ny=2\n", "gone": ""},
        "expect": {
            "exit": 3,
            "left": {
                "a b": {"is": "folder", "mode": "755"}, "a b/c": {"is": "folder", "mode": "0750"},
                "a b/said": {"equals": "one two\n\n\u00fc", "lines": 2, "mode": "644"},
                "copied": {"mode": "600", "matches": ["x=?", "y=[0-9]"], "lacks": ["z=*", "x"], "lines": {"least": 2}},
                "link": {"is": "link", "target": "../nowhere"}, "gone": "absent", "given": "file",
            },
        },
    }  # fmt: skip
    outcome = checked(backend, script, case)
    assert (outcome.outcome, outcome.share, outcome.message) == (Outcome.PASSED, 1, "All 1 cases passed."), outcome
    assert outcome.runs["learner"].evidence.tree == {}, "which would be kept"
    assert "it holds" in checked(backend, script, case, whitespace="exact").cases[0].message


@pytest.mark.parametrize(
    ("script", "wanted", "said"),
    [
        ("", "file", "setup.sh left 'x' wrong: it is absent, expected a file."),
        ("mkdir x", "file", "setup.sh left 'x' wrong: it is a folder, expected a file."),
        ("echo > x", "absent", "setup.sh left 'x' wrong: it is a file, expected absent."),
        ("mkfifo x", "file", "setup.sh left 'x' wrong: it is neither file, folder nor link, expected a file."),
        ("ln -s /etc/passwd x", "file", "setup.sh left 'x' wrong: it is a link, expected a file."),
        ("ln -s /etc x", "folder", "setup.sh left 'x' wrong: it is a link, expected a folder."),
        ("ln -s a x", {"is": "link", "target": "b"}, "setup.sh left 'x' wrong: it leads to 'a', expected 'b'."),
        ("echo > x; chmod 604 x", {"mode": "600"}, "setup.sh left 'x' wrong: its mode is 604, expected 600."),
        ("echo a > x", {"equals": "b"}, 'setup.sh left \'x\' wrong: it holds "a\\n", expected "b".'),
        ("printf '\\xff' > x", {"equals": "b"}, "setup.sh left 'x' wrong: it holds \"\\ufffd\", expected \"b\"."),
        ("echo ab > x", {"matches": ["a"]}, "setup.sh left 'x' wrong: no line is like 'a'."),
        ("echo ab > x", {"lacks": ["a*"]}, "setup.sh left 'x' wrong: a line is like 'a*'."),
        ("echo a > x", {"lines": 2}, "setup.sh left 'x' wrong: it has 1 lines that are not empty, expected 2."),
        ("echo a > x", {"lines": {"least": 2}}, "1 lines that are not empty, expected 2 or more."),
        ("echo a > x", {"lines": {"least": 2, "most": 3}}, "1 lines that are not empty, expected 2 to 3."),
        ("echo > x; chmod 0 x", {"lines": 1}, "setup.sh left 'x' wrong: it cannot be read, closed to its owner."),
        ("truncate -s 2M x", {"equals": ""}, "setup.sh left 'x' wrong: it cannot be read, too large."),
        ("echo > x; exit 1", "file", "setup.sh ended with status 1, expected 0."),
        ("if", "absent", "setup.sh ended with status 2, expected 0."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_of_visible_cases(backend: Watched, script: str, wanted: Any, said: str) -> None:
    assert said in left(backend, script, x=wanted)


def test_nothing_of_hidden_cases_is_told_and_points_may_be_in_proportion(backend: Watched) -> None:
    hidden = {"args": ["held back"], "expect": {"left": {"held back": "file"}}}
    outcome = checked(backend, "touch made", MADE, hidden, scoring="cases")
    assert (outcome.outcome, outcome.share, outcome.message) == (Outcome.FAILED, Fraction(1, 2), "1 of 2 cases passed.")
    assert [(case.visible, case.passed) for case in outcome.cases] == [(True, True), (False, False)]
    assert "held back" in outcome.cases[1].message, "staff see it"
    assert checked(backend, "touch made", MADE, hidden).share == 0


# -- a second run ------------------------------------------------------------------
AGAIN = {"expect": {}, "again": True, "visible": True}


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("mkdir -p d; [ -e d/x ] || echo 1 > d/x; ln -sfn d link; chmod 700 d; chmod 400 d/x", ""),
        ("mkdir d", "setup.sh, run a second time, ended with status 1, expected 0."),
        ("echo 1 >> log", "setup.sh, run a second time, changed 'log'."),
        ("[ -e once ] && touch twice; touch once", "setup.sh, run a second time, made 'twice'."),
        ("touch f; chmod +x f; [ -e g ] && chmod 600 f; touch g", "setup.sh, run a second time, changed 'f'."),
        ("touch once; [ -e two ] && rm once; touch two", "setup.sh, run a second time, removed 'once'."),
        ('ln -sfn "$(ls | wc -l)" link; touch more', "setup.sh, run a second time, changed 'link'."),
        ("rm setup.sh", "setup.sh, run a second time, ended with status 127, expected 0."),
        ("mkfifo pipe", "setup.sh left 'pipe', which cannot be put back for a second run: not a regular file."),
        ("mkdir d; chmod 0 d", "setup.sh left 'd', which cannot be put back for a second run: closed to its owner."),
        ("truncate -s 2M x", "setup.sh left 'x', which cannot be put back for a second run: too large."),
        # What is not in the work folder is not there any more, and what runs neither.
        ("[ -e /tmp/x ] && touch second; touch /tmp/x /dev/shm/x", ""),
        ("(while :; do sleep 0.01; done) & touch made", ""),
    ],
)
def test_a_second_run_has_to_change_nothing(backend: Watched, script: str, said: str) -> None:
    outcome = checked(backend, script, AGAIN)
    assert outcome.cases[0].message == said
    assert outcome.share == (not said)


def test_a_second_run_finds_everything_as_it_was_left(backend: Watched) -> None:
    script = (
        "if [ ! -e made ]; then mkdir -p made/deep 'a b'; printf x > 'a b/\u00fc'; printf y > $'odd\\xff'; "
        "ln -s /etc/passwd out; ln -s deep/../.. made/up; chmod 2751 made; chmod 4711 'a b/\u00fc'; "
        "touch -d 2001-02-03T04:05:06Z old; exit; fi\n"
        "set -e\n[ \"$(cat 'a b/\u00fc')\" = x ]\n"
        "[ \"$(cat $'odd\\xff')\" = y ]\n[ \"$(readlink out)\" = /etc/passwd ]\n"
        "[ \"$(readlink made/up)\" = deep/../.. ]\n[ \"$(stat -c %a made)\" = 2751 ]\n"
        "[ \"$(stat -c %a 'a b/\u00fc')\" = 4711 ]\n[ \"$(date -u -r old +%F)\" = 2001-02-03 ]\n[ -d made/deep ]\n"
    )  # fmt: skip
    outcome = checked(backend, script, AGAIN)
    assert outcome.outcome is Outcome.PASSED, (outcome.message, outcome.runs["learner"].evidence.stderr)


def test_what_a_second_run_may_change_is_named_by_the_author(backend: Watched) -> None:
    script = "mkdir -p log; date +%N >> log/run; mkfifo log/pipe 2>/dev/null; touch made"
    assert checked(backend, script, AGAIN).share == 0
    outcome = checked(backend, script, AGAIN, ignore=["log/*"])
    assert outcome.outcome is Outcome.PASSED, outcome.message


def test_a_limit_in_the_second_run_takes_all_points(backend: Watched) -> None:
    script = "[ -e made ] && while :; do :; done; touch made"
    outcome = checked(backend, script, MADE, AGAIN, MADE, scoring="cases", limits={"wall": 2, "cpu": 0.5})
    assert (outcome.outcome, outcome.share, outcome.message) == (Outcome.TIME, 0, "It took too long.")
    assert [(case.id, case.passed) for case in outcome.cases] == [
        ("case-1", True), ("case-2", False), ("case-3", False),
    ]  # fmt: skip


# -- what does not decide ----------------------------------------------------------
POISON = """
mkdir bin
for name in ls cat stat find test mkdir touch bash sh python3 env; do
    printf '#!/bin/sh\\nexit 0\\n' > "bin/$name"; chmod +x "bin/$name"
done
printf 'touch /work/made\\n' | tee .bashrc .profile .bash_profile .bash_env > /dev/null
export PATH=/work/bin BASH_ENV=/work/.bash_env ENV=/work/.bash_env LD_PRELOAD=/work/bin/ls
"""


@pytest.mark.parametrize("shell", ["bash", "sh"])
def test_a_poisoned_path_and_startup_files_move_nothing(backend: Watched, shell: str) -> None:
    """Neither in the run, nor in the second, nor for the one who looks (case 40)."""
    outcome = checked(backend, POISON, {**MADE, "again": True}, shell=shell)
    assert outcome.share == 0
    assert "left 'made' wrong: it is absent" in outcome.cases[0].message
    startup = dict.fromkeys((".bashrc", ".profile", ".bash_profile", "ls", "bash"), b"touch /work/made\n")
    assert checked(backend, "cd .", {**MADE, "again": True}, more=startup, shell=shell).share == 0


WRITER = "(sleep 0.3; touch made) & disown; (setsid sh -c 'sleep 0.3; touch made' &) ; exit 0"


def test_a_background_writer_is_gone_before_anybody_looks(backend: Watched) -> None:
    """It neither helps nor is it waited for (case 40)."""
    before = time.monotonic()
    outcome = checked(backend, WRITER, MADE)
    assert (outcome.outcome, outcome.share) == (Outcome.FAILED, 0)
    assert time.monotonic() - before < 5
    honest = checked(backend, "touch made; sleep 60 & exec 1>&- 2>&-", MADE)
    assert honest.outcome is Outcome.PASSED


def test_a_link_on_the_way_is_not_followed(backend: Watched) -> None:
    """Neither out of the folder nor to what is right inside it (case 22)."""
    wanted = {"expect": {"left": {"etc/passwd": {"matches": ["root:*"]}}}, "visible": True}
    outcome = checked(backend, "ln -s /etc etc", wanted)
    assert (outcome.share, outcome.cases[0].message) == (
        0, "setup.sh left 'etc/passwd' wrong: it is absent, expected a file.",
    )  # fmt: skip
    inside = {"expect": {"left": {"etc/f": "file"}}}
    assert checked(backend, "mkdir real; touch real/f; ln -s real etc", inside).share == 0


SWAP = """
mkdir -p real; echo fine > real/x
for _ in 1 2 3; do
    while :; do ln -sfn /etc/passwd x; rm -f x; echo mine > x; rm -rf d; ln -sfn /etc d; rm -f d; mkdir d; done &
done
sleep 0.3
"""


def test_what_is_swapped_until_the_end_never_shows_the_host(backend: Watched) -> None:
    wanted = {"expect": {"left": {"x": {"matches": ["root:*"]}, "d/passwd": "file"}}}
    for _ in range(3):
        assert checked(backend, SWAP, wanted).share == 0


@pytest.mark.parametrize(
    ("script", "outcome"),
    [
        ("while :; do :; done", Outcome.TIME),
        ("trap '' TERM XCPU INT; while :; do :; done", Outcome.TIME),
        ("while :; do echo out; done", Outcome.OUTPUT),
        ("for i in $(seq 40); do sleep 3 & done; wait", Outcome.PROCESSES),
        ("head -c 20M /dev/zero > big || :; sleep 1", Outcome.DISK),
        ("for i in $(seq 300); do echo > n$i; done", Outcome.DISK),
    ],
)
def test_limits_hold(backend: Watched, script: str, outcome: Outcome) -> None:
    limits = {"wall": 2, "cpu": 0.5, "processes": 16, "disk": 4, "files": 200}
    found = checked(backend, script, MADE, scoring="cases", limits=limits)
    assert (found.outcome, found.share) == (outcome, 0)


def test_odd_work_is_no_failure_of_the_sandbox(backend: Watched) -> None:
    assert checked(backend, b"\0\xff\xfe", MADE).outcome is Outcome.FAILED
    deep = "for i in $(seq 150); do mkdir 0123456789012345678901234567890123456789; cd 01*; done; touch /work/made"
    assert checked(backend, deep, MADE).outcome is Outcome.PASSED
    assert "cannot be put back" in checked(backend, deep, {**MADE, "again": True}).cases[0].message
    assert checked(backend, "touch made\r\n", {"expect": {"left": {"made": "absent"}}}).outcome is Outcome.PASSED
    clash = {"files": {"setup.sh/x": ""}, "expect": {}}
    assert checked(backend, "", clash).outcome is Outcome.REJECTED
    named = KIND.prepare({"script": "-c", "cases": [MADE]}, {})
    assert named.run(backend, {"-c": b"touch made"}, Seeds(1, 2)).outcome is Outcome.PASSED
    assert named.run(backend, {"other": b""}, Seeds(1, 2)).message == "There is no file '-c'."
