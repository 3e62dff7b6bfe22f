"""Compose, Kubernetes, GitHub workflows and rules of Prometheus: short forms written out, and what none may lack."""

from __future__ import annotations

from typing import Any

import pytest

from tests.grading.structure.reads import how, read
from tests.grading.structure.test_readers import unread


# -- Compose -----------------------------------------------------------------------
def service(text: str, more: str = "") -> Any:
    return read("compose", f"services:\n  a:\n    image: b:1\n    {text}\n{more}")["services"]["a"]


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("build: ./x", "build", {"context": "./x"}),
        ("build: {context: ., target: y}", "build", {"context": ".", "target": "y"}),
        ("environment: [A=1=2, B]", "environment", {"A": "1=2", "B": ""}),
        ("environment: {A: 1, B: , C: true}", "environment", {"A": "1", "B": "", "C": "true"}),
        ("labels: [x=y]", "labels", {"x": "y"}),
        ("depends_on: [a]", "depends_on", {"a": {"condition": "service_started"}}),
        ("depends_on: {a: {condition: service_healthy}}", "depends_on", {"a": {"condition": "service_healthy"}}),
        ("networks: [default]", "networks", {"default": {}}),
        ("networks: {default: }", "networks", {"default": {}}),
        ("healthcheck: {test: curl x}", "healthcheck", {"test": ["CMD-SHELL", "curl x"]}),
        ("healthcheck: {test: [NONE]}", "healthcheck", {"test": ["NONE"]}),
        ("healthcheck: {disable: true}", "healthcheck", {"disable": True}),
        ("healthcheck: ", "healthcheck", None),
        ("ports: [80, '1:2', '127.0.0.1:1-2:3-4/udp', '[::1]::5', '${P}:6', '${H}:7:8']", "ports", [
            {"protocol": "tcp", "target": "80"}, {"protocol": "tcp", "published": "1", "target": "2"},
            {"protocol": "udp", "host_ip": "127.0.0.1", "published": "1-2", "target": "3-4"},
            {"protocol": "tcp", "host_ip": "[::1]", "target": "5"},
            {"protocol": "tcp", "published": "${P}", "target": "6"},
            {"protocol": "tcp", "host_ip": "${H}", "published": "7", "target": "8"},
        ]),
        ("ports: [{target: 80, published: 8080, name: }]", "ports",
         [{"protocol": "tcp", "target": "80", "published": "8080"}]),
        ("volumes: [/x, './y:/z:ro,z', '~/y:/z', '${D}:/z']", "volumes", [
            {"type": "volume", "target": "/x"}, {"type": "bind", "source": "./y", "target": "/z", "read_only": True},
            {"type": "bind", "source": "~/y", "target": "/z", "read_only": False},
            {"type": "bind", "source": "${D}", "target": "/z", "read_only": False},
        ]),
        ("volumes: [{type: tmpfs, target: /t}]", "volumes", [{"type": "tmpfs", "target": "/t"}]),
    ],
)  # fmt: skip
def test_short_forms_of_services_are_written_out(text: str, name: str, value: Any) -> None:
    assert service(text)[name] == value


def test_named_volumes_and_networks_are_known_by_their_names() -> None:
    found = service("volumes: ['v:/x']\n    networks: [n]", "volumes: {v: }\nnetworks: {n: {internal: true}}\n")
    assert found["volumes"] == [{"type": "volume", "source": "v", "target": "/x", "read_only": False}]
    assert read("compose", "services: {a: {image: b}}\nvolumes:\n")["volumes"] == {}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- a\n", "The file is no mapping."),
        ("version: '3'\n", "services is no mapping."),
        ("services: {}\n", "services is empty."),
        ("services: {a: }\n", "services.a is no mapping."),
        ("services: {a: {ports: [1]}}\n", "services.a has neither an image nor a build."),
        ("services: {a: {image: b, depends_on: [c]}}\n", "services.a.depends_on: there is no 'c'."),
        ("services: {a: {image: b, networks: [c]}}\n", "services.a.networks: there is no 'c'."),
        ("services: {a: {image: b, volumes: ['c:/d']}}\n", "services.a.volumes: there is no 'c'."),
        ("services: {a: {image: b, volumes: {}}}\n", "services.a.volumes is no list."),
        ("services: {a: {image: b, volumes: [{source: x}]}}\n", "services.a.volumes: type is missing or no text."),
        ("services: {a: {image: b, volumes: [{type: volume, source: [x]}]}}\n",
         "services.a.volumes: a source is no text."),
        ("services: {a: {image: b, ports: 80}}\n", "services.a.ports is no list."),
        ("services: {a: {image: b, ports: [http]}}\n", "services.a.ports: 'http' is no port."),
        ("services: {a: {image: b, ports: [[1]]}}\n", "services.a.ports: '[1]' is no port."),
        ("services: {a: {image: b, ports: [{published: 1}]}}\n", "services.a.ports: an entry has no target."),
        ("services: {a: {image: b, environment: [[x]]}}\n", "services.a.environment is missing or no text."),
        ("services: {a: {image: b, networks: {default: 1}}}\n", "services.a.networks.default is no mapping."),
        ("services: {a: {image: b, healthcheck: {test: [curl]}}}\n",
         "services.a.healthcheck.test is neither text nor a list that begins with CMD, CMD-SHELL or NONE."),
        ("services: {a: {image: b}}\nvolumes: [x]\n", "volumes is no mapping."),
    ],
)  # fmt: skip
def test_compose_files_that_are_none_say_where(text: str, said: str) -> None:
    assert unread("compose", text) == said


