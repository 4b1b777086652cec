/**
 * Kinds whose control and reading view travel after the form (page/later.ts): at 50 kB/s what most
 * workbooks have no field of would keep everybody waiting for the first letter.
 */
import type { Field } from "../../model/types";
import type { Ctx } from "../types";
import type { FormKind, WholeProps } from "./base";

const views = new Map<string, FormKind>();

/** Enter the views of a kind; the page draws itself again when its later part has come. */
export function arrived<F extends Field>(name: F["kind"], own: FormKind<F>): void {
  views.set(name, own as unknown as FormKind);
}

function Waiting({ ctx }: { ctx: Ctx }) {
  return <p class="uz-none">{ctx.t("Loading…")}</p>;
}

/**
 * A kind that waits for its views. What the form has to know before they come is said here: `whole`
 * where it draws its label itself, `single` where one control stands for the field.
 */
export function arriving<F extends Field>(
  name: F["kind"],
  { whole = false, single = false } = {},
): FormKind<F> {
  const kind: FormKind = {
    late: () => !views.has(name),
    single,
    brief: (field, value, ctx) => views.get(name)?.brief?.(field, value, ctx),
    ...(whole
      ? {
          Whole: (props: WholeProps) => {
            const Whole = views.get(name)?.Whole;
            return Whole ? <Whole {...props} /> : <Waiting ctx={props.ctx} />;
          },
        }
      : {}),
    Control: (props) => {
      const Control = views.get(name)?.Control;
      return Control ? <Control {...props} /> : <Waiting ctx={props.ctx} />;
    },
    Reading: (props) => {
      const Reading = views.get(name)?.Reading;
      return Reading ? <Reading {...props} /> : <Waiting ctx={props.ctx} />;
    },
  };
  return kind as unknown as FormKind<F>;
}
