// Builds the editor of labs into one module, with the licences of what is in it.
import { build } from "esbuild";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));

/** The packages a bundle is made of, by name. */
function packages(inputs) {
  const found = inputs.map((path) => path.match(/^node_modules\/((?:@[^/]+\/)?[^/]+)\//)?.[1]);
  return [...new Set(found.filter(Boolean))].sort();
}

function licences(names) {
  return names.map((name) => {
    const folder = join(here, "node_modules", name);
    const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    return `${name} ${version}\n\n${readFileSync(join(folder, "LICENSE"), "utf8").trim()}\n`;
  }).join("\n----\n\n");
}

/** Writes editor.js and editor.LICENSE.txt into a folder. */
export async function bundle(folder) {
  const { metafile } = await build({
    absWorkingDir: here,
    entryPoints: ["editor/main.js"],
    outfile: join(folder, "editor.js"),
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    charset: "utf8",
    legalComments: "none",
    metafile: true,
    logLevel: "error",
  });
  const [{ inputs }] = Object.values(metafile.outputs);
  const used = Object.keys(inputs).filter((path) => inputs[path].bytesInOutput > 0);
  writeFileSync(join(folder, "editor.LICENSE.txt"), licences(packages(used)));
  return inputs;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await bundle(join(here, "../static/waymark/vendor"));
}
