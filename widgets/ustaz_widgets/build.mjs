/**
 * Bundle the components into `static/`: one script and one style for the page, one module for
 * viewers, one for the notebook. Run by `npm run build` and by the package build.
 *
 *     node widgets/ustaz_widgets/build.mjs [--watch] [--outdir DIR]
 */
import { existsSync } from "node:fs";
import { mkdir, readdir, rm } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import * as esbuild from "esbuild";

const here = path.dirname(fileURLToPath(import.meta.url));
const args = process.argv.slice(2);
const at = args.indexOf("--outdir");
const outdir = at < 0 ? path.join(here, "static") : path.resolve(args[at + 1]);

/** Entry points by the name of the file they become. An absent component is skipped. */
export const entries = {
  "workbook.js": "page/workbook.tsx",
  "viewer.mjs": "page/viewer.tsx",
  "widget.mjs": ["notebook/index.ts", "notebook/index.tsx", "notebook/widget.ts", "notebook/widget.tsx"],
};

export const options = {
  bundle: true,
  minify: true,
  format: "esm",
  target: ["es2022"],
  charset: "utf8",
  legalComments: "none",
  jsx: "automatic",
  jsxImportSource: "preact",
  logLevel: "warning",
};

function source(candidates) {
  const found = [candidates].flat().map((name) => path.join(here, name)).find((name) => existsSync(name));
  return found ?? null;
}

export async function build(directory = outdir, { watch = false } = {}) {
  await mkdir(directory, { recursive: true });
  for (const name of await readdir(directory)) await rm(path.join(directory, name), { recursive: true });
  const sizes = {};
  for (const [name, candidates] of Object.entries(entries)) {
    const entry = source(candidates);
    if (!entry) continue;
    const settings = {
      ...options,
      entryPoints: [{ in: entry, out: path.parse(name).name }],
      outdir: directory,
      outExtension: { ".js": path.extname(name) },
      write: false,
    };
    if (watch) {
      const context = await esbuild.context({ ...settings, write: true });
      await context.watch();
      continue;
    }
    const { outputFiles } = await esbuild.build(settings);
    const { writeFile } = await import("node:fs/promises");
    for (const file of outputFiles) {
      // A viewer's style is the page's own (workbook.css); a second copy would only go stale.
      if (name === "viewer.mjs" && file.path.endsWith(".css")) continue;
      await writeFile(file.path, file.contents);
      sizes[path.basename(file.path)] = { bytes: file.contents.length, gzip: gzipSync(file.contents, { level: 9 }).length };
    }
  }
  return sizes;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const sizes = await build(outdir, { watch: args.includes("--watch") });
  for (const [name, { bytes, gzip }] of Object.entries(sizes)) {
    console.log(`${name.padEnd(14)} ${(bytes / 1000).toFixed(1).padStart(7)} kB ${(gzip / 1000).toFixed(1).padStart(7)} kB gzip`);
  }
}
