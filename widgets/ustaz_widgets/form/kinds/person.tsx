/** People picked from the contacts, and a new contact written down without leaving the place. */
import { useRef, useState } from "preact/hooks";
import { newRowId, rowsOf } from "../../model/changes";
import { trim } from "../../model/graphemes";
import { serves } from "../../model/kinds";
import type { CellValue, ChoiceField, PersonField } from "../../model/types";
import type { ControlProps } from "../control";
import type { Ctx } from "../types";
import { entries, type FormKind } from "./base";
import { OptionRow } from "./choice";
import { type ContactTable, contactTable, people } from "./contacts";
import { PlainText } from "./text";

export function PersonInput({ field, id, value, ctx, set }: ControlProps<PersonField>) {
  const { t } = ctx;
  const chosen = Array.isArray(value) ? (value as string[]) : [];
  const known = people(field, ctx);
  const contacts = contactTable(field, ctx);
  const many = field.many === true;
  const options = [
    ...(field.self ? [{ id: "self", label: t("me") }] : []),
    ...[...known].map(([row, label]) => ({ id: row, label })),
    // A contact that was removed stays visible until it is taken out here.
    ...chosen
      .filter((row) => row !== "self" && !known.has(row))
      .map((row) => ({ id: row, label: t("a contact that was removed") })),
  ];
  const pick = (row: string, on: boolean) => {
    if (!many) return set([row]);
    const order = [...options.map((option) => option.id), row];
    const next = [...new Set(order)].filter((id) => (id === row ? on : chosen.includes(id)));
    return set(next.length > 0 ? next : undefined);
  };
  return (
    <>
      {options.length === 0 && (
        <p class="uz-none">{t("No contacts yet. The first one is written here.")}</p>
      )}
      <div class="uz-options uz-options--people">
        {options.map((option) => (
          <OptionRow
            key={option.id}
            type={many ? "checkbox" : "radio"}
            id={`${id}-${option.id}`}
            name={id}
            option={option}
            checked={chosen.includes(option.id)}
            onChange={(on) => pick(option.id, on)}
          />
        ))}
      </div>
      {!many && chosen.length > 0 && (
        <button type="button" class="uz-link" onClick={() => set(undefined)}>
          {t("Clear this answer")}
        </button>
      )}
      {contacts && (
        <NewContact
          id={`${id}-new`}
          contacts={contacts}
          labelColumn={field.label_column}
          ctx={ctx}
          onAdded={(row) => pick(row, true)}
        />
      )}
    </>
  );
}

interface NewProps {
  id: string;
  contacts: ContactTable;
  labelColumn: string;
  ctx: Ctx;
  onAdded: (row: string) => void;
}

function NewContact({ id, contacts, labelColumn, ctx, onAdded }: NewProps) {
  const { t } = ctx;
  const { store, table } = contacts;
  const [open, setOpen] = useState(false);
  const [name, setName] = useState("");
  const [choices, setChoices] = useState<Record<string, string>>({});
  const [advice, setAdvice] = useState("");
  const opener = useRef<HTMLButtonElement>(null);
  const label = table.columns.find((column) => column.id === labelColumn);
  const asked = table.columns.filter(
    (column): column is ChoiceField => serves(column, "option") && column.required === "ready",
  );
  if (!label) return null;
  const close = () => {
    setOpen(false);
    setName("");
    setChoices({});
    setAdvice("");
    setTimeout(() => opener.current?.focus(), 0);
  };
  const add = () => {
    const wanted = trim(name);
    if (wanted === "") {
      setAdvice(t("A name or initials are needed, for example A.K."));
      document.getElementById(`${id}-name`)?.focus();
      return;
    }
    const rows = rowsOf(store.answers, table.id);
    const same = rows.find(
      (row) =>
        trim(String(row[labelColumn] ?? "")).toLocaleLowerCase() === wanted.toLocaleLowerCase(),
    );
    if (same) {
      ctx.announce(
        t("{name} is among your contacts already, and is chosen now.", { name: wanted }),
      );
      onAdded(same.id);
      close();
      return;
    }
    const row = newRowId();
    const value: Record<string, CellValue> = { [labelColumn]: wanted, ...choices };
    const after = rows.at(-1)?.id ?? null;
    store.edit({ op: "add_row", path: [table.id, row], after, value }, t("Contact"));
    store.flush();
    onAdded(row);
    ctx.announce(t("{name} was added to your contacts.", { name: wanted }));
    close();
  };
  if (!open) {
    return (
      <button
        type="button"
        class="uz-button uz-button--small"
        ref={opener}
        onClick={() => {
          setOpen(true);
          setTimeout(() => document.getElementById(`${id}-name`)?.focus(), 0);
        }}
      >
        {t("Add a new contact")}
      </button>
    );
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset within the fieldset would be read twice
    <div
      class="uz-new"
      role="group"
      aria-label={t("New contact")}
      onKeyDown={(event) => event.key === "Escape" && close()}
    >
      <label class="uz-label" for={`${id}-name`}>
        {label.label}
      </label>
      {label.help ? (
        <p class="uz-help" id={`${id}-help`}>
          {label.help}
        </p>
      ) : null}
      <PlainText
        id={`${id}-name`}
        text={name}
        lang={ctx.writing}
        describedby={`${id}-help ${id}-advice`}
        onText={setName}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || event.isComposing) return;
          event.preventDefault();
          add();
        }}
      />
      <p class="uz-advice" id={`${id}-advice`} aria-live="polite">
        {advice}
      </p>
      {asked.map((column) => (
        <div key={column.id}>
          <label class="uz-label" for={`${id}-${column.id}`}>
            {column.label}
          </label>
          <select
            class="uz-input"
            id={`${id}-${column.id}`}
            value={choices[column.id] ?? ""}
            onChange={(event) => {
              const { [column.id]: _, ...rest } = choices;
              const choice = event.currentTarget.value;
              setChoices(choice ? { ...rest, [column.id]: choice } : rest);
            }}
          >
            <option value="">{t("Choose…")}</option>
            {column.options.map((option) => (
              <option key={option.id} value={option.id}>
                {option.label}
              </option>
            ))}
          </select>
        </div>
      ))}
      <div class="uz-actions">
        <button type="button" class="uz-button uz-button--main" onClick={add}>
          {t("Add to my contacts")}
        </button>
        <button type="button" class="uz-button" onClick={close}>
          {t("Cancel")}
        </button>
      </div>
    </div>
  );
}

export const person: FormKind<PersonField> = {
  Control: PersonInput,
  Reading({ field, value, ctx, example }) {
    const known = people(field, ctx);
    return (
      <ul class="uz-values">
        {entries(value).map((id) => (
          <li key={id}>
            {id === "self" ? (
              ctx.t("me")
            ) : (
              <bdi>{example ? id : (known.get(id) ?? ctx.t("a contact that was removed"))}</bdi>
            )}
          </li>
        ))}
      </ul>
    );
  },
  brief(field, value, ctx) {
    const names = people(field, ctx);
    return entries(value)
      .map((id) => (id === "self" ? ctx.t("me") : (names.get(id) ?? "")))
      .filter((name) => name !== "")
      .join(", ");
  },
};
