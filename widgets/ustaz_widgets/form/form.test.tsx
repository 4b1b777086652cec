import assert from "node:assert/strict";
import { test } from "node:test";
import { type ComponentChild, render } from "preact";
import { dom, settle } from "../dev/testing";
import { applyChanges } from "../model/changes";
import { createI18n } from "../model/i18n";
import type { Answers, Change, Definition, Field, Finding, Mark } from "../model/types";
import { FieldView } from "./field";
import { Prose } from "./prose";
import { ReadValue } from "./read";
import type { Ctx } from "./types";
import { showControls } from "./user-text";

/** A context whose store is a list of answers; `draw` shows the field again after each change. */
function context(fields: Field[], start: Answers = {}, more: Partial<Ctx> = {}) {
  let answers = start;
  const said: string[] = [];
  const left: string[] = [];
  const changes: Change[] = [];
  const definition: Definition = {
    id: "w",
    version: "1.0.0",
    title: "W",
    sections: [{ id: "s", title: "S", fields }],
  };
  let draw = () => {};
  const store = {
    workbook: "w",
    get answers() {
      return answers;
    },
    document: { lang: "kk", entered: [] as Mark[] },
    edit(change: Change | Change[]) {
      changes.push(...[change].flat());
      answers = applyChanges(answers, [change].flat());
      draw();
    },
    flush() {},
  };
  const ctx = {
    ...createI18n("en"),
    mode: "edit",
    typist: false,
    writing: "kk",
    definition,
    store,
    stores: { w: store },
    definitions: { w: definition },
    evaluation: { sections: [] },
    context: { today: "2026-11-23" },
    confirmations: [],
    uid: "uz-w",
    findingsFor: () => [],
    leave: (path: string[]) => left.push(path.join("/")),
    message: (finding: Finding) => finding.rule,
    announce: (text: string) => said.push(text),
    link: () => "/ustaz/workbooks/focus",
    ...more,
  } as unknown as Ctx;
  const body = dom();
  const show = async (node: () => ComponentChild) => {
    draw = () => render(node(), body);
    draw();
    await settle();
    return body;
  };
  return { ctx, show, said, left, changes, answers: () => answers };
}

const text = (id: string, more: Partial<Field> = {}) =>
  ({ id, kind: "text", label: "Name", ...more }) as Field;

function type(element: Element | null, value: string) {
  (element as HTMLInputElement).value = value;
  element?.dispatchEvent(new Event("input", { bubbles: true }));
}

test("a label, its help and its count belong to the control", async () => {
  const field = text("name", { help: "Short.", max: 10, required: "ready" } as Partial<Field>);
  const { ctx, show } = context([field]);
  const body = await show(() => <FieldView field={field} path={["name"]} ctx={ctx} />);
  const input = body.querySelector("input");
  assert.equal(body.querySelector("label")?.getAttribute("for"), input?.id);
  assert.match(body.querySelector("label")?.textContent ?? "", /Name.*needed/);
  for (const id of input?.getAttribute("aria-describedby")?.split(" ") ?? []) {
    assert.ok(body.querySelector(`#${id}`), id);
  }
  assert.equal(input?.getAttribute("lang"), "kk");
  assert.equal(input?.getAttribute("dir"), "auto");
});

test("text that is composed otherwise does not move the caret", async () => {
  const field = text("name");
  const { ctx, show, answers } = context([field]);
  const body = await show(() => <FieldView field={field} path={["name"]} ctx={ctx} />);
  const input = body.querySelector("input") as HTMLInputElement;
  type(input, "И\u0306");
  await settle();
  assert.equal(answers().name, "Й");
  assert.equal(input.value, "И\u0306", "the element keeps what was typed");
});

