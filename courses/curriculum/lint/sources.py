"""Rules that readers find while they read, for documents of every kind; the findings are theirs."""

from __future__ import annotations

from courses.curriculum.lint.register import Rule, checks

checks.declare(
    Rule("source.front_matter", "info", "Only native documents have front matter"),
    Rule("source.unknown_section", "info", "Every section is one that its kind of document has"),
    Rule("source.unknown_key", "info", "Every key is one that its kind of document has"),
    Rule("source.stated_twice", "warning", "A document states a thing once"),
    Rule("source.missing_key", "warning", "Metadata has every key that its schema needs"),
    Rule("source.bad_value", "warning", "Values of metadata are among those that its schema has"),
    Rule("source.unnamed_difficulty", "warning", "A difficulty has a word, not only stars or figures"),
    Rule("source.former_id", "warning", "A former id stands with the thing that has another one now"),
    Rule("source.second_document", "warning", "A YAML file of these kinds holds one mapping and nothing beside it"),
    Rule("source.bad_yaml", "error", "YAML can be read"),
    Rule("source.yaml_alias", "error", "YAML is written out, without aliases"),
    Rule("source.alias_bomb", "error", "YAML aliases do not multiply"),
    Rule("source.too_deep", "error", "Lists and YAML are nested at most 20 levels deep"),
    Rule("source.too_wide", "error", "A line has at most 1,000 columns of a table"),
    Rule("source.long_line", "error", "A line of a Markdown document has at most 20,000 characters"),
    Rule("source.too_large", "error", "A file has at most 2 MiB"),
    Rule("source.too_long", "error", "A file has at most 50,000 lines"),
    Rule("source.not_text", "error", "A document is UTF-8 text"),
    Rule("source.repository", "error", "A git repository can be fetched"),
    Rule("source.unreadable", "error", "A file can be opened"),
    Rule("source.too_many_files", "error", "An import has at most 20,000 files"),
    Rule("source.too_much", "error", "An import has at most 200 MiB"),
    Rule("source.link", "warning", "Trees and archives hold no links"),
    Rule("source.archive_path", "error", "Members of an archive stay inside it"),
    Rule("source.archive_encrypted", "error", "An archive is not encrypted"),
    Rule("source.archive_method", "error", "An archive is stored or deflated"),
    Rule("source.archive_twice", "error", "Members of an archive have different names"),
    Rule("source.archive_nested", "warning", "An archive holds no archives"),
    Rule("source.archive_broken", "error", "An archive can be unpacked"),
    Rule("source.people", "info", "Lists of people are left to the import of people"),
    Rule("references.prerequisite_unclear", "warning", "Prerequisites say which of them are needed"),
    Rule("gates.no_id", "warning", "A gate names what opens it or what it stands before"),
    Rule("gates.unclear", "warning", "A gate's sentence says what opens what"),
    Rule("hygiene.mojibake", "warning", "The encoding of a document is not damaged"),
    Rule("hygiene.empty_section", "info", "Sections and tables have something in them"),
)
