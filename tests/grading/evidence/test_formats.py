"""What tools print, as values; what is refused, and texts that would take a careless reader minutes."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from grading.checks.evidence.formats import FORMATS, LARGEST, evidence_read
from grading.checks.structure.assertions import Assertion
from grading.checks.structure.reading import Misread, Refused

CHANGE = {"address": "aws_s3_bucket.a", "type": "aws_s3_bucket", "change": {"actions": ["create"], "after": {}}}
PLAN = {"format_version": "1.2", "resource_changes": [CHANGE]}
IMAGE = {"Id": "sha256:1", "Size": 5, "Config": {"Labels": {"waymark": "x"}, "User": "app"}}
POD = {"kind": "Pod", "metadata": {"name": "a"}, "status": {"phase": "Running"}}
SCRAPE = """# HELP up Whether it is up.
# TYPE up gauge
up{job="api",instance="a:1"} 1
# TYPE http_requests_total counter
http_requests_total{code="200",path="/\\"x\\""} 1027 1773140000000
# TYPE lag gauge
lag NaN
peak +Inf
low -Inf
# TYPE took histogram
took_bucket{le="+Inf"} 3
took_sum 1.5
took_count 3
"""


def read(form: str, value: Any) -> Any:
    return evidence_read(form, (value if isinstance(value, str) else json.dumps(value)).encode())


def test_what_each_format_gives() -> None:
    assert read("terraform-plan", PLAN) == PLAN
    assert read("terraform-plan", PLAN | {"resource_changes": []})["resource_changes"] == []
    assert read("image", [IMAGE]) == [IMAGE]
    assert read("objects", POD) == [POD]
    assert read("objects", {"kind": "List", "apiVersion": "v1", "items": [POD, POD]}) == [POD, POD]
    assert read("objects", {"kind": "PodList", "items": [POD]}) == [POD]
    assert read("csv", 'a, b\r\n1, "x, y"\r\n\r\n-2.50,nan\r\n') == [{"a": 1, "b": "x, y"}, {"a": -2.5, "b": "nan"}]
    assert read("csv", "a\n1e3\n1e999\n0x10\n" + "9" * 41 + "\n") == [
        {"a": 1000.0}, {"a": "1e999"}, {"a": "0x10"}, {"a": "9" * 41}
    ]  # fmt: skip
    assert read("log", "\x1b[1mone\x1b[0m \r\n\r\ntwo\x07\n\n") == {"lines": ["one", "", "two", "", ""], "last": "two"}


def test_a_scrape_is_a_list_of_samples() -> None:
    samples = read("metrics", SCRAPE)
    assert samples[0] == {"name": "up", "labels": {"job": "api", "instance": "a:1"}, "value": 1.0, "type": "gauge"}
    assert samples[1]["labels"] == {"code": "200", "path": '/"x"'}
    assert samples[1]["timestamp"] == 1773140000.0
    assert {each["name"]: each["value"] for each in samples[2:5]} == {"lag": "NaN", "peak": "+Inf", "low": "-Inf"}
    assert json.dumps(samples, allow_nan=False)
    at_least = Assertion(path="[name=lag].value", at_least=0, message="x")
    assert at_least.problem(samples) == 'x ([2].value: "NaN".)', "no bound holds of what is no number"
    assert Assertion(path="[name=took_bucket][labels.le=+Inf].value", equals=3, message="x").problem(samples) == ""


@pytest.mark.parametrize(
    ("form", "value", "said"),
    [
        ("terraform-plan", [], "The plan is no mapping"),
        ("terraform-plan", {"resource_changes": []}, "format_version"),
        ("terraform-plan", {"format_version": "1.2"}, "hand in what terraform show -json prints"),
        ("terraform-plan", PLAN | {"resource_changes": [1]}, "resource_changes[0] is no mapping"),
        ("terraform-plan", PLAN | {"resource_changes": [CHANGE | {"change": {}}]}, "change.actions is no list"),
        ("terraform-plan", PLAN | {"resource_changes": [CHANGE | {"address": 1}]}, "address is missing"),
        ("image", IMAGE, "is no list"),
        ("image", [], "is no list with entries"),
        ("image", [{"Id": "x"}], "[0].Config is no mapping"),
        ("image", [{"Config": {}}], "[0].Id is missing"),
        ("objects", [], "is no mapping"),
        ("objects", {"kind": "List", "items": []}, "items is no list with entries"),
        ("objects", {"kind": "List", "items": [{"kind": "Pod"}]}, "metadata of object 1 is no mapping"),
        ("objects", {"metadata": {"name": "a"}}, "kind of object 1"),
        ("metrics", "", "no sample"),
        ("metrics", "<html>", "no scrape"),
        ("metrics", "a{b=", "no scrape"),
        ("metrics", "a x", "no scrape"),
        ("metrics", 'a{b="1",b="2"} 1', "no scrape"),
        ("metrics", "a 1\na 2\n", "The series a is there twice"),
        ("csv", "", "has no names"),
        ("csv", "a,a\n1,2\n", "has no names, one of them twice"),
        ("csv", "a,\n1,2\n", "an empty one"),
        ("csv", "a,b\n1\n", "Line 2: it has 1 values and should have 2."),
        ("csv", "a,b\n", "no row below"),
        ("csv", 'a\n"x"y\n', "Line 2: it is no CSV"),
        ("log", " \n\n", "It is empty"),
        ("log", "a\0b", "NUL"),
    ],
)  # fmt: skip
def test_what_is_no_such_thing_says_what_is_wrong(form: str, value: Any, said: str) -> None:
    with pytest.raises(Misread) as found:
        read(form, value)
    assert said in str(found.value)


N = LARGEST
LONG = {
    "metrics": [
        "a 1\n" * N, "".join(f"a{n} 1\n" for n in range(N // 8)), "a{" * N, 'a{b="' + '\\"' * N, "a" * N, "#\n" * N,
        'a{b="' + "\\\\" * N + '"} 1', "a " + "9" * N, '{"' * N, "# TYPE a counter\n" * N, "a{" + 'b="c",' * N,
        "a 1 # {" * N, "".join(f'a{{l="{n}"}} 1\n' for n in range(N // 14)),
    ],
    "csv": [
        "," * N, "a\n" * N, '"' * N, "a,b\n" + "1,2\n" * N, '"a' + '""' * N, "a\n" + "9" * N, "a\n" + "\n" * N,
        ",".join(f"a{n}" for n in range(N // 8)), "a\n" + "1e9.e" * N,
    ],
    "log": ["\n" * N, "\x1b[" * N, "\x1b[" + "0;" * N, "a" * N, "a\n" * N, " " * N],
    "json": ["[" + "1," * N, '{"a":' * N, '"' + "\\u0041" * N, '"' * N, "[" + "[]," * N, "1" * N],
    "objects": ['{"kind":"List","items":[' + '{"kind":"P","metadata":{"name":"a"}},' * N],
}  # fmt: skip


@pytest.mark.parametrize(("form", "number"), [(form, number) for form in LONG for number in range(len(LONG[form]))])
def test_long_texts_take_little_time(form: str, number: int) -> None:
    began = time.process_time()
    said = ""
    try:
        evidence_read(form, LONG[form][number].encode()[:LARGEST])
    except (Misread, Refused) as error:
        said = str(error)
    assert len(said) < 300
    assert time.process_time() - began < 8


def test_a_large_piece_of_evidence_is_asserted_in_time() -> None:
    whole = read("objects", {"kind": "List", "items": [POD | {"spec": {"a": list(range(10))}}] * 2000})
    began = time.process_time()
    for _ in range(3):
        assert Assertion(path="[*].spec.a[*]", at_least=0, message="x").problem(whole) == ""
    assert time.process_time() - began < 8
    assert sorted(FORMATS) == ["csv", "image", "json", "log", "metrics", "objects", "terraform-plan"]
