// Rebuilds the stylesheet and the editor into a temporary folder and compares them with the committed ones.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundle } from "./bundle.js";

const here = fileURLToPath(new URL(".", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "waymark-assets-"));
const BUILT = { "waymark.css": "", "editor.js": "vendor", "editor.LICENSE.txt": "vendor" };
let stale = [];
try {
  const tailwind = join(here, "node_modules", ".bin", "tailwindcss");
  const to = join(folder, "waymark.css");
  execFileSync(tailwind, ["-i", "theme.css", "-o", to, "--minify"], { cwd: here, stdio: ["ignore", "ignore", "pipe"] });
  await bundle(folder);
  const committed = (name) => readFileSync(join(here, "../static/waymark", BUILT[name], name));
  stale = Object.keys(BUILT).filter((name) => !readFileSync(join(folder, name)).equals(committed(name)));
} finally {
  rmSync(folder, { recursive: true });
}
if (stale.length) {
  console.error(`Not what their sources build: ${stale.join(", ")} in static/waymark. Run: make css`);
  process.exit(1);
}
console.log(`${Object.keys(BUILT).join(", ")} are up to date`);
