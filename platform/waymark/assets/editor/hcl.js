// Terraform's language by line, as far as colours go: comments, texts, numbers, blocks and their arguments.
const ATOMS = new Set(["true", "false", "null"]);

function text(stream, state) {
  let escaped = false;
  for (let next = stream.next(); next; next = stream.next()) {
    if (next === '"' && !escaped) break;
    escaped = next === "\\" && !escaped;
  }
  state.first = false;
  return "string";
}

function block(stream, state) {
  if (stream.skipTo("*/")) {
    stream.match("*/");
    state.comment = false;
  } else stream.skipToEnd();
  return "comment";
}

export const hcl = {
  name: "hcl",
  startState: () => ({ comment: false, heredoc: "", first: true }),
  token(stream, state) {
    if (stream.sol()) state.first = true;
    if (state.comment) return block(stream, state);
    if (state.heredoc) {
      if (stream.string.trim() === state.heredoc) state.heredoc = "";
      stream.skipToEnd();
      return "string";
    }
    if (stream.eatSpace()) return null;
    if (stream.match("#") || stream.match("//")) {
      stream.skipToEnd();
      return "comment";
    }
    if (stream.match("/*")) {
      state.comment = true;
      return block(stream, state);
    }
    const heredoc = stream.match(/<<-?([A-Za-z_]\w*)$/);
    if (heredoc) {
      state.heredoc = heredoc[1];
      return "string";
    }
    if (stream.match('"')) return text(stream, state);
    if (stream.match(/\d+(\.\d+)?/)) return "number";
    const word = stream.match(/[A-Za-z_][\w-]*/);
    if (word) {
      const first = state.first;
      state.first = false;
      if (ATOMS.has(word[0])) return "atom";
      if (stream.match(/\s*=(?!=)/, false)) return "propertyName";
      return first ? "keyword" : "variableName";
    }
    stream.next();
    return null;
  },
  languageData: { commentTokens: { line: "#", block: { open: "/*", close: "*/" } } },
};
