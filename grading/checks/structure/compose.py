"""Compose files: the short forms of services written out, so that one path finds what may be said in two ways.

``ports`` are ``{target, published, host_ip, protocol}`` with text throughout, ``volumes`` ``{type, source, target,
read_only}``, ``depends_on`` is a mapping to ``{condition}``, ``environment`` and ``labels`` are mappings, ``build`` has
a ``context``, and a ``healthcheck`` has its ``test`` as a list that begins with ``CMD``, ``CMD-SHELL`` or ``NONE``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from grading.checks.structure.paths import plain_text
from grading.checks.structure.reading import Misread, mapping, word

_PORT: Final = re.compile(
    r"(?:(?:(?P<host_ip>\[[0-9a-fA-F:]+\]|[0-9.]+|\$\{[^}]*\}):)?(?P<published>[0-9-]*|\$\{[^}]*\}):)?"
    r"(?P<target>[0-9-]+|\$\{[^}]*\})(?:/(?P<protocol>[a-z]+))?"
)


def compose(value: Any) -> dict[str, Any]:
    whole = dict(mapping(value, "The file"))
    services = mapping(whole.get("services"), "services")
    if not services:
        raise Misread("services is empty.")
    whole["services"] = {name: _service(name, each) for name, each in services.items()}
    for kind in ("volumes", "networks", "configs", "secrets"):
        if kind in whole:
            declared = mapping(whole[kind] if whole[kind] is not None else {}, kind)
            whole[kind] = {name: {} if each is None else each for name, each in declared.items()}
    for name, service in whole["services"].items():
        _known(f"services.{name}.depends_on", service.get("depends_on", {}), whole["services"])
        _known(f"services.{name}.networks", service.get("networks", {}), {"default": {}} | whole.get("networks", {}))
        named = {
            each["source"]: 0 for each in service.get("volumes", ()) if each["type"] == "volume" and "source" in each
        }
        _known(f"services.{name}.volumes", named, whole.get("volumes", {}))
    return whole


def _known(where: str, names: dict[str, Any], known: dict[str, Any]) -> None:
    for name in names:
        if name not in known:
            raise Misread(f"{where[:120]}: there is no {name[:80]!a}.")


def _service(name: str, value: Any) -> dict[str, Any]:
    where = f"services.{name[:80]}"
    service = dict(mapping(value, where))
    if not any(service.get(key) for key in ("image", "build", "extends")):
        raise Misread(f"{where} has neither an image nor a build.")
    for key, form in _FORMS.items():
        if service.get(key) is not None:
            service[key] = form(service[key], f"{where}.{key}")
    return service


def _build(value: Any, where: str) -> dict[str, Any]:
    return {"context": value} if isinstance(value, str) else mapping(value, where)


def _pairs(value: Any, where: str) -> dict[str, Any]:
    """``NAME=value`` or ``NAME`` (taken over, so an empty text here), or a mapping."""
    if isinstance(value, list):
        pairs = [word(each, where).partition("=") for each in value]
        return {name: text for name, _, text in pairs}
    return {name: "" if each is None else plain_text(each) for name, each in mapping(value, where).items()}


def _names(value: Any, where: str) -> dict[str, Any]:
    if isinstance(value, list):
        return {word(each, where): {} for each in value}
    return {
        name: {} if each is None else mapping(each, f"{where}.{name[:80]}")
        for name, each in mapping(value, where).items()
    }


def _depends(value: Any, where: str) -> dict[str, Any]:
    return {name: {"condition": "service_started", **each} for name, each in _names(value, where).items()}


def _healthcheck(value: Any, where: str) -> dict[str, Any]:
    found = mapping(value, where)
    test = found.get("test")
    if isinstance(test, str):
        found = {**found, "test": ["CMD-SHELL", test]}
    elif test is not None and not (isinstance(test, list) and test and test[0] in ("CMD", "CMD-SHELL", "NONE")):
        raise Misread(f"{where}.test is neither text nor a list that begins with CMD, CMD-SHELL or NONE.")
    return found


def _ports(value: Any, where: str) -> list[dict[str, Any]]:
    if not isinstance(value, list):
        raise Misread(f"{where} is no list.")
    return [_port(each, where) for each in value]


def _port(value: Any, where: str) -> dict[str, Any]:
    if isinstance(value, dict):
        given = {key: plain_text(each) for key, each in value.items() if each is not None}
        if "target" not in given:
            raise Misread(f"{where}: an entry has no target.")
        return {"protocol": "tcp", **given}
    found = _PORT.fullmatch(plain_text(value)) if isinstance(value, str | int) else None
    if found is None:
        raise Misread(f"{where}: {plain_text(value)[:80]!a} is no port.")
    return {"protocol": "tcp"} | {name: text for name, text in found.groupdict().items() if text}


def _volumes(value: Any, where: str) -> list[dict[str, Any]]:
    if not isinstance(value, list):
        raise Misread(f"{where} is no list.")
    return [_volume(each, where) for each in value]


def _volume(value: Any, where: str) -> dict[str, Any]:
    if isinstance(value, dict):
        found = {"type": word(value.get("type"), f"{where}: type"), **value}
        if found["type"] == "volume" and not isinstance(found.get("source", ""), str):
            raise Misread(f"{where}: a source is no text.")
        return found
    parts = word(value, where).split(":")
    if len(parts) == 1:
        return {"type": "volume", "target": parts[0]}
    bind = parts[0].startswith((".", "/", "~", "$"))
    return {
        "type": "bind" if bind else "volume",
        "source": parts[0],
        "target": parts[1],
        "read_only": len(parts) > 2 and "ro" in parts[2].split(","),
    }


_FORMS: Final[dict[str, Callable[[Any, str], Any]]] = {
    "build": _build,
    "environment": _pairs,
    "labels": _pairs,
    "depends_on": _depends,
    "networks": _names,
    "healthcheck": _healthcheck,
    "ports": _ports,
    "volumes": _volumes,
}
