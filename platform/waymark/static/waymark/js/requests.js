// What every htmx request needs: the token that proves the form is ours, and a plain sentence
// when no answer comes. Answers that refuse are swapped into `#problems` (see htmx-config).
import { token } from "./cookies.js";

const problems = document.getElementById("problems");

document.body.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRFToken"] = token();
});

// A new try clears what the last one said; polling leaves it standing.
document.body.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.requestConfig.verb !== "get") problems?.replaceChildren();
});

for (const name of ["htmx:sendError", "htmx:timeout"]) {
  document.body.addEventListener(name, () => {
    const template = document.getElementById("no-answer");
    if (template) problems?.replaceChildren(template.content.cloneNode(true));
  });
}

document.body.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target === problems) problems.scrollIntoView({ block: "nearest" });
});
