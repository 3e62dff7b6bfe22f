"""The OpenAPI description of the API."""

from __future__ import annotations

from typing import Any, Literal

from django.conf import settings
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema as SpectacularSchema

from waymark.accounts.scopes import CLIENT_SCOPES, ME
from waymark.api.errors import ErrorAnswerSerializer
from waymark.api.permissions import scope_of


class AutoSchema(SpectacularSchema):
    """Adds to every operation the scope it needs and the answers it can fail with."""

    def get_description(self) -> str:  # type: ignore[override]
        described = super().get_description() or ""
        scope = scope_of(self.view, self.method)
        needs = f"Scope: `{scope}`." if scope and scope != ME else "For people only: a session, or a token with `me`."
        return described if getattr(self.view, "public", False) else f"{described}\n\n{needs}".strip()

    def _get_response_bodies(self, direction: Literal["request", "response"] = "response") -> Any:
        answers = super()._get_response_bodies(direction=direction)
        if direction != "response":
            return answers
        codes = ["400"] if self._get_parameters() or self.method in ("POST", "PUT", "PATCH") else []
        if not getattr(self.view, "public", False):
            codes += ["401", "403"]
        if any(parameter["in"] == "path" for parameter in self._get_parameters()):
            codes.append("404")
        if self.method in ("POST", "PUT", "PATCH", "DELETE"):
            codes.append("409")
        for code in codes:
            answers.setdefault(code, self._get_response_for_code(ErrorAnswerSerializer, code))
        return answers


class HeaderOrSession(OpenApiAuthenticationExtension):
    """Three ways in: the session of a page, a personal token, a client with its secret."""

    target_class = "waymark.api.authentication.HeaderOrSessionAuthentication"
    name = ["session", "personal", "client"]

    def get_security_requirement(self, auto_schema: Any) -> list[dict[str, list[str]]]:
        scope = scope_of(auto_schema.view, auto_schema.method)
        scopes = [scope] if scope and scope != ME else []
        people: list[dict[str, list[str]]] = [{"session": []}, {"personal": []}]
        return people if scope in (None, ME) else [*people, {"client": scopes}]

    def get_security_definition(self, auto_schema: Any) -> list[dict[str, Any]]:
        return [
            {
                "type": "apiKey",
                "in": "cookie",
                "name": settings.SESSION_COOKIE_NAME,
                "description": "Unsafe methods need X-CSRFToken.",
            },
            {"type": "http", "scheme": "bearer", "description": "A personal token, made under Account, Tokens."},
            {
                "type": "oauth2",
                "description": "An API client. POST its id and secret to the token address, then send the token.",
                "flows": {
                    "clientCredentials": {
                        "tokenUrl": "/identity/o/api/token",
                        "scopes": {scope: str(words) for scope, words in CLIENT_SCOPES.items()},
                    }
                },
            },
        ]
