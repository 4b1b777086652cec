/**
 * Bundle configurable-http-proxy, as `package-lock.json` pins it, into one file that Node runs
 * without any package beside it. Run by `make setup` and by the package build.
 *
 *     node tools/proxy.mjs [OUTDIR]
 */
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import { licences } from "./licences.mjs";

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), "..");
const outdir = path.resolve(process.argv[2] ?? path.join(root, "src", "ustaz", "hub", "bundled"));
const home = path.join(root, "node_modules", "configurable-http-proxy");

/**
 * What is changed in the proxy: mostly what it reads from files beside it. Where what is changed no
 * longer stands there, the build stops.
 */
const CHANGED = [
  // Its own version.
  [/bin[/\\]configurable-http-proxy$/, 'require("../package.json")', await readFile(path.join(home, "package.json"), "utf8")],
  // Its own error pages, never shown: a hub names an address for those, and without one it says a line.
  [/lib[/\\]configproxy\.js$/, 'path.join(__dirname, "error")', '""'],
  // An address that is none (not UTF-8, half an escape) is the asker's mistake, and no fault of ours.
  [
    /lib[/\\]configproxy\.js$/,
    "that.handleProxyError(500, kind, req, res, e)",
    'that.handleProxyError(e instanceof URIError || e.code === "ERR_INVALID_URL" ? 400 : 500, kind, req, res, e)',
  ],
];

const embed = {
  name: "embed",
  setup(build) {
    build.onLoad({ filter: /configurable-http-proxy$|configproxy\.js$/ }, async ({ path: file }) => {
      let contents = await readFile(file, "utf8");
      for (const [, before, after] of CHANGED.filter(([filter]) => filter.test(file))) {
        if (contents.split(before).length !== 2) throw new Error(`${file} no longer holds ${before}`);
        contents = contents.replace(before, () => `(${after})`);
      }
      return { contents, loader: "js" };
    });
  },
};

const { metafile, outputFiles } = await esbuild.build({
  absWorkingDir: root,
  entryPoints: [path.join(home, "bin", "configurable-http-proxy")],
  bundle: true,
  minify: true,
  platform: "node",
  format: "cjs",
  target: ["node20"],
  define: { "import.meta.url": "bundleAddress" },
  banner: { js: 'const bundleAddress = require("node:url").pathToFileURL(__filename).href;' },
  legalComments: "none",
  logLevel: "warning",
  metafile: true,
  outdir,
  plugins: [embed],
  write: false,
});
await mkdir(outdir, { recursive: true });
await put("configurable-http-proxy.cjs", outputFiles[0].contents);
await put("LICENSES.txt", await licences(Object.keys(metafile.inputs), root));

/** Replace a file in one step: a hub may start its proxy at this moment. */
async function put(name, contents) {
  const fresh = path.join(outdir, `${name}.${process.pid}.tmp`);
  await writeFile(fresh, contents);
  await rename(fresh, path.join(outdir, name));
}