# -- Kubernetes --------------------------------------------------------------------
POD = "{containers: [{name: c, image: 'i:1'}]}"


def manifest(spec: str, kind: str = "Deployment") -> str:
    return f"apiVersion: apps/v1\nkind: {kind}\nmetadata: {{name: x}}\nspec: {spec}\n"


def deployment(pod: str = POD, labels: str = "{a: b}") -> str:
    return f"{{selector: {{matchLabels: {labels}}}, template: {{metadata: {{labels: {{a: b, c: d}}}}, spec: {pod}}}}}"


def test_objects_of_all_documents_and_lists_are_one_list_with_what_the_cluster_fills_in() -> None:
    pod = """{securityContext: {runAsNonRoot: true, runAsUser: 5, fsGroup: 1}, containers: [
        {name: a, image: i, resources: {limits: {cpu: 1, memory: 1Gi}, requests: {cpu: 500m}}},
        {name: b, image: i, securityContext: {runAsUser: 6, runAsNonRoot: null, privileged: false}}]}"""
    listed = "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: ConfigMap, metadata: {name: x}}\n"
    service = manifest("{ports: [{port: 1}, {port: 2, targetPort: http}]}", "Service")
    texts = [
        f"{manifest(deployment(pod))}---\n---\n{listed}",
        f"{service}---\n{manifest('{type: ExternalName}', 'Service').replace('x}', 'y}')}",
    ]
    found = read("kubernetes", *texts)
    assert [each["kind"] for each in found] == ["Deployment", "ConfigMap", "Service", "Service"]
    first, second = found[0]["spec"]["template"]["spec"]["containers"]
    assert first["securityContext"] == {"runAsNonRoot": True, "runAsUser": 5}
    assert first["resources"] == {"limits": {"cpu": 1, "memory": "1Gi"}, "requests": {"cpu": "500m", "memory": "1Gi"}}
    assert second["securityContext"] == {"runAsNonRoot": True, "runAsUser": 6, "privileged": False}
    assert [port["targetPort"] for port in found[2]["spec"]["ports"]] == [1, "http"]


@pytest.mark.parametrize(
    "text",
    [
        manifest(POD, "Pod"),
        manifest(f"{{template: {{spec: {POD}}}}}", "Job"),
        manifest(
            f"{{selector: {{matchExpressions: [1]}}, template: {{metadata: {{labels: {{}}}}, spec: {POD}}}}}",
            "DaemonSet",
        ),
        f"{manifest(POD, 'Pod')}---\n{manifest(POD, 'Pod').replace('name: x', 'name: x, namespace: y')}",
    ],
)
def test_other_workloads_are_read(text: str) -> None:
    assert how("kubernetes", text) == "read"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "There is no object."),
        ("--- a\n", "Document 1 is no mapping."),
        ("kind: List\nitems: []\n", "items of the List is no list with entries."),
        ("kind: List\nitems: [a]\n", "Object 1 is no mapping."),
        ("kind: Pod\n", "Object 1: apiVersion is missing or no text."),
        ("apiVersion: v1\n", "Object 1: kind is missing or no text."),
        ("apiVersion: v1\nkind: Pod\n", "Object 1: metadata is no mapping."),
        ("apiVersion: v1\nkind: Pod\nmetadata: {}\n", "Object 1: metadata.name is missing or no text."),
        (manifest("{}", "Pod"), "Object 1 (Pod): spec.containers is no list with entries."),
        (manifest("{containers: [{image: b}]}", "Pod"),
         "Object 1 (Pod): spec.containers[0].name is missing or no text."),
        (manifest("{containers: [{name: a}]}", "Pod"),
         "Object 1 (Pod): spec.containers[0].image is missing or no text."),
        (manifest("{containers: [{name: a, image: b}, {name: a, image: c}]}", "Pod"),
         "Object 1 (Pod): spec.containers: 'a' is there twice."),
        (manifest("{}"), "Object 1 (Deployment): spec.template is no mapping."),
        (manifest("{template: {spec: {}}}"), "Object 1 (Deployment): spec.selector is no mapping."),
        (manifest(deployment(labels="{}")), "Object 1 (Deployment): spec.selector selects nothing."),
        (manifest(deployment(labels="{a: x}")),
         "Object 1 (Deployment): spec.selector does not select the labels of its own template."),
        (manifest("{ports: 80}", "Service"), "Object 1 (Service): spec.ports is no list with entries."),
        (f"{manifest(POD, 'Pod')}---\n{manifest(POD, 'Pod')}", "Object 2: Pod x is there twice."),
    ],
)  # fmt: skip
def test_manifests_that_are_none_say_where(text: str, said: str) -> None:
    assert unread("kubernetes", text) == said


