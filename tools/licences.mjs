/** The licence texts of the packages that a bundle holds: they travel with it. */
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";

const INPUT = /^(?<folder>.*?node_modules\/(?<name>(?:@[^/]+\/)?[^/]+))\//;

/**
 * Collect licences.
 *
 * @param {Iterable<string>} inputs names of the files that went into a bundle (esbuild's `metafile`)
 * @param {string} root what these names are relative to
 * @returns {Promise<string>} one text, packages by name
 */
export async function licences(inputs, root) {
  const folders = new Map();
  for (const input of inputs) {
    const found = INPUT.exec(input.replaceAll("\\", "/"))?.groups;
    if (found) folders.set(found.name, path.join(root, found.folder));
  }
  const parts = [];
  for (const [name, folder] of [...folders].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const { version, license } = JSON.parse(await readFile(path.join(folder, "package.json"), "utf8"));
    parts.push(`${name} ${version} (${license})\n\n${await text(folder, name)}\n`);
  }
  return parts.join(`\n${"-".repeat(80)}\n\n`);
}

async function text(folder, name) {
  const files = (await readdir(folder)).filter((file) => /^(licen[cs]e|copying)/i.test(file)).sort();
  if (files.length) return (await readFile(path.join(folder, files[0]), "utf8")).trim();
  // Some packages have it at the end of their README only.
  const readme = await readFile(path.join(folder, "README.md"), "utf8").catch(() => "");
  const found = /^#+\s*licen[cs]e\b[^\n]*\n(?<text>[^]+)/im.exec(readme)?.groups.text.trim();
  if (!found) throw new Error(`${name}: no licence text in ${folder}`);
  return found;
}
