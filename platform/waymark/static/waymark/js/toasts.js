// Toasts say that a step went well. They are polite, can be dismissed, wait while one points at
// them or reads them, and are never the only trace of what happened.
const SHOWN_FOR = 8000;
const region = document.getElementById("toasts");
const dismiss = region?.dataset.dismiss ?? "Dismiss";

function arm(toast) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = dismiss;
  button.addEventListener("click", () => toast.remove());
  toast.append(button);
  let timer;
  const start = () => { timer = setTimeout(() => toast.remove(), SHOWN_FOR); };
  const stop = () => clearTimeout(timer);
  toast.addEventListener("pointerenter", stop);
  toast.addEventListener("pointerleave", start);
  toast.addEventListener("focusin", stop);
  toast.addEventListener("focusout", start);
  start();
}

/** Say that something was done. `text` is a sentence in the language of the page. */
export function toast(text) {
  const element = document.createElement("div");
  element.className = "wm-toast";
  const paragraph = document.createElement("p");
  paragraph.textContent = text;
  element.append(paragraph);
  region.append(element);
  arm(element);
}

for (const element of region?.querySelectorAll("[data-toast]") ?? []) arm(element);

// A response to htmx announces one with the header HX-Trigger: {"toast": "Saved"}.
document.body.addEventListener("toast", (event) => toast(event.detail.value ?? event.detail));
