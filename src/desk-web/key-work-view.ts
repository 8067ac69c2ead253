import { showHidden } from "../cases/index.js";
import { button, make } from "../dom/index.js";
import { isWeakPassphrase } from "../shares/index.js";
import type { DeskRequest } from "./desk-messages.js";
import { faultWords } from "./fault-words.js";
import type { KeyWork, MadeFile } from "./made-file.js";
import { passphraseView } from "./passphrase-view.js";
import { save } from "./save.js";
import { hideSheets, showSheets } from "./share-sheets.js";
import type { Say } from "./words.js";
import type { WorkerPool } from "./worker-pool.js";

type Task = "single" | "make" | "extend" | "burn" | "split";
type Fields = Readonly<Record<Field, HTMLInputElement>>;
type Field = "name" | "files" | "month" | "count" | "shares" | "need" | "passphrase" | "again" | "force";

const TASKS: Readonly<Record<Task, readonly Field[]>> = {
  single: ["name", "passphrase", "again"],
  make: ["name", "count", "passphrase", "again"],
  extend: ["files", "count", "passphrase"],
  burn: ["files", "month", "force"],
  split: ["files", "shares", "need", "passphrase"],
};
const ATTRIBUTES: Readonly<Record<Field, Readonly<Record<string, string>>>> = {
  name: { type: "text", autocomplete: "off" },
  files: { type: "file", multiple: "" },
  month: { type: "text", placeholder: "2026-10", autocomplete: "off" },
  count: { type: "number", min: "1", max: "60", value: "24" },
  shares: { type: "number", min: "2", max: "32", value: "5" },
  need: { type: "number", min: "2", max: "32", value: "3" },
  passphrase: { type: "password", autocomplete: "off" },
  again: { type: "password", autocomplete: "off" },
  force: { type: "checkbox" },
};

/** The section that makes, extends, burns and splits keys. It has made everything anew once a worker is done. */
export function keyWorkView(say: Say, workers: WorkerPool): HTMLElement {
  const tasks = (Object.keys(TASKS) as Task[]).map((task) => taskView(say, workers, task));
  const note = make("p", { class: "note" }, say("desk-work-lead"));
  return make("details", { id: "key-work" }, make("summary", {}, say("desk-work-title")), note, ...tasks);
}

function taskView(say: Say, workers: WorkerPool, task: Task): HTMLElement {
  const id = (field: string) => `${task}-${field}`;
  const names = TASKS[task];
  const fields = Object.fromEntries(
    names.map((field) => [field, make("input", { id: id(field), ...ATTRIBUTES[field] })]),
  ) as unknown as Fields;
  const status = make("div", { role: "status", id: id("status") });
  const act = button(
    say(`desk-work-${task}-do`),
    async () => {
      act.disabled = true;
      hideSheets();
      status.replaceChildren(make("p", {}, say("desk-work-doing")));
      try {
        const request = requestOf(task, fields);
        if (typeof request === "string") status.replaceChildren(make("p", { class: "fault" }, say(request)));
        else {
          const work = await workers.request(request);
          for (const field of [fields.passphrase, fields.again]) if (field !== undefined) field.value = "";
          const label = task === "split" ? (fields.files.files?.[0]?.name.replace(/\.[^.]*$/, "") ?? "") : "";
          status.replaceChildren(...outcome(say, task, work, label));
        }
      } catch (cause) {
        status.replaceChildren(make("p", { class: "fault" }, faultWords(say, cause)));
      }
      act.disabled = false;
    },
    "primary",
  );
  act.id = id("do");
  return make(
    "details",
    { id: task },
    make("summary", {}, say(`desk-work-${task}`)),
    make("p", { class: "note" }, say(`desk-work-${task}-help`)),
    ...names.map((field) => labelled(say, task, field, fields[field])),
    make("p", { class: "actions" }, act),
    status,
  );
}

function labelled(say: Say, task: Task, field: Field, input: HTMLInputElement): HTMLElement {
  const words = field === "files" ? `desk-work-${task}-files` : `desk-work-${field}`;
  // Asked for twice, it is a new one.
  const help = field === "passphrase" && TASKS[task].includes("again") ? [passphraseView(say, input)] : [];
  return make("div", { class: "field" }, make("label", { for: input.id }, say(words)), input, ...help);
}

/** What to ask a worker, or the message of what is missing. */
function requestOf(task: Task, fields: Fields): Extract<DeskRequest, { kind: "key-work" }> | string {
  const chosen = [...(fields.files?.files ?? [])];
  if (fields.files !== undefined && chosen.length === 0) return "desk-work-no-files";
  const passphrase = fields.passphrase?.value ?? "";
  const count = Number(fields.count?.value);
  if (fields.count !== undefined && !isBetween(count, 1, 60)) return "desk-work-bad-count";
  if (task === "single" || task === "make") {
    const name = fields.name.value.trim();
    if (name === "") return "desk-work-no-name";
    if (isWeakPassphrase(passphrase)) return "desk-work-short";
    if (passphrase !== fields.again.value) return "desk-work-differ";
    return task === "single"
      ? { kind: "key-work", task, name, passphrase }
      : { kind: "key-work", task, name, passphrase, count };
  }
  if (task === "extend") return { kind: "key-work", task, files: chosen, passphrase, count };
  if (task === "burn") {
    const month = fields.month.value.trim();
    return { kind: "key-work", task, files: chosen, month, force: fields.force.checked };
  }
  const [shares, need] = [fields.shares, fields.need].map(({ value }) => Number(value));
  const [file, ...more] = chosen;
  if (file === undefined || more.length > 0) return "desk-work-one-file";
  if (shares === undefined || need === undefined || !isBetween(shares, 2, 32) || !isBetween(need, 2, shares)) {
    return "desk-work-bad-shares";
  }
  return { kind: "key-work", task, file, passphrase, shares, need };
}

function isBetween(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}

function outcome(say: Say, task: Task, { files, keyFile, destroy, shares, need }: KeyWork, label: string): Node[] {
  const shown: Node[] = [make("p", {}, say(`desk-work-${task}-done`))];
  if (files.length > 0) {
    const all = button(say("desk-work-save-all"), () => files.forEach(saveOne), "primary");
    all.id = `${task}-save`;
    shown.push(make("p", { class: "actions" }, all), fileList(files));
  }
  if (keyFile !== null) {
    const one = button(say("desk-work-save-key-file"), () => saveOne(keyFile), "primary");
    one.id = `${task}-save-key-file`;
    shown.push(make("p", {}, say("desk-work-key-file")), make("p", { class: "actions" }, one));
  }
  if (destroy.length > 0) {
    const names = destroy.map((name) => make("li", {}, make("bdi", {}, showHidden(name))));
    shown.push(
      make("p", { class: "alert" }, say("desk-work-destroy")),
      make("ul", { id: `${task}-destroy` }, ...names),
    );
  }
  if (shares.length > 0) showSheets(say, { shares, need, label });
  return shown;
}

function fileList(files: readonly MadeFile[]): HTMLElement {
  const items = files.map((file) => {
    const one = button(showHidden(file.name), () => saveOne(file));
    return make("li", {}, one);
  });
  return make("ul", {}, ...items);
}

function saveOne({ name, contents }: MadeFile): void {
  save(name, contents);
}
