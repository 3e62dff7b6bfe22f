// The theme changes at once and is kept in the cookie that the server reads for the next page,
// so a page is never painted in the wrong theme first.
import { cookie, keep } from "./cookies.js";

function paint(theme) {
  if (theme) document.documentElement.dataset.theme = `waymark-${theme}`;
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-theme-form]");
  const chosen = event.submitter?.value;
  if (!form || !chosen) return;
  event.preventDefault();
  keep("theme", chosen);
  paint(chosen);
  // The button that was pressed is hidden now; its twin takes the focus.
  [...form.querySelectorAll("button")].find((button) => button !== event.submitter)?.focus();
});

// A page taken from the back/forward cache still wears what it was left in.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) paint(cookie("theme"));
});
