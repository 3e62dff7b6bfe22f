"""``yaml_lint CONFIG FILE...``: what yamllint finds, as JSON of path, line, rule and message."""

import json
import sys
from importlib import import_module

if __name__ == "__main__":
    linter, config = import_module("yamllint.linter"), import_module("yamllint.config")
    with open(sys.argv[1], encoding="utf-8") as settings:
        conf = config.YamlLintConfig(settings.read())
    found = []
    for path in sys.argv[2:]:
        with open(path, encoding="utf-8", newline="") as file:
            for each in linter.run(file.read(), conf, path):
                found.append([path, each.line, each.rule or "syntax", each.desc])
    json.dump(found, sys.stdout)
