// A menu is a `details`: it opens without scripts; here it also closes when one leaves it.
const menus = () => document.querySelectorAll("details[data-menu][open]");

document.addEventListener("click", (event) => {
  for (const menu of menus()) if (!menu.contains(event.target)) menu.open = false;
});

document.addEventListener("focusin", (event) => {
  for (const menu of menus()) if (!menu.contains(event.target)) menu.open = false;
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of menus()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// Where the sections do not fit, the one that is open is scrolled into sight.
for (const current of document.querySelectorAll("nav.wm-tabs [aria-current], nav.wm-side [aria-current]")) {
  const nav = current.closest("nav");
  nav.scrollLeft = current.offsetLeft - nav.clientWidth / 2 + current.offsetWidth / 2;
}
