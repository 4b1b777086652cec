/**
 * The guard for Python: each line of the input is a call as JSON, each line of the output its answer.
 *
 *     node tests/support/guard.mjs < calls
 *
 * A call is `["notices", text]`, `["masked", text]` (everything masked once), `["whole", text]` (until
 * nothing is noticed) or `["timed", texts]` (the notices of each text, and for all of
 * them the milliseconds that went by and those that the processor worked).
 */
import { mkdtemp, rm } from "node:fs/promises";
import path from "node:path";
import readline from "node:readline";
import { fileURLToPath, pathToFileURL } from "node:url";
import * as esbuild from "esbuild";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const folder = await mkdtemp(path.join(root, "node_modules", ".guard-"));
const outfile = path.join(folder, "guard.mjs");
await esbuild.build({
  entryPoints: [path.join(root, "widgets/ustaz_widgets/model/guard/guard.ts")],
  bundle: true,
  format: "esm",
  target: ["es2022"],
  charset: "utf8",
  outfile,
});
const { masked, maskedWhole, notices } = await import(pathToFileURL(outfile).href);
await rm(folder, { recursive: true });

const words = { phone: "[phone]", email: "[e-mail]", identity: "[number]" };
const calls = {
  notices,
  masked: (text) => masked(text, notices(text), words),
  whole: (text) => maskedWhole(text, words),
  timed: (texts) => {
    const began = performance.now();
    const used = process.cpuUsage();
    const all = texts.map((text) => notices(text));
    const { user } = process.cpuUsage(used);
    return { all, milliseconds: performance.now() - began, processor: user / 1000 };
  },
};
for await (const line of readline.createInterface({ input: process.stdin })) {
  const [name, argument] = JSON.parse(line);
  process.stdout.write(`${JSON.stringify(calls[name](argument))}\n`);
}
