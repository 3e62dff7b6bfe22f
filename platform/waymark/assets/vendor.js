// Copies the third-party scripts that are served or used by tests, with their licences,
// so that neither the product nor the test suite needs npm.
import { copyFileSync, mkdirSync } from "node:fs";

const here = new URL(".", import.meta.url);
const copies = [
  ["node_modules/htmx.org/dist/htmx.min.js", "../static/waymark/vendor/htmx.min.js"],
  ["node_modules/htmx.org/LICENSE", "../static/waymark/vendor/htmx.LICENSE.txt"],
  ["node_modules/axe-core/axe.min.js", "../../../tests/flows/vendor/axe.min.js"],
  ["node_modules/axe-core/LICENSE", "../../../tests/flows/vendor/axe.LICENSE.txt"],
];

for (const [from, to] of copies) {
  const target = new URL(to, here);
  mkdirSync(new URL(".", target), { recursive: true });
  copyFileSync(new URL(from, here), target);
}
