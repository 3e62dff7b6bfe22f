"""Wrong configuration stops the start with a sentence; production has nothing of the demo."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from waymark.core import environment
from waymark.core.celery_settings import broker_url

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "WAYMARK_MODE": "production",
    "WAYMARK_SECRET_KEY": "a-key-of-this-test-" + "0aB1cD2e" * 6,
    "WAYMARK_ALLOWED_HOSTS": "learn.example.org",
    "DATABASE_URL": "postgresql://waymark:secret@db.example.org/waymark?sslmode=require",
    "REDIS_URL": "redis://redis.example.org:6379/0",
}


def settings_with(tmp_path: Path, *names: str, **variables: str) -> dict[str, Any]:
    """The settings *names* as a process started with only *variables* sees them; ``error`` when it refuses."""
    code = (
        "import json, sys\n"
        "from django.core.exceptions import ImproperlyConfigured\n"
        "try:\n    import waymark.settings as s\n"
        "except ImproperlyConfigured as error:\n    print(json.dumps({'error': str(error)}))\n"
        "else:\n    print(json.dumps({name: getattr(s, name, None) for name in sys.argv[1:]}, default=str))"
    )
    bare = {"PATH": os.environ["PATH"], "PYTHONPATH": f"{ROOT}:{ROOT}/platform", "WAYMARK_DATA": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", code, *names], env=bare | variables, capture_output=True, text=True, check=True
    )
    read: dict[str, Any] = json.loads(done.stdout)
    return read


# -- modes -------------------------------------------------------------------------
def test_production_is_the_default_and_names_everything_it_misses(tmp_path: Path) -> None:
    said = settings_with(tmp_path)["error"]
    for name in ("WAYMARK_SECRET_KEY", "WAYMARK_ALLOWED_HOSTS", "DATABASE_URL", "REDIS_URL"):
        assert name in said
    assert not list(tmp_path.iterdir()), "nothing is made up for production, not even a key"


@pytest.mark.parametrize("name", [name for name in PRODUCTION if name != "WAYMARK_MODE"])
@pytest.mark.parametrize("value", [None, ""])
def test_production_needs_each_of_them(tmp_path: Path, name: str, value: str | None) -> None:
    rest = {key: given for key, given in PRODUCTION.items() if key != name}
    said = settings_with(tmp_path, **rest if value is None else rest | {name: value})["error"]
    assert f"needs {name} in the environment" in said


def test_a_misspelt_mode_is_refused(tmp_path: Path) -> None:
    said = settings_with(tmp_path, **PRODUCTION | {"WAYMARK_MODE": "Production"})["error"]
    assert said == "WAYMARK_MODE is 'Production'; it must be one of production, embedded, test. (waymark.E020)"


def test_what_production_is_given_it_uses(tmp_path: Path) -> None:
    read = settings_with(
        tmp_path, "SECRET_KEY", "ALLOWED_HOSTS", "DATABASES", "CELERY_BROKER_URL", "DEBUG", **PRODUCTION
    )
    assert read["SECRET_KEY"] == PRODUCTION["WAYMARK_SECRET_KEY"]
    assert read["ALLOWED_HOSTS"] == ["learn.example.org"]
    database = read["DATABASES"]["default"]
    assert (database["HOST"], database["NAME"], database["PASSWORD"]) == ("db.example.org", "waymark", "secret")
    assert database["OPTIONS"]["sslmode"] == "require"
    assert read["CELERY_BROKER_URL"] == PRODUCTION["REDIS_URL"]
    assert read["DEBUG"] is False


def test_production_has_nothing_of_the_demo(tmp_path: Path) -> None:
    names = ("DEMO_MAIL", "EMAIL_FILE_PATH", "EMAIL_BACKEND", "EMBEDDED")
    assert settings_with(tmp_path, *names, **PRODUCTION) == {
        "DEMO_MAIL": False,
        "EMAIL_FILE_PATH": "",
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMBEDDED": False,
    }


def test_production_holds_to_https(tmp_path: Path) -> None:
    names = ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT", "SECURE_PROXY_SSL_HEADER")
    assert settings_with(tmp_path, *names, **PRODUCTION) == dict(zip(names, (True, True, True, None), strict=True))
    # A header that anybody may send counts only where the operator says that a proxy sets it.
    behind = settings_with(tmp_path, "SECURE_PROXY_SSL_HEADER", **PRODUCTION, WAYMARK_TRUSTED_PROXIES="1")
    assert behind["SECURE_PROXY_SSL_HEADER"] == ["HTTP_X_FORWARDED_PROTO", "https"]


def test_cookies_of_production_cannot_be_planted_by_a_sister_host(tmp_path: Path) -> None:
    names = ("SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "SESSION_COOKIE_DOMAIN", "SESSION_COOKIE_PATH")
    read = settings_with(tmp_path, *names, **PRODUCTION)
    # The prefix is taken by browsers only with Secure, the path "/" and no domain.
    assert read == dict(zip(names, ("__Host-sessionid", "__Host-csrftoken", None, None), strict=True))


HSTS = ("SECURE_HSTS_SECONDS", "SECURE_HSTS_INCLUDE_SUBDOMAINS", "SECURE_HSTS_PRELOAD")


def test_what_hsts_binds_besides_this_host_is_asked_for(tmp_path: Path) -> None:
    def read(**stated: str) -> tuple[Any, ...]:
        found = settings_with(tmp_path, *HSTS, **PRODUCTION, **stated)
        return tuple(found[name] for name in HSTS)

    assert read() == (31_536_000, False, False)
    assert read(WAYMARK_HSTS_SUBDOMAINS="true") == (31_536_000, True, False)
    assert read(WAYMARK_HSTS_SUBDOMAINS="true", WAYMARK_HSTS_PRELOAD="true") == (31_536_000, True, True)


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        ({"WAYMARK_TRUSTED_PROXIES": "two"}, "'two'; it must be a whole number from 0 to 10. (waymark.E022)"),
        ({"WAYMARK_TRUSTED_PROXIES": "-1"}, "whole number from 0 to 10. (waymark.E022)"),
        ({"WAYMARK_TRUSTED_PROXIES": "11"}, "whole number from 0 to 10. (waymark.E022)"),
        ({"WAYMARK_HSTS_SECONDS": "1 year"}, "(waymark.E022)"),
        ({"WAYMARK_HSTS_SECONDS": "-1"}, "it must be a whole number from 0 to"),
        ({"WAYMARK_DB_POOL": "0"}, "whole number from 1 to 500. (waymark.E022)"),
        ({"WAYMARK_STORAGE": "bucket"}, "'bucket'; it must be s3://bucket or s3://bucket/prefix. (waymark.E022)"),
        ({"WAYMARK_STORAGE": "s3://b/../x?y"}, "it must be s3://bucket or s3://bucket/prefix. (waymark.E022)"),
        ({"WAYMARK_STORAGE": "s3://bucket", "WAYMARK_STORAGE_ENDPOINT": "store"}, "begins with https:// or http://."),
        ({"WAYMARK_SANDBOX": "podman"}, "must be one of auto, docker, bubblewrap, none. (waymark.E022)"),
        ({"WAYMARK_SIGNUP_OPEN": "flase"}, "WAYMARK_SIGNUP_OPEN is 'flase'; it must be true or false. (waymark.E022)"),
        ({"WAYMARK_SSL_REDIRECT": "ture"}, "it must be true or false. (waymark.E022)"),
        ({"WAYMARK_PUBLIC_URL": "learn.example.org"}, "begins with https:// or http://. (waymark.E022)"),
        ({"DATABASE_URL": "mysql://waymark:hidden@db.example.org/waymark"}, "DATABASE_URL is not a whole address"),
        ({"DATABASE_URL": "postgresql://waymark:hidden@db.example.org:port/waymark"}, "(waymark.E022)"),
        ({"REDIS_URL": "redis.example.org"}, "REDIS_URL is not a whole address"),
        ({"WAYMARK_SECRET_KEY": "short"}, "(waymark.E023)"),
        ({"WAYMARK_ALLOWED_HOSTS": "learn.example.org,*"}, "(waymark.E024)"),
        ({"WAYMARK_HSTS_PRELOAD": "true"}, "needs WAYMARK_HSTS_SUBDOMAINS=true"),
        (
            {"WAYMARK_HSTS_PRELOAD": "1", "WAYMARK_HSTS_SUBDOMAINS": "1", "WAYMARK_HSTS_SECONDS": "3600"},
            "(waymark.E025)",
        ),
    ],
)
def test_a_value_that_cannot_be_meant_is_refused(tmp_path: Path, stated: dict[str, str], said: str) -> None:
    error = settings_with(tmp_path, **PRODUCTION | stated)["error"]
    assert said in error
    assert "hidden" not in error
    assert "\n" not in error


def test_a_refusal_is_one_sentence_at_the_command_line(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "migrate"],
        cwd=ROOT, env={"PATH": os.environ["PATH"], "WAYMARK_DATA": str(tmp_path), "WAYMARK_MODE": "production"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.startswith("Waymark cannot start. Waymark runs in production mode and needs")
    assert done.stderr.endswith("(waymark.E021)\n")
    assert done.stderr.count("\n") == 1


def test_the_deployment_check_is_clean(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT, env={"PATH": os.environ["PATH"], "WAYMARK_DATA": str(tmp_path), **PRODUCTION},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


# -- the demo ----------------------------------------------------------------------
def test_the_demo_makes_its_key_once_and_keeps_it_private(tmp_path: Path) -> None:
    first = settings_with(tmp_path, "SECRET_KEY", WAYMARK_MODE="embedded")
    assert settings_with(tmp_path, "SECRET_KEY", WAYMARK_MODE="embedded") == first
    assert len(first["SECRET_KEY"]) >= 50
    assert (tmp_path / "secret-key").stat().st_mode & 0o777 == 0o600


def test_the_demo_finds_the_running_services(tmp_path: Path) -> None:
    run = tmp_path / "run"
    run.mkdir()
    known = {
        "DATABASE_URL": "postgresql://waymark@/waymark?host=/run/here",
        "REDIS_URL": "unix:///run/here/redis.sock?db=0",
    }
    (run / "environment.json").write_text(json.dumps(known))
    read = settings_with(tmp_path, "DATABASES", "CELERY_BROKER_URL", WAYMARK_MODE="embedded")
    assert "/run/here" in json.dumps(read["DATABASES"])
    assert read["CELERY_BROKER_URL"] == "redis+socket:///run/here/redis.sock?virtual_host=0"
    # What the caller says himself wins; and production never looks there.
    own = settings_with(
        tmp_path, "DATABASES", WAYMARK_MODE="embedded", DATABASE_URL="postgresql://waymark@own.example.org/other"
    )
    assert own["DATABASES"]["default"]["HOST"] == "own.example.org"
    missing = {key: value for key, value in PRODUCTION.items() if key != "DATABASE_URL"}
    assert "needs DATABASE_URL" in settings_with(tmp_path, **missing)["error"]


@pytest.mark.parametrize("words", ["", "[1", '["a"]', "7"])
def test_a_broken_record_of_services_is_as_good_as_none(
    tmp_path: Path, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(environment.os, "environ", dict(os.environ))
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "environment.json").write_text(words)
    environment.embedded_environment(tmp_path)


def test_without_services_the_error_names_the_remedy(tmp_path: Path) -> None:
    read = settings_with(tmp_path, "DATABASES", WAYMARK_MODE="embedded")
    assert "start-waymark-with-make-up" in json.dumps(read["DATABASES"])


# -- Celery ------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("redis://redis.example.org:6379/2", "redis://redis.example.org:6379/2"),
        ("rediss://:word@redis.example.org/0", "rediss://:word@redis.example.org/0"),
        ("unix:///run/redis.sock", "redis+socket:///run/redis.sock?virtual_host=0"),
        ("unix:///run/redis.sock?db=3", "redis+socket:///run/redis.sock?virtual_host=3"),
    ],
)
def test_redis_addresses_are_spelt_as_celery_reads_them(url: str, expected: str) -> None:
    assert broker_url(url) == expected
