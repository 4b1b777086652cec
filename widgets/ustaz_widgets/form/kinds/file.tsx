/**
 * Pictures and documents: who can be seen in it first, then the file, then what it shows. A part of
 * its own (page/hooks.ts).
 */
import { useEffect, useLayoutEffect, useReducer, useRef, useState } from "preact/hooks";
import type { FileEntry, Seen } from "../../model/answers";
import { key, valueAt } from "../../model/changes";
import { isPicture } from "../../model/kinds/file";
import type { FileField } from "../../model/types";
import { Sender, type Sending, type Sent } from "../../sync/sending";
import type { ControlProps } from "../control";
import { Most, Removed, UNDO } from "../row-notes";
import type { Ctx } from "../types";
import { UserText } from "../user-text";
import { arrived } from "./arriving";
import type { ReadingProps } from "./base";
import { OptionRow } from "./choice";
import { type Chosen, shrunk } from "./shrinking";
import { PlainText } from "./text";

/** In the order in which they are asked. */
const SEEN: Seen[] = ["none", "adults_with_consent", "pupils_with_consent", "must_blur"];
const MOST = 12;
const LONGEST_CAPTION = 500;
/** By name: a telephone that keeps its photos as HEIC hands out a JPEG then. */
const PICTURES = "image/jpeg,image/png,image/webp";
const DOCUMENTS = ".pdf,.docx,.xlsx,.odt";

const seenWords = (ctx: Ctx): Record<Seen, string> => ({
  none: ctx.t("Nobody can be recognised in it."),
  adults_with_consent: ctx.t("Adults can be seen in it, and they have agreed."),
  pupils_with_consent: ctx.t("Pupils can be seen in it, and their parents have agreed in writing."),
  must_blur: ctx.t("Somebody still has to be made unrecognisable: only the owner sees it."),
});

/** Bytes as kilobytes; a file is never of 0. */
const size = (ctx: Ctx, bytes: number) =>
  `${ctx.number(Math.ceil(bytes / 1024))}\u00a0${ctx.t("kB")}`;

function addressOf(ctx: Ctx, entry: FileEntry, query = ""): string {
  const person = encodeURIComponent(ctx.store.document.subject.id);
  return `${ctx.api.base}/people/${person}/files/${entry.hash}${query}`;
}

/** The picture, small, as a way to the whole; of a document its first page. */
function Look({ entry, ctx }: { entry: FileEntry; ctx: Ctx }) {
  const [gone, setGone] = useState(false);
  const picture = isPicture(entry.type);
  const small = picture || entry.type === "application/pdf";
  return (
    <a
      class="uz-file-look"
      href={addressOf(ctx, entry)}
      target="_blank"
      rel="noopener"
      {...(picture ? {} : { download: entry.name })}
    >
      {small && !gone ? (
        <img
          src={addressOf(ctx, entry, "?small=1")}
          alt={entry.caption || entry.name}
          loading="lazy"
          onError={() => setGone(true)}
        />
      ) : (
        entry.name
      )}
    </a>
  );
}

function About({ entry, ctx }: { entry: FileEntry; ctx: Ctx }) {
  return (
    <p class="uz-help">
      <bdi>{entry.name}</bdi> · {size(ctx, entry.size)}
    </p>
  );
}

function FileReading({ value, ctx, lang }: ReadingProps<FileField>) {
  const words = seenWords(ctx);
  return (
    <ul class="uz-cards uz-files">
      {((value ?? []) as FileEntry[]).map((entry) => (
        <li class="uz-card" key={entry.hash}>
          {entry.visible === "must_blur" ? null : <Look entry={entry} ctx={ctx} />}
          <div>
            {entry.caption ? (
              <UserText text={entry.caption} i18n={ctx} {...(lang ? { lang } : {})} />
            ) : null}
            <About entry={entry} ctx={ctx} />
            <p class="uz-help">{words[entry.visible]}</p>
          </div>
        </li>
      ))}
    </ul>
  );
}

/** What was chosen and waits for "Send". */
interface Offer extends Chosen {
  visible: Seen;
}

function useSender(
  props: ControlProps<FileField>,
  add: (file: Sent, visible: Seen) => void,
): Sender | null {
  const { ctx, path } = props;
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const sender = useRef<Sender | null>(null);
  const adding = useRef(add);
  adding.current = add;
  const { base, request, by } = ctx.api;
  const { subject, workbook } = ctx.store.document;
  const place = [base, subject.kind, subject.id, workbook, key(path)].join(" ");
  useEffect(() => {
    if (ctx.typist) return;
    const own = new Sender({
      api: base,
      request,
      by,
      place,
      changed: () => redraw(0),
      arrived: (file, visible) => adding.current(file, visible),
    });
    sender.current = own;
    void own.resume();
    return () => own.stop();
  }, [place, ctx.typist]);
  return sender.current;
}

