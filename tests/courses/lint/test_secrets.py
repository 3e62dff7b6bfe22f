"""Keys and passwords are found, and no format shows one; what only stands for one is left alone."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from courses.curriculum.report.formats import FORMATS
from courses.curriculum.report.run import lint
from courses.curriculum.secrets import masked, secrets_in

KEY = "AKIA" + "ABCDEFGHIJKLMNOP"
TOKEN = "ghp_" + "a1b2c3d4e5" * 4
REAL = [
    KEY, TOKEN, "sk-proj-" + "Zx9" * 12, "glpat-" + "Qw3rTy" * 4,
    "eyJ" + "hbGciOiJIUzI1NiJ9" + ".eyJ" + "zdWIiOiIxMjM0NTY3" + ".dozjgNryP4J3jVmN",
]  # fmt: skip


@pytest.mark.parametrize("secret", REAL)
def test_keys_are_found_by_their_form(secret: str) -> None:
    text = f"- key: `{secret}`, and more"
    assert len(list(secrets_in(text))) == 1
    assert secret[8:] not in masked(text)
    assert masked(text).endswith("and more")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("password: Harb0ur-Gate9", "Harb0ur-Gate9"), ('"api_key" = "q8w7e6r5t4"', "q8w7e6r5t4"),
        ("AWS_SECRET_ACCESS_KEY=wJalr7tnFEMIK7MDENGbPxRfiCY", "wJalr7tnFEMIK7MDENGbPxRfiCY"),
        ("postgres://harbour:t1deAndWind@db/ships", "t1deAndWind"),
    ],
)  # fmt: skip
def test_values_of_passwords_are_found(text: str, value: str) -> None:
    assert len(list(secrets_in(text))) == 1
    assert value not in masked(text)


@pytest.mark.parametrize(
    "text",
    [
        "password: <your-password-1>", "password: changeme123", "token: ${TOKEN_2024}", "api_key = os.environ['KEY_1']",
        "AKIAIOSFODNN7EXAMPLE", "secret: 12345678", "postgres://user:password@db/x",
        "sk-learn-and-many-other-libraries",
        "Password: at least 8 characters", "tokens: 4096", "Keep the secret in Vault 1.15 or later",
    ],
)  # fmt: skip
def test_what_stands_for_a_secret_is_none(text: str) -> None:
    assert list(secrets_in(text)) == []
    assert masked(text) == text


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_no_format_shows_a_secret_in_any_finding_or_address(name: str, tmp_path: Path) -> None:
    (tmp_path / "x.md").write_text(
        f"## Module Overview\n- **Module ID**: MOD-901\n- **Module Title**: Ports {KEY}\n\n## Learning Objectives\n"
        f"- Use {KEY}\n\n## Notes\n- TODO {TOKEN}\n- [x](../{TOKEN}.md)\n",
        encoding="utf-8",
    )
    shown = FORMATS[name](lint([str(tmp_path)]), lines=True)
    assert "hygiene.secret" in shown
    assert KEY.casefold() not in shown.casefold()
    assert TOKEN[8:] not in shown.casefold()


@pytest.mark.parametrize("text", ["password: " + "a1" * 500_000, "a1:" * 300_000, "://" * 300_000, "eyJ" * 300_000])
def test_long_lines_are_looked_through_in_bounded_time(text: str) -> None:
    started = time.process_time()
    masked(text)
    assert time.process_time() - started < 10
