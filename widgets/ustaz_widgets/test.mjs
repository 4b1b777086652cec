/**
 * Run the front-end tests: every `*.test.ts(x)` here, bundled by esbuild, under `node --test`.
 *
 *     node widgets/ustaz_widgets/test.mjs [part of a path ...]
 */
import { spawn } from "node:child_process";
import { mkdir, readdir, rm } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import { options } from "./build.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(here, "../..");
const wanted = process.argv.slice(2).filter((arg) => !arg.startsWith("--"));
const flags = process.argv.slice(2).filter((arg) => arg.startsWith("--"));

const names = (await readdir(here, { recursive: true }))
  .filter((name) => /\.test\.tsx?$/.test(name) && !name.startsWith("static"))
  .filter((name) => wanted.length === 0 || wanted.some((part) => name.includes(part)))
  .sort();
if (names.length === 0) {
  console.error("No front-end test matches.");
  process.exit(1);
}
// Beside node_modules, so that packages left out of the bundle are found; one folder a run.
const out = path.join(root, "node_modules", ".cache", `ustaz-tests-${process.pid}`);
await mkdir(out, { recursive: true });
await esbuild.build({
  ...options,
  minify: false,
  sourcemap: "inline",
  platform: "node",
  packages: "external",
  loader: { ".css": "empty" },
  define: { "globalThis.USTAZ_ROOT": JSON.stringify(root) },
  outdir: out,
  outbase: here,
  outExtension: { ".js": ".mjs" },
  entryPoints: names.map((name) => path.join(here, name)),
});
const files = names.map((name) => path.join(out, name.replace(/\.tsx?$/, ".mjs")));
const node = spawn(process.execPath, ["--enable-source-maps", "--test", "--test-reporter=spec", ...flags, ...files], {
  stdio: "inherit",
  cwd: root,
});
node.on("exit", async (code) => {
  await rm(out, { recursive: true, force: true });
  process.exit(code ?? 1);
});