function FileInput(props: ControlProps<FileField>) {
  const { field, id, ctx, path, set } = props;
  const { t } = ctx;
  const entries = (props.value ?? []) as FileEntry[];
  const [visible, setVisible] = useState<Seen | null>(null);
  const [offers, setOffers] = useState<Offer[]>([]);
  const [asking, setAsking] = useState(false);
  const [working, setWorking] = useState(false);
  const [removed, setRemoved] = useState<{ entry: FileEntry; at: number } | null>(null);
  const root = useRef<HTMLDivElement>(null);
  const focus = useRef<string | null>(null);
  const now = () => (valueAt(ctx.store.answers, path) ?? []) as FileEntry[];
  const write = (next: FileEntry[]) => set(next.length > 0 ? next : undefined);
  const sender = useSender(props, ({ hash, name, size: bytes, type }, seen) => {
    if (now().some((entry) => entry.hash === hash)) return;
    write([...now(), { hash, name, size: bytes, type, caption: "", visible: seen }]);
    focus.current = `#${id}-${hash.slice(0, 12)}-caption`;
    ctx.announce(t("{name} has arrived.", { name }));
  });
  useLayoutEffect(() => {
    if (!focus.current) return;
    const goal = root.current?.querySelector<HTMLElement>(focus.current);
    // Somebody who is writing elsewhere goes on writing there.
    const busy = document.activeElement?.matches("input, textarea, select");
    if (goal && !busy) goal.focus();
    focus.current = null;
  });
  const most = Math.min(MOST, field.max_items ?? MOST);
  const count = entries.length + (sender?.files.length ?? 0) + offers.length;
  const change = (hash: string, next: Partial<FileEntry>) =>
    write(now().map((entry) => (entry.hash === hash ? { ...entry, ...next } : entry)));
  const remove = (entry: FileEntry, at: number) => {
    setRemoved({ entry, at });
    focus.current = UNDO;
    write(now().filter(({ hash }) => hash !== entry.hash));
    ctx.announce(t("Removed."));
  };
  const restore = () => {
    if (!removed) return;
    const rest = now();
    write([...rest.slice(0, removed.at), removed.entry, ...rest.slice(removed.at)]);
    focus.current = `#${id}-${removed.entry.hash.slice(0, 12)}-caption`;
    setRemoved(null);
    ctx.announce(t("It is back."));
  };
  const choose = async (files: FileList | null) => {
    if (!files || !visible) return;
    setWorking(true);
    try {
      const room = Math.max(0, most - count);
      const chosen = await Promise.all([...files].slice(0, room).map(shrunk));
      setOffers((before) => [...before, ...chosen.map((file) => ({ ...file, visible }))]);
    } finally {
      setWorking(false);
    }
    focus.current = `#${id}-send`;
  };
  const send = () => {
    for (const { data, name, visible: seen } of offers) void sender?.add(data, name, seen);
    setOffers([]);
    setVisible(null);
    setAsking(false);
    focus.current = `#${id}-add`;
  };
  return (
    <div ref={root}>
      <ul class="uz-cards uz-files">
        {entries.map((entry, at) => (
          <Kept
            key={entry.hash}
            {...{ entry, id, ctx }}
            change={(next) => change(entry.hash, next)}
          >
            <button type="button" class="uz-button" onClick={() => remove(entry, at)}>
              {t("Remove")}
              <span class="uz-hidden">: {entry.name}</span>
            </button>
          </Kept>
        ))}
        {(sender?.files ?? []).map((file) => (
          <OnItsWay key={file.hash} file={file} ctx={ctx} sender={sender} />
        ))}
      </ul>
      {removed && <Removed ctx={ctx} onUndo={restore} />}
      {offers.length > 0 && <Offers {...{ offers, id, ctx, send }} drop={() => setOffers([])} />}
      {ctx.typist ? (
        <p class="uz-help">{t("Only the person whose workbook it is can add files.")}</p>
      ) : count >= most ? (
        <Most ctx={ctx} most={most} />
      ) : (
        <Choose
          {...{ field, id, ctx, visible, setVisible, asking, working, choose }}
          setAsking={(on) => {
            setAsking(on);
            focus.current = `#${id}-seen-none`;
          }}
        />
      )}
    </div>
  );
}

/** A file that is on the server: what it shows, and who can be seen in it. */
function Kept(props: {
  entry: FileEntry;
  id: string;
  ctx: Ctx;
  change: (next: Partial<FileEntry>) => void;
  children: preact.ComponentChildren;
}) {
  const { entry, id, ctx, change, children } = props;
  const { t } = ctx;
  const own = `${id}-${entry.hash.slice(0, 12)}`;
  const words = seenWords(ctx);
  return (
    <li class="uz-card">
      <Look entry={entry} ctx={ctx} />
      <div>
        <About entry={entry} ctx={ctx} />
        <label class="uz-label" for={`${own}-caption`}>
          {t("What does it show?")}
        </label>
        <PlainText
          id={`${own}-caption`}
          text={entry.caption}
          grows={true}
          lang={ctx.writing}
          label={t("What does it show?")}
          onText={(text) => change({ caption: text.slice(0, LONGEST_CAPTION) })}
        />
        <label class="uz-label" for={`${own}-seen`}>
          {t("Who can be seen in it?")}
        </label>
        <select
          id={`${own}-seen`}
          class="uz-input"
          value={entry.visible}
          onChange={(event) => change({ visible: event.currentTarget.value as Seen })}
        >
          {SEEN.map((seen) => (
            <option key={seen} value={seen}>
              {words[seen]}
            </option>
          ))}
        </select>
        {children}
      </div>
    </li>
  );
}

