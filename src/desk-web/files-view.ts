import { showHidden } from "../cases/index.js";
import { button, make } from "../dom/index.js";
import { MAX_SAVED_BYTES } from "./document-view.js";
import { faultWords } from "./fault-words.js";
import { isPickup } from "./pickup-tar.js";
import type { Progress, Session } from "./session.js";
import type { Locale } from "./words.js";

/** The section that selects and opens submissions. Calls `done` after each run. */
export function filesView(locale: Locale, session: Session, done: () => void): HTMLElement {
  const { say } = locale;
  const files = make("input", { id: "files", type: "file", multiple: "" });
  const folder = make("input", { id: "folder", type: "file", webkitdirectory: "" });
  const bar = make("progress", { max: "1" });
  const status = make("p", { role: "status", id: "progress" });
  const stop = button(say("desk-stop"), () => session.stop());
  const running = make("div", {}, bar, status, make("p", { class: "actions" }, stop));
  running.hidden = true;
  const open = async () => {
    const chosen = [...(files.files ?? []), ...(folder.files ?? [])];
    for (const field of [files, folder]) field.disabled = true;
    running.hidden = false;
    if (chosen.some(isPickup)) status.textContent = say("desk-pickup");
    const begun = performance.now();
    const count = await session.open(chosen, (progress) => {
      bar.value = progress.allBytes === 0 ? 0 : progress.bytes / progress.allBytes;
      status.textContent = sayProgress(locale, progress, (performance.now() - begun) / 1000);
    });
    done();
    if (count === 0) document.getElementById("outcome")?.append(make("p", { class: "fault" }, say("desk-nothing")));
  };
  for (const field of [files, folder]) field.addEventListener("change", () => void open());
  return make(
    "section",
    {},
    make("h2", {}, say("desk-files-title")),
    make("p", { class: "note" }, say("desk-limits", { size: locale.size(MAX_SAVED_BYTES) })),
    make("div", { class: "field" }, make("label", { for: "files" }, say("desk-files")), files),
    make("div", { class: "field" }, make("label", { for: "folder" }, say("desk-folder")), folder),
    running,
    outcome(locale, session),
  );
}

function outcome({ say }: Locale, { size, known, refused, notBegun }: Session): HTMLElement {
  const view = make("div", { id: "outcome", role: "status" });
  if (size + refused.length + notBegun === 0) return view;
  view.append(make("p", {}, say("desk-opened", { count: String(size) })));
  if (known > 0) view.append(make("p", {}, say("desk-known", { count: String(known) })));
  if (notBegun > 0) view.append(make("p", {}, say("desk-not-begun", { count: String(notBegun) })));
  if (refused.length === 0) return view;
  const items = refused.map(({ name, error }) =>
    make("li", {}, make("bdi", {}, showHidden(name)), ": ", faultWords(say, error)),
  );
  view.append(make("p", { class: "fault" }, say("desk-refused", { count: String(refused.length) })));
  view.append(make("ul", { id: "refused" }, ...items));
  return view;
}

function sayProgress({ say, size, number }: Locale, progress: Progress, seconds: number): string {
  const { done, files, bytes, allBytes } = progress;
  const left = bytes === 0 ? 0 : (seconds * (allBytes - bytes)) / bytes;
  const values = { done: String(done), count: String(files), size: size(bytes), total: size(allBytes) };
  const words = say("desk-progress", values);
  return seconds < 3 ? words : `${words} ${say("desk-left", { minutes: number(Math.ceil(left / 60)) })}`;
}
