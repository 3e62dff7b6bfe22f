// The editor in the tokens of theme.css, so that it follows the theme by itself.
import { EditorView } from "@codemirror/view";

const line = "1px solid var(--color-base-300)";

export const look = EditorView.theme({
  "&": {
    resize: "vertical",
    overflow: "hidden",
    minHeight: "6rem",
    background: "var(--color-base-200)",
    color: "inherit",
    fontSize: "0.8125rem",
  },
  "&.cm-focused": { outline: "none" },
  // Around the line numbers too, which lie above an outline.
  "&.cm-focused::after": {
    content: '""',
    position: "absolute",
    inset: "0",
    zIndex: "300",
    border: "2px solid var(--color-primary)",
    borderRadius: "0 0 var(--radius-box) var(--radius-box)",
    pointerEvents: "none",
  },
  ".cm-scroller": { fontFamily: "var(--font-mono)", lineHeight: "1.375rem" },
  ".cm-content": { padding: "0.75rem 0", caretColor: "var(--color-base-content)" },
  ".cm-line": { padding: "0 1rem 0 0.75rem" },
  ".cm-gutters": { background: "var(--color-base-200)", color: "var(--wm-muted)", borderRight: line },
  ".cm-lineNumbers .cm-gutterElement": { minWidth: "2.25rem", padding: "0 0.5rem 0 0.25rem" },
  "&.cm-focused .cm-matchingBracket, .cm-matchingBracket": {
    background: "none",
    borderBottom: "2px solid var(--color-primary)",
  },
  "&.cm-focused .cm-nonmatchingBracket, .cm-nonmatchingBracket": {
    background: "none",
    borderBottom: "2px solid var(--color-error)",
  },
  ".tok-comment, .tok-meta": { color: "var(--wm-muted)" },
  ".tok-keyword, .tok-operatorKeyword": { color: "var(--color-primary)" },
  ".tok-string, .tok-string2, .tok-literal, .tok-url": { color: "var(--color-success)" },
  ".tok-number, .tok-atom, .tok-bool": { color: "var(--color-warning)" },
  ".tok-heading, .tok-strong, .tok-definition, .tok-propertyName, .tok-className": { fontWeight: "600" },
  ".tok-emphasis": { fontStyle: "italic" },
  ".tok-invalid": { color: "var(--color-error)" },
});
