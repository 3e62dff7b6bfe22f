"""Kubernetes manifests: a list of objects, of all documents and of the items of every ``List``.

What the cluster itself fills in is filled in: a container has the ``securityContext`` of its pod where it says nothing
else, requests what it is limited to where it requests nothing, and a port of a service leads to its own number.
"""

from __future__ import annotations

from typing import Any, Final

from grading.checks.structure.reading import Misread, entries, mapping, word

SELECTED: Final = frozenset({"Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"})
TEMPLATED: Final = SELECTED | {"Job"}
SHARED: Final = ("runAsNonRoot", "runAsUser", "runAsGroup", "seccompProfile")


def kubernetes(documents: list[Any]) -> list[Any]:
    found: list[Any] = []
    for number, value in enumerate(documents, 1):
        whole = mapping(value, f"Document {number}")
        found.extend(entries(whole.get("items"), "items of the List") if whole.get("kind") == "List" else [whole])
    if not found:
        raise Misread("There is no object.")
    names: set[tuple[str, str, str]] = set()
    objects = []
    for number, each in enumerate(found, 1):
        whole = _object(each, f"Object {number}")
        about = whole["metadata"]
        name = whole["kind"], str(about.get("namespace") or "")[:256], about["name"]
        if name in names:
            raise Misread(f"Object {number}: {name[0][:80]} {name[2][:80]} is there twice.")
        names.add(name)
        objects.append(whole)
    return objects


def _object(value: Any, where: str) -> dict[str, Any]:
    whole = dict(mapping(value, where))
    word(whole.get("apiVersion"), f"{where}: apiVersion")
    kind = word(whole.get("kind"), f"{where}: kind")
    word(mapping(whole.get("metadata"), f"{where}: metadata").get("name"), f"{where}: metadata.name")
    spec = f"{where} ({kind[:40]}): spec"
    if kind == "Pod":
        whole["spec"] = _pod(whole.get("spec"), spec)
    elif kind in TEMPLATED:
        whole["spec"] = _templated(kind, mapping(whole.get("spec"), spec), spec)
    elif kind == "Service":
        whole["spec"] = _service(mapping(whole.get("spec"), spec), spec)
    return whole


def _templated(kind: str, spec: dict[str, Any], where: str) -> dict[str, Any]:
    template = mapping(spec.get("template"), f"{where}.template")
    if kind in SELECTED:
        selector = mapping(spec.get("selector"), f"{where}.selector")
        wanted = mapping(selector.get("matchLabels") or {}, f"{where}.selector.matchLabels")
        if not wanted and not selector.get("matchExpressions"):
            raise Misread(f"{where}.selector selects nothing.")
        about = mapping(template.get("metadata"), f"{where}.template.metadata")
        labels = mapping(about.get("labels"), f"{where}.template.metadata.labels")
        if any(labels.get(key) != value for key, value in wanted.items()):
            raise Misread(f"{where}.selector does not select the labels of its own template.")
    return {**spec, "template": {**template, "spec": _pod(template.get("spec"), f"{where}.template.spec")}}


def _pod(value: object, where: str) -> dict[str, Any]:
    spec = mapping(value, where)
    context = mapping(spec.get("securityContext") or {}, f"{where}.securityContext")
    shared = {name: context[name] for name in SHARED if context.get(name) is not None}
    containers = []
    names: set[str] = set()
    for number, each in enumerate(entries(spec.get("containers"), f"{where}.containers")):
        container = _container(each, shared, f"{where}.containers[{number}]")
        if container["name"] in names:
            raise Misread(f"{where}.containers: {container['name'][:80]!a} is there twice.")
        names.add(container["name"])
        containers.append(container)
    return {**spec, "containers": containers}


def _container(value: object, shared: dict[str, Any], where: str) -> dict[str, Any]:
    container = dict(mapping(value, where))
    word(container.get("name"), f"{where}.name")
    word(container.get("image"), f"{where}.image")
    own = mapping(container.get("securityContext") or {}, f"{where}.securityContext")
    said = {name: value for name, value in own.items() if value is not None}
    container["securityContext"] = {**shared, **said}
    resources = mapping(container.get("resources") or {}, f"{where}.resources")
    limits = mapping(resources.get("limits") or {}, f"{where}.resources.limits")
    requests = mapping(resources.get("requests") or {}, f"{where}.resources.requests")
    container["resources"] = {**resources, "limits": limits, "requests": {**limits, **requests}}
    return container


def _service(spec: dict[str, Any], where: str) -> dict[str, Any]:
    if not spec.get("ports"):
        return spec
    ports = [
        mapping(each, f"{where}.ports[{number}]")
        for number, each in enumerate(entries(spec["ports"], f"{where}.ports"))
    ]
    return {**spec, "ports": [{**each, "targetPort": each.get("targetPort", each.get("port"))} for each in ports]}
