// The search of a built book, without a browser: node book_search.mjs EDITION, questions by line.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { runInThisContext } from "node:vm";

const edition = process.argv[2];
let index;
const run = (name) => runInThisContext(readFileSync(`${edition}/${name}`, "utf-8"), name);
run("_static/ustaz-stems.js");
run("_static/ustaz-search.js");
const { find, opened } = globalThis.ustazSearch;
globalThis.ustazSearch.setIndex = (content) => {
  index = opened(content);
};
run("searchindex.js");

const calls = {
  find: (question) => find(index, question, globalThis.ustazStems),
  stems: (words) => words.map(globalThis.ustazStems.stem),
  words: (text) => globalThis.ustazStems.words(text).map(({ word }) => word),
};
for await (const line of createInterface({ input: process.stdin })) {
  const [call, argument] = JSON.parse(line);
  const answer = calls[call](argument);
  const plain = call === "find" ? { ...answer, marks: [...answer.marks] } : answer;
  process.stdout.write(`${JSON.stringify(plain)}\n`);
}
