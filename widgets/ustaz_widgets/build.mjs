/**
 * Bundle the components into `static/`: one script and one style for the page, one module for
 * viewers, one for the notebook; with the licences of what is in them. Run by `npm run build` and by the package build.
 *
 *     node widgets/ustaz_widgets/build.mjs [--watch] [--outdir DIR]
 */
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import * as esbuild from "esbuild";
import { minify } from "terser";
import { licences } from "../../tools/licences.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const args = process.argv.slice(2);
const at = args.indexOf("--outdir");
const outdir = at < 0 ? path.join(here, "static") : path.resolve(args[at + 1]);

const LICENCES = "LICENSES.txt";
const BOTH = "workbook-and-pictures.css";

/** Entry points by the name of the file they become. */
export const entries = {
  "workbook.js": "page/workbook.tsx",
  "viewer.mjs": "page/viewer.tsx",
  "widget.mjs": "notebook/widget.ts",
  "preview.mjs": "notebook/preview.ts",
  "plan.mjs": "standalone/plan.ts",
  "ratings.mjs": "standalone/ratings.ts",
  "people-map.mjs": "standalone/people-map.ts",
  "story-line.mjs": "standalone/story-line.ts",
  "levels.mjs": "standalone/levels.ts",
  "share.js": "page/share.ts",
  "meeting.js": "meeting/meeting.ts",
  "pictures.css": "form/pictures.css",
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

/** A viewer has nothing to look through: what would do so says that it is not there. */
const readsOnly = {
  name: "reads-only",
  setup(build) {
    build.onResolve({ filter: /^\.\/guarded$/ }, ({ path: name }) => ({ path: name, namespace: "absent" }));
    build.onLoad({ filter: /./, namespace: "absent" }, () => ({ contents: 'throw new Error("not in a viewer")' }));
  },
};

/** A script made smaller once more: at 50 kB/s each kilobyte is a fiftieth of a second of waiting. */
async function smaller(contents, module) {
  const { code } = await minify(Buffer.from(contents).toString("utf8"), {
    module,
    ecma: 2020,
    // "unsafe" where something is made with `new` of a function without `this`; nothing here is.
    compress: { passes: 3, unsafe_arrows: true, unsafe_methods: true },
    format: { comments: false },
  });
  return Buffer.from(code, "utf8");
}

/** Replace a file in one step: a server that runs beside this build never reads half of it. */
async function put(target, contents) {
  const fresh = `${target}.${process.pid}.tmp`;
  await writeFile(fresh, contents);
  await rename(fresh, target);
}

const IMPORT = /import\{([^}]*)\}from"\.\/(chunk-[A-Z0-9]+)\.js";/g;
/** Of a shared part only what it does is wanted, and that is done before. */
const BARE = /import"\.\/(chunk-[A-Z0-9]+)\.js";/g;
const EXPORT = /export\{([^}]*)\};?\s*$/;
const LATER = /import\("(\.\/[a-z]+-[A-Z0-9]+\.js)"\)/g;
const pairs = (list, turn) =>
  list.split(",").map((pair) => pair.split(" as ")).map(([from, to = from]) => turn(from, to)).join(",");
const stem = (file) => path.parse(file.path).name;

/**
 * Put what several scripts share into the first one, so that the first one is all a page waits for.
 * Those that come later do not fetch it again: each is a function, which it is handed to.
 */