# -- workflows and rules -----------------------------------------------------------
@pytest.mark.parametrize(
    ("events", "found"),
    [
        ("push", {"push": {}}),
        ("[push, pull_request]", {"push": {}, "pull_request": {}}),
        ("{push: , schedule: [1]}", {"push": {}, "schedule": [1]}),
    ],
)
def test_events_and_needs_of_workflows_have_one_form(events: str, found: Any) -> None:
    whole = read(
        "workflow",
        f"on: {events}\njobs:\n  a: {{runs-on: x, steps: [{{run: y}}]}}\n  b: {{needs: a, uses: ./z.yml}}\n"
        f"  c: {{needs: [a, b], uses: z}}\n",
    )
    assert whole["on"] == found
    assert [job["needs"] for job in whole["jobs"].values()] == [[], ["a"], ["a", "b"]]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a\n", "The file is no mapping."),
        ("jobs: {a: {uses: x}}\n", "on is no mapping."),
        ("on: [1]\njobs: {a: {uses: x}}\n", "on is missing or no text."),
        ("on: push\n", "jobs is no mapping."),
        ("on: push\njobs: {}\n", "A workflow has events (on) and jobs."),
        ("on: push\njobs: {a: 1}\n", "jobs.a is no mapping."),
        ("on: push\njobs: {a: {needs: b, uses: x}}\n", "jobs.a.needs: there is no job 'b'."),
        ("on: push\njobs: {a: {needs: {b: 1}, uses: x}}\n", "jobs.a.needs is no list with entries."),
        ("on: push\njobs: {a: {steps: [{run: x}]}}\n", "jobs.a has no runs-on."),
        ("on: push\njobs: {a: {runs-on: x}}\n", "jobs.a.steps is no list with entries."),
        ("on: push\njobs: {a: {runs-on: x, steps: [{name: y}]}}\n", "jobs.a.steps[0] has either uses or run."),
        (
            "on: push\njobs: {a: {runs-on: x, steps: [{run: }]}}\n",
            "jobs.a.steps[0]: uses or run is missing or no text.",
        ),
    ],
)
def test_workflows_that_are_none_say_where(text: str, said: str) -> None:
    assert unread("workflow", text) == said


def rules(rule: str) -> str:
    return f"groups:\n- name: a\n  rules:\n  - {rule}\n"


def test_rules_are_read() -> None:
    assert (
        how(
            "prometheus",
            rules("{alert: B, expr: up == 0, for: 1h30m, keep_firing_for: 0, labels: , annotations: {x: y}}"),
        )
        == "read"
    )
    assert how("prometheus", rules("{record: b, expr: 1}")) == "read"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a\n", "The file is no mapping."),
        ("groups: []\n", "groups is no list with entries."),
        ("groups: [{rules: []}]\n", "groups[0].name is missing or no text."),
        ("groups: [{name: a}]\n", "groups[0].rules is no list with entries."),
        (
            rules("{record: b, expr: 1}") + rules("{record: b, expr: 1}").partition("\n")[2],
            "groups: 'a' is there twice.",
        ),
        (rules("{expr: x}"), "groups[0].rules[0] has either alert or record."),
        (rules("{alert: b, record: c, expr: x}"), "groups[0].rules[0] has either alert or record."),
        (rules("{alert: , expr: x}"), "groups[0].rules[0]: its name is missing or no text."),
        (rules("{alert: b}"), "groups[0].rules[0].expr is missing or no text."),
        (rules("{alert: b, expr: x, for: soon}"), "groups[0].rules[0].for is no duration."),
        (rules("{alert: b, expr: x, labels: [y]}"), "groups[0].rules[0].labels is no mapping."),
        (rules("{alert: b, expr: x, labels: {y: 1}}"), "groups[0].rules[0].labels.y is no text."),
    ],
)
def test_rules_that_are_none_say_where(text: str, said: str) -> None:
    assert unread("prometheus", text) == said
