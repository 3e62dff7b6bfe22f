// Languages by the name of a file: those that labs are written in, and nothing else.
import { jsonLanguage } from "@codemirror/lang-json";
import { pythonLanguage } from "@codemirror/lang-python";
import { yamlLanguage } from "@codemirror/lang-yaml";
import { defineLanguageFacet, Language, languageDataProp, StreamLanguage } from "@codemirror/language";
import { dockerFile } from "@codemirror/legacy-modes/mode/dockerfile";
import { shell } from "@codemirror/legacy-modes/mode/shell";
import { toml } from "@codemirror/legacy-modes/mode/toml";
import { parser } from "@lezer/markdown";
import { hcl } from "./hcl.js";
import { sql } from "./sql.js";

const facet = defineLanguageFacet();
const markdown = () => new Language(facet, parser.configure({ props: [languageDataProp.add({ Document: facet })] }));
const stream = (mode) => () => StreamLanguage.define(mode);

const BY_ENDING = {
  py: () => pythonLanguage,
  json: () => jsonLanguage,
  yaml: () => yamlLanguage,
  yml: () => yamlLanguage,
  md: markdown,
  sh: stream(shell),
  bash: stream(shell),
  sql: stream(sql),
  toml: stream(toml),
  tf: stream(hcl),
  tfvars: stream(hcl),
  hcl: stream(hcl),
  dockerfile: stream(dockerFile),
};
const TWO = ["yaml", "yml", "json", "md", "tf", "tfvars", "hcl"];

const ending = (name) => name.split("/").pop().split(".").pop().toLowerCase();

/** The language of a file, or undefined: it is plain text then. `Dockerfile` and `Dockerfile.test` are known by their beginning. */
export function languageOf(name) {
  const dockerfile = /(^|\/)(Dockerfile|Containerfile)(\.[^/]*)?$/.test(name);
  return (dockerfile ? BY_ENDING.dockerfile : BY_ENDING[ending(name)])?.();
}

/** What Tab puts in front of a line: a tab where the text has one there already, else blanks. */
export function indentOf(name, text) {
  if (/^\t/m.test(text)) return "\t";
  return " ".repeat(TWO.includes(ending(name)) ? 2 : 4);
}
