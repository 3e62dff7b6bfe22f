"""The formats by name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from grading.checks.structure.compose import compose
from grading.checks.structure.dockerfile import dockerfile
from grading.checks.structure.json import json_value
from grading.checks.structure.kubernetes import kubernetes
from grading.checks.structure.pipelines import prometheus, workflow
from grading.checks.structure.terraform import terraform
from grading.checks.structure.yaml import document, documents

TOGETHER: Final = frozenset({"kubernetes", "terraform"})
"""Formats of which several files are one whole."""

FORMATS: Final[dict[str, Callable[[Sequence[str]], Any]]] = {
    "dockerfile": lambda texts: dockerfile(texts[0]),
    "compose": lambda texts: compose(document(texts[0])),
    "kubernetes": lambda texts: kubernetes([each for text in texts for each in documents(text)]),
    "workflow": lambda texts: workflow(document(texts[0])),
    "prometheus": lambda texts: prometheus(document(texts[0])),
    "terraform": terraform,
    "json": lambda texts: json_value(texts[0]),
    "yaml": lambda texts: document(texts[0]),
}
