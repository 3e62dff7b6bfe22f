// Rebuilds the stylesheet into a temporary folder and compares it with the committed one.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "waymark-css-"));
let same = false;
try {
  const built = join(folder, "waymark.css");
  const tailwind = join(here, "node_modules", ".bin", "tailwindcss");
  execFileSync(tailwind, ["-i", "theme.css", "-o", built, "--minify"], { cwd: here, stdio: ["ignore", "ignore", "pipe"] });
  same = readFileSync(built).equals(readFileSync(join(here, "../static/waymark/waymark.css")));
} finally {
  rmSync(folder, { recursive: true });
}
if (!same) {
  console.error("static/waymark/waymark.css is not what theme.css and the templates build. Run: make css");
  process.exit(1);
}
console.log("waymark.css is up to date");
