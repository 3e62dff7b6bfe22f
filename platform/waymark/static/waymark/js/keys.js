// Single-key shortcuts. They sleep while one types, and can be turned off on the help page
// (WCAG 2.1.4). Links name their keys in `data-keys`: "?" or "g t".
const OFF = "waymark.keys-off";
let first = "";
let forget;

const off = () => localStorage.getItem(OFF) === "1";
const typing = (element) => element.closest("input, textarea, select, [contenteditable], [role=textbox]");

document.addEventListener("keydown", (event) => {
  if (off() || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const pressed = first ? `${first} ${event.key}` : event.key;
  const link = document.querySelector(`[data-keys="${CSS.escape(pressed)}"]`);
  clearTimeout(forget);
  first = !first && document.querySelector(`[data-keys^="${CSS.escape(event.key)} "]`) ? event.key : "";
  forget = setTimeout(() => { first = ""; }, 1500);
  if (link) {
    event.preventDefault();
    link.click();
  }
});

const row = document.querySelector("[data-keys-switch]");
if (row) {
  const box = row.querySelector("input");
  box.checked = !off();
  box.addEventListener("change", () => {
    if (box.checked) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "1");
  });
  row.hidden = false;
}