function OnItsWay(props: { file: Sending; ctx: Ctx; sender: Sender | null }) {
  const { file, ctx, sender } = props;
  const { t } = ctx;
  const total = file.data.size;
  const sentence = {
    waiting: t("It is next."),
    sending: t("{sent} of {total} sent", { sent: size(ctx, file.held), total: size(ctx, total) }),
    reading: t("All of it has arrived; it is being looked at."),
    away: t(
      "No connection just now: {sent} of {total} are there. It goes on by itself, also when this page was closed in between.",
      { sent: size(ctx, file.held), total: size(ctx, total) },
    ),
    failed: [file.problem?.message, file.problem?.hint].filter(Boolean).join(" "),
  }[file.state];
  return (
    <li class="uz-card">
      <div>
        <p>
          <bdi>{file.name}</bdi>
        </p>
        {file.state === "failed" ? null : (
          <progress max={total} value={file.held} aria-label={file.name} />
        )}
        <p class={file.state === "failed" ? "uz-advice" : "uz-help"} role="status">
          {sentence}
        </p>
        {file.state === "failed" && (
          <button type="button" class="uz-button" onClick={() => sender?.retry(file)}>
            {t("Try again")}
          </button>
        )}{" "}
        <button type="button" class="uz-button" onClick={() => void sender?.remove(file)}>
          {t("Do not send it")}
          <span class="uz-hidden">: {file.name}</span>
        </button>
      </div>
    </li>
  );
}

function Offers(props: {
  offers: Offer[];
  id: string;
  ctx: Ctx;
  send: () => void;
  drop: () => void;
}) {
  const { offers, id, ctx, send, drop } = props;
  const { t } = ctx;
  const total = offers.reduce((sum, { data }) => sum + data.size, 0);
  return (
    <div>
      <ul class="uz-cards uz-files">
        {offers.map((offer, at) => (
          <li class="uz-card" key={at}>
            {offer.preview ? <img src={offer.preview} alt="" /> : null}
            <p>
              <bdi>{offer.name}</bdi> · {size(ctx, offer.data.size)}
            </p>
          </li>
        ))}
      </ul>
      <button type="button" class="uz-button uz-button--main" id={`${id}-send`} onClick={send}>
        {t("Send {size}", { size: size(ctx, total) })}
      </button>{" "}
      <button type="button" class="uz-button" onClick={drop}>
        {t("Not now")}
      </button>
    </div>
  );
}

function Choose(props: {
  field: FileField;
  id: string;
  ctx: Ctx;
  visible: Seen | null;
  setVisible: (visible: Seen) => void;
  asking: boolean;
  setAsking: (asking: boolean) => void;
  working: boolean;
  choose: (files: FileList | null) => Promise<void>;
}) {
  const { field, id, ctx, visible, setVisible, asking, setAsking, working, choose } = props;
  const { t } = ctx;
  const words = seenWords(ctx);
  const pictures = field.accept.includes("pictures");
  const documents = field.accept.includes("documents");
  const accept = [pictures ? PICTURES : "", documents ? DOCUMENTS : ""].filter(Boolean).join(",");
  const chooser = (name: string, label: string, more: { accept: string; capture?: boolean }) => (
    <span class="uz-rating-choice">
      <input
        id={`${id}-${name}`}
        type="file"
        accept={more.accept}
        {...(more.capture ? { capture: "environment" } : { multiple: true })}
        onChange={(event) => {
          const input = event.currentTarget;
          void choose(input.files).then(() => {
            input.value = "";
          });
        }}
      />
      <label for={`${id}-${name}`}>{label}</label>
    </span>
  );
  if (!asking) {
    return (
      <button type="button" class="uz-button" id={`${id}-add`} onClick={() => setAsking(true)}>
        {t("Add a file")}
      </button>
    );
  }
  return (
    <>
      <fieldset class="uz-rating">
        <legend>{t("Who can be seen in it?")}</legend>
        {SEEN.map((seen) => (
          <OptionRow
            key={seen}
            type="radio"
            id={`${id}-seen-${seen}`}
            name={`${id}-seen`}
            option={{ id: seen, label: words[seen] }}
            checked={visible === seen}
            onChange={() => setVisible(seen)}
          />
        ))}
      </fieldset>
      {visible && (
        <p>
          {pictures
            ? chooser("camera", t("Take a photo"), { accept: PICTURES, capture: true })
            : null}
          {chooser("upload", t("Choose a file"), { accept })}
        </p>
      )}
      <p class="uz-help" role="status">
        {working
          ? t("It is being made smaller…")
          : pictures
            ? t("Photos are made smaller first, and lose the place where they were taken.")
            : ""}
      </p>
    </>
  );
}

arrived("file", { Control: FileInput, Reading: FileReading });
