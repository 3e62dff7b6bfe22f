// The editor of a lab's files. Each textarea with `data-editor` (the file's name) stays the field of
// its form; the editor stands in its place, as high as it was, and writes back what is typed.
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { EditorState } from "@codemirror/state";
import { EditorView, keymap, lineNumbers } from "@codemirror/view";
import { classHighlighter } from "@lezer/highlight";
import { indentOf, languageOf } from "./languages.js";
import { look } from "./look.js";

// Styles are added by script, so the policy of the site wants the nonce that this script came with.
const { nonce } = document.querySelector("script[data-editor-script]");

// A browser that types over a selection keeps its colours by a style attribute, which the policy forbids.
const overtype = EditorView.domEventHandlers({
  beforeinput(event, view) {
    if (event.inputType !== "insertText" || event.data === null || view.state.selection.main.empty) return false;
    event.preventDefault();
    view.dispatch(view.state.replaceSelection(event.data), { userEvent: "input.type", scrollIntoView: true });
    return true;
  },
});

function edit(area) {
  const name = area.dataset.editor;
  const label = area.labels[0];
  const help = area.form.querySelector("[data-editor-help]");
  const view = new EditorView({
    doc: area.value,
    extensions: [
      EditorView.cspNonce.of(nonce),
      look,
      overtype,
      lineNumbers(),
      history(),
      indentOnInput(),
      bracketMatching(),
      EditorState.tabSize.of(4),
      indentUnit.of(indentOf(name, area.value)),
      syntaxHighlighting(classHighlighter),
      languageOf(name) ?? [],
      keymap.of([...defaultKeymap, ...historyKeymap, indentWithTab]),
      EditorView.contentAttributes.of({ tabindex: "0", "aria-labelledby": label.id, "aria-describedby": help.id }),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) area.value = update.state.doc.toString();
      }),
    ],
  });
  view.dom.style.height = `${area.offsetHeight}px`;
  area.hidden = true;
  area.after(view.dom);
  help.classList.remove("invisible");
  label.addEventListener("click", () => view.focus());
}

for (const area of document.querySelectorAll("textarea[data-editor]")) edit(area);