test("a sentence is written on as many lines as it needs, and stays one line of text", async () => {
  const short = text("name", { max: 60 } as Partial<Field>);
  const long = text("title", { max: 100 } as Partial<Field>);
  const list = { id: "signs", kind: "list", label: "Signs", max: 160 } as Field;
  const { ctx, show, answers } = context([short, long, list]);
  const body = await show(() =>
    [short, long, list].map((field) => (
      <FieldView key={field.id} field={field} path={[field.id]} ctx={ctx} />
    )),
  );
  assert.equal(body.querySelectorAll("input").length, 1);
  const boxes = [...body.querySelectorAll("textarea")];
  assert.equal(boxes.length, 2);
  const box = boxes[0] as HTMLTextAreaElement;
  type(box, "from a\nletter");
  assert.equal(box.value, "from a letter");
  assert.deepEqual(answers(), { title: "from a letter" });
  const enter = new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true });
  box.dispatchEvent(enter);
  assert.ok(enter.defaultPrevented);
});

test("an emptied text is no answer", async () => {
  const field = text("name");
  const { ctx, show, answers } = context([field], { name: "a" });
  const body = await show(() => <FieldView field={field} path={["name"]} ctx={ctx} />);
  type(body.querySelector("input"), "");
  assert.deepEqual(answers(), {});
});

test("the count says calmly what would be a good length", async () => {
  const field = text("name", { min: 5, max: 8 } as Partial<Field>);
  const { ctx, show } = context([field], { name: "👩‍🏫ab" });
  const body = await show(() => <FieldView field={field} path={["name"]} ctx={ctx} />);
  const count = () => body.querySelector(".uz-count")?.textContent;
  assert.equal(count(), "3 characters; from 5 to 8 is a good length");
  type(body.querySelector("input"), "abcdef");
  assert.equal(count(), "6 of 8 characters");
  type(body.querySelector("input"), "abcdefghi");
  assert.equal(count(), "9 characters: 1 more than fits");
});

test("several choices are kept in the order of the definition", async () => {
  const options = ["a", "b", "c"].map((id) => ({ id, label: id }));
  const field = { id: "some", kind: "choices", label: "Some", options } as Field;
  const { ctx, show, answers } = context([field]);
  const body = await show(() => <FieldView field={field} path={["some"]} ctx={ctx} />);
  const [a, , c] = [...body.querySelectorAll("input")] as HTMLInputElement[];
  for (const box of [c, a]) {
    (box as HTMLInputElement).checked = true;
    box?.dispatchEvent(new Event("change", { bubbles: true }));
  }
  assert.deepEqual(answers().some, ["a", "c"]);
  assert.equal(body.querySelector("fieldset > legend")?.textContent, "Some optional");
});

test("cannot say is an answer of its own, and can be taken back", async () => {
  const field = { id: "s", kind: "scale", label: "S", from: 1, to: 3, cannot_say: true } as Field;
  const { ctx, show, answers } = context([field]);
  const body = await show(() => <FieldView field={field} path={["s"]} ctx={ctx} />);
  (body.querySelector("#uz-w-s-none") as HTMLInputElement).click();
  await settle();
  assert.deepEqual(answers(), { s: null });
  (body.querySelector("button.uz-link") as HTMLButtonElement).click();
  await settle();
  assert.deepEqual(answers(), {});
});

test("many options fold into a list that opens", async () => {
  const options = Array.from({ length: 9 }, (_, at) => ({ id: `o${at}`, label: `O ${at}` }));
  const field = { id: "o", kind: "choice", label: "O", options } as Field;
  const { ctx, show } = context([field]);
  const body = await show(() => <FieldView field={field} path={["o"]} ctx={ctx} />);
  assert.equal(body.querySelectorAll("select option").length, 10);
});

test("a list adds with Enter, leaves blanks out of the answer, and moves by keyboard", async () => {
  const field = { id: "l", kind: "list", label: "L" } as Field;
  const { ctx, show, answers, said } = context([field]);
  const body = await show(() => <FieldView field={field} path={["l"]} ctx={ctx} />);
  const inputs = () => [...body.querySelectorAll(".uz-input")];
  const press = (at: number, key: string, alt = false) =>
    inputs()[at]?.dispatchEvent(new KeyboardEvent("keydown", { key, altKey: alt, bubbles: true }));
  type(inputs()[0] ?? null, "one");
  press(0, "Enter");
  await settle();
  assert.equal(inputs().length, 2);
  assert.deepEqual(answers().l, ["one"]);
  type(inputs()[1] ?? null, "two");
  press(1, "ArrowUp", true);
  await settle();
  assert.deepEqual(answers().l, ["two", "one"]);
  assert.deepEqual(said, ["Moved to place 1 of 2."]);
  press(1, "Backspace");
  assert.deepEqual(answers().l, ["two", "one"], "only an empty line goes with Backspace");
});