function handedOver(files) {
  const scripts = files.filter((file) => file.path.endsWith(".js"));
  const text = (file) => Buffer.from(file.contents).toString("utf8");
  // Letters of a hash do not pack: three of the eight. By the content still, since scripts are kept by their names.
  const short = (chunk) => `c${chunk.slice("chunk-".length, "chunk-".length + 3)}`;
  const taken = (code) =>
    code.replace(BARE, "").replace(IMPORT, (_, list, chunk) => `const{${pairs(list, (from, to) => `${from}:${to}`)}}=$shared.${short(chunk)};`);
  const given = (code) => code.replace(EXPORT, (_, list) => `return{${pairs(list, (from, to) => `${to}:${from}`)}};`);
  const asked = (code) => code.replace(LATER, (call) => `${call}.then(later=>later.default($shared))`);
  const first = scripts.find((file) => stem(file) === "workbook");
  const shared = scripts.filter((file) => stem(file).startsWith("chunk-"));
  if (new Set(shared.map((file) => short(stem(file)))).size < shared.length) throw new Error("two shared parts have one name");
  const later = scripts.filter((file) => file !== first && !shared.includes(file));
  if (!first || !later.some((file) => stem(file).startsWith("later-"))) throw new Error("page/later.ts is not apart");
  const parts = inOrder(shared, text).map((file) => `$shared.${short(stem(file))}=(()=>{${given(taken(asked(text(file))))}})();`);
  first.contents = Buffer.from(`const $shared={};${parts.join("")}${asked(taken(text(first)))}`);
  for (const file of later) file.contents = Buffer.from(`export default $shared=>{${given(asked(taken(text(file))))}}`);
  for (const { contents } of [first, ...later]) {
    if (/(?:from|import)\s*"\.\//.test(Buffer.from(contents).toString("utf8"))) throw new Error("an import is left");
  }
  return files.filter((file) => !shared.includes(file));
}

/** Words of modules in `shared/later.json` come late: none of them may be in the first script. */
async function lateWords({ outputs }) {
  const parts = JSON.parse(await readFile(path.join(here, "..", "..", "shared", "later.json"), "utf8"));
  const late = Object.values(parts).flat().map((module) => `widgets/ustaz_widgets/${module}`);
  for (const [output, { inputs }] of Object.entries(outputs)) {
    if (!/\/(?:workbook|chunk-[A-Z0-9]+)\.js$/.test(output)) continue;
    const early = Object.keys(inputs).find((input) => /\.tsx?$/.test(input) && late.some((module) => input.startsWith(module)));
    if (early) throw new Error(`${early} is in the first script: take it out of shared/later.json`);
  }
}

/** Shared parts, each behind those that it takes something of. */
function inOrder(chunks, text) {
  const order = [];
  const place = (chunk) => {
    if (order.includes(chunk)) return;
    const named = [...text(chunk).matchAll(IMPORT)].map((match) => match[2]);
    const names = [...named, ...[...text(chunk).matchAll(BARE)].map((match) => match[1])];
    for (const other of chunks) if (names.includes(stem(other))) place(other);
    order.push(chunk);
  };
  for (const chunk of chunks) place(chunk);
  return order;
}

export async function build(directory = outdir, { watch = false } = {}) {
  await mkdir(directory, { recursive: true });
  const stale = new Set(await readdir(directory));
  const sizes = {};
  const inputs = new Set();
  for (const [name, source] of Object.entries(entries)) {
    const entry = path.join(here, source);
    const settings = {
      ...options,
      entryPoints: [{ in: entry, out: path.parse(name).name }],
      outdir: directory,
      outExtension: { ".js": path.extname(name) },
      // What a page needs only after its first moments (page/later.ts) travels after them. The other
      // bundles are one file each: whoever embeds them has one address for them.
      splitting: name === "workbook.js",
      plugins: name === "viewer.mjs" ? [readsOnly] : [],
      chunkNames: "[name]-[hash]",
      metafile: true,
      write: false,
    };
    if (watch) {
      const context = await esbuild.context({ ...settings, write: true });
      await context.watch();
      continue;
    }
    const { metafile, outputFiles: made } = await esbuild.build(settings);
    if (settings.splitting) await lateWords(metafile);
    const outputFiles = settings.splitting ? handedOver(made) : made;
    for (const input of Object.keys(metafile.inputs)) inputs.add(input);
    for (const file of outputFiles) {
      // A viewer's style is the page's own (workbook.css); a second copy would only go stale.
      if (name === "viewer.mjs" && file.path.endsWith(".css")) continue;
      const script = /\.m?js$/.test(file.path);
      const contents = script ? await smaller(file.contents, true) : file.contents;
      await put(file.path, contents);
      stale.delete(path.basename(file.path));
      sizes[path.basename(file.path)] = { bytes: contents.length, gzip: gzipSync(contents, { level: 9 }).length };
    }
  }
  // A page that has pictures from the beginning waits for one style sheet, not for two.
  if (inputs.size) {
    const styles = ["workbook.css", "pictures.css"].map((name) => readFile(path.join(directory, name)));
    await put(path.join(directory, BOTH), Buffer.concat(await Promise.all(styles)));
    stale.delete(BOTH);
  }
  // JupyterLab's extension below is made of the same parts.
  if (inputs.size) {
    await put(path.join(directory, LICENCES), await licences(inputs, process.cwd()));
    stale.delete(LICENCES);
  }
  for (const name of stale) await rm(path.join(directory, name), { recursive: true });
  if (directory === path.join(here, "static")) Object.assign(sizes, await labextension());
  return sizes;
}

/** The federated extension: a folder that JupyterLab finds, its script named by its content. */
async function labextension() {
  const folder = path.join(here, "labextension", "ustaz");
  await mkdir(path.join(folder, "static"), { recursive: true });
  const { outputFiles } = await esbuild.build({
    ...options,
    format: "iife",
    // A classic script has no address of its own; the host names the style sheet.
    define: { "import.meta.url": "document.baseURI" },
    entryPoints: [path.join(here, "notebook", "labextension.ts")],
    outdir: folder,
    write: false,
  });
  // The style is the page's own, linked from the server.
  const script = await smaller(outputFiles.find((file) => file.path.endsWith(".js")).contents, false);
  const hash = createHash("sha256").update(script).digest("hex").slice(0, 20);
  const load = `static/remoteEntry.${hash}.js`;
  const { version, license } = JSON.parse(await readFile(path.join(here, "..", "..", "package.json"), "utf8"));
  const manifest = {
    name: "ustaz",
    version,
    description: "Shows a workbook's notebook as the workbook itself, without a kernel.",
    license,
    jupyterlab: {
      extension: true,
      // Lab's own news would leave the site.
      disabledExtensions: ["@jupyterlab/apputils-extension:announcements"],
      _build: { load, extension: "./extension" },
    },
  };
  await put(path.join(folder, load), script);
  await put(path.join(folder, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  for (const name of await readdir(path.join(folder, "static"))) {
    if (name !== path.basename(load)) await rm(path.join(folder, "static", name));
  }
  return { "labextension": { bytes: script.length, gzip: gzipSync(script, { level: 9 }).length } };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const sizes = await build(outdir, { watch: args.includes("--watch") });
  for (const [name, { bytes, gzip }] of Object.entries(sizes)) {
    console.log(`${name.padEnd(14)} ${(bytes / 1000).toFixed(1).padStart(7)} kB ${(gzip / 1000).toFixed(1).padStart(7)} kB gzip`);
  }
}
