// SQL by line, as far as colours go: comments, texts, numbers and the words of queries.
const WORDS = new Set(
  `all alter and as asc begin between by case cast check collate commit conflict create cross default delete desc
  distinct drop else end escape except exists filter following for foreign from full glob group having if in index
  inner insert intersect into is isnull join key left like limit natural not notnull null nulls of offset on or order
  outer over partition pragma preceding primary range recursive references replace returning right row rows select set
  table temp then to transaction trigger unbounded union unique update using values view when where window with without`
    .split(/\s+/),
);
const NAMES = { '"': '"', "`": "`", "[": "]" };

/** Reads on to `end`, over lines if it has to. */
function until(end, kind, stream, state) {
  if (stream.skipTo(end)) {
    stream.match(end);
    state.inside = null;
  } else {
    stream.skipToEnd();
    state.inside = [end, kind];
  }
  return kind;
}

export const sql = {
  name: "sql",
  startState: () => ({ inside: null }),
  token(stream, state) {
    if (state.inside) return until(...state.inside, stream, state);
    if (stream.eatSpace()) return null;
    if (stream.match("--")) {
      stream.skipToEnd();
      return "comment";
    }
    if (stream.match("/*")) return until("*/", "comment", stream, state);
    if (stream.match("'")) return until("'", "string", stream, state);
    if (stream.match(/\d+(\.\d+)?/)) return "number";
    const word = stream.match(/[A-Za-z_]\w*/);
    if (word) return WORDS.has(word[0].toLowerCase()) ? "keyword" : "variableName";
    const quote = NAMES[stream.next()];
    return quote ? until(quote, "variableName", stream, state) : null;
  },
  languageData: { commentTokens: { line: "--", block: { open: "/*", close: "*/" } } },
};