test("a list that was changed elsewhere shows what is kept now", async () => {
  const field = { id: "l", kind: "list", label: "L" } as Field;
  const { ctx, show } = context([field], { l: ["one"] });
  const body = await show(() => <FieldView field={field} path={["l"]} ctx={ctx} />);
  ctx.store.edit({ op: "set", path: ["l"], value: ["other", "more"] });
  await settle();
  const values = [...body.querySelectorAll(".uz-input")].map(
    (one) => (one as HTMLInputElement).value,
  );
  assert.deepEqual(values, ["other", "more"]);
});

test("a field that is not asked for now is not shown", async () => {
  const field = text("why", { shown_when: { field: "one", is: ["b"] } });
  const { ctx, show } = context([field], { one: "a" });
  const body = await show(() => <FieldView field={field} path={["why"]} ctx={ctx} />);
  assert.equal(body.textContent, "");
  ctx.store.edit({ op: "set", path: ["one"], value: "b" });
  await settle();
  assert.match(body.textContent ?? "", /Name/);
});

test("leaving a field is told once, not while moving inside it", async () => {
  const options = ["a", "b"].map((id) => ({ id, label: id }));
  const field = { id: "o", kind: "choice", label: "O", options } as Field;
  const { ctx, show, left } = context([field]);
  const body = await show(() => <FieldView field={field} path={["o"]} ctx={ctx} />);
  const [a, b] = [...body.querySelectorAll("input")];
  const out = (to: Element | null) =>
    a?.dispatchEvent(new FocusEvent("focusout", { bubbles: true, relatedTarget: to }));
  out(b ?? null);
  out(null);
  assert.deepEqual(left, ["o"]);
});

test("nothing of a person's text is interpreted when it is shown", async () => {
  const field = text("name");
  const { ctx, show } = context([field], { name: "<b onclick=x>hi</b>" }, { mode: "read" });
  const body = await show(() => <FieldView field={field} path={["name"]} ctx={ctx} />);
  assert.equal(body.querySelector("b"), null);
  assert.equal(body.querySelector("bdi")?.textContent, "<b onclick=x>hi</b>");
});

test("characters that hide or turn text around become showControls", () => {
  assert.equal(showControls("a\u202eb\u0007c\u007f\u0085"), "a[U+202E]b␇c␡[U+0085]");
  assert.equal(showControls("one\r\ntwo\tthree\n"), "one\ntwo\tthree\n");
  assert.equal(showControls("👩‍🏫 ә"), "👩‍🏫 ә");
});

test("a very long text is shown in part, and wholly when asked for", async () => {
  const field = text("name", { long: true } as Partial<Field>);
  const { ctx, show } = context([field], { name: "я".repeat(2000) }, { mode: "read" });
  const body = await show(() => (
    <ReadValue field={field} value={ctx.store.answers.name} ctx={ctx} />
  ));
  assert.equal(body.querySelector("bdi")?.textContent?.length, 1201);
  (body.querySelector("button") as HTMLButtonElement).click();
  await settle();
  assert.equal(body.querySelector("bdi")?.textContent?.length, 2000);
});

test("guidance is paragraphs and lists, and plain text otherwise", async () => {
  const { show } = context([]);
  const body = await show(() => (
    <Prose text={"One <b>line</b>\nwraps.\n\nTwo:\n- first\n  goes on\n- second\n"} />
  ));
  assert.deepEqual(
    [...body.querySelectorAll("p, li")].map((one) => one.textContent),
    ["One <b>line</b> wraps.", "Two:", "first goes on", "second"],
  );
});

test("a reference shows the other workbook's answer, or where to write it", async () => {
  const field = { id: "ref", kind: "reference", label: "Focus", to: "w/name" } as Field;
  const { ctx, show } = context([field, text("name")], { name: "Сөйлесу" });
  const body = await show(() => <FieldView field={field} path={["ref"]} ctx={ctx} />);
  assert.equal(body.querySelector("blockquote")?.textContent, "Сөйлесу");
  assert.equal(body.querySelector("a")?.textContent, "Change it in: W");
  ctx.store.edit({ op: "clear", path: ["name"] });
  await settle();
  assert.equal(body.querySelector("a")?.textContent, "Write it in: W");
});

test("a confirmation says who and when, or that it is still to come", async () => {
  const field = { id: "ok", kind: "confirmation", label: "Agreed", by: "facilitator" } as Field;
  const given = [{ field: "ok", value: true, by_name: "Gulnar", at: "2026-11-21T10:00:00+05:00" }];
  const { ctx, show } = context([field]);
  const body = await show(() => <FieldView field={field} path={["ok"]} ctx={ctx} />);
  assert.match(body.textContent ?? "", /Not yet/);
  const after = await show(() => (
    <FieldView field={field} path={["ok"]} ctx={{ ...ctx, confirmations: given }} />
  ));
  assert.match(after.textContent ?? "", /Confirmed by Gulnar, 21 November 2026/);
  const written = given.map((line) => ({ ...line, own_word: false }));
  const noted = await show(() => (
    <FieldView field={field} path={["ok"]} ctx={{ ...ctx, confirmations: written }} />
  ));
  assert.match(noted.textContent ?? "", /Written down by Gulnar, 21 November 2026/);
  assert.equal(after.querySelector("input"), null);
});

const typed: Mark = {
  place: "name",
  by: "dina-f",
  by_name: "Dina <b>F.</b>",
  revision: 3,
  at: "2026-11-12T10:00:00+05:00",
  confirmed_at: null,
};

test("beside an answer that was typed in stands by whom, and it describes the control", async () => {
  const { ctx, show } = context([text("name")], { name: "a" });
  ctx.store.document.entered = [typed];
  const body = await show(() => <FieldView field={text("name")} path={["name"]} ctx={ctx} />);
  const mark = body.querySelector(".uz-entered");
  assert.match(mark?.textContent ?? "", /Typed in by Dina <b>F\.<\/b> on 12 November 2026, not/);
  const input = body.querySelector("input");
  assert.ok(
    input
      ?.getAttribute("aria-describedby")
      ?.split(" ")
      .includes(mark?.id ?? "-"),
  );
});

test("the line stays while its owner types over it, and says whose answer it is now", async () => {
  const { ctx, show } = context([text("name")], { name: "a" });
  ctx.store.document.entered = [typed];
  const node = () => <FieldView field={text("name")} path={["name"]} ctx={ctx} />;
  const body = await show(node);
  ctx.store.document.entered = [];
  type(body.querySelector("input"), "mine");
  await settle();
  assert.match(body.querySelector(".uz-entered")?.textContent ?? "", /your own answer now/);
});

test("a reader sees whether it was confirmed; its owner is not reminded of what is done", async () => {
  const done = { ...typed, confirmed_at: "2026-11-13T09:00:00+05:00" };
  const read = context([text("name")], { name: "a" }, { mode: "read" });
  read.ctx.store.document.entered = [done];
  let body = await read.show(() => (
    <FieldView field={text("name")} path={["name"]} ctx={read.ctx} />
  ));
  assert.match(body.textContent ?? "", /on 12 November 2026, confirmed on 13 November 2026/);
  const own = context([text("name")], { name: "a" });
  own.ctx.store.document.entered = [done];
  body = await own.show(() => <FieldView field={text("name")} path={["name"]} ctx={own.ctx} />);
  assert.equal(body.querySelector(".uz-entered"), null);
});

test("a private question is closed to whoever types in", async () => {
  const field = text("name", { audiences: ["self"] });
  const { ctx, show } = context([field], {}, { typist: true });
  const body = await show(() => <FieldView field={field} path={["name"]} ctx={ctx} />);
  assert.equal(body.querySelector("input"), null);
  assert.match(body.textContent ?? "", /Private/);
});
