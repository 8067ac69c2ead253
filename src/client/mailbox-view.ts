import { button, byId, make, startWorker } from "../dom/index.js";
import type { Command, ReplyView, Report } from "./messages.js";
import { readCode } from "./read-code.js";
import { type ClientSettings, type Say, saySize } from "./settings.js";

/** The page where submitters read replies. A second worker fetches and decrypts them, independent of the form's. */
export class MailboxView {
  readonly #settings: ClientSettings;
  readonly #say: Say;
  readonly #more: (code: string) => void;
  readonly #field = byId("field-mailbox-code") as HTMLInputElement;
  readonly #state = byId("mailbox-state");
  readonly #replies = byId("replies");
  readonly #read = byId("read") as HTMLButtonElement;
  #worker: Worker | null = null;
  #addresses: string[] = [];

  /** @param more opens the form to send a follow-up with the code */
  constructor(settings: ClientSettings, say: Say, more: (code: string) => void) {
    this.#settings = settings;
    this.#say = say;
    this.#more = more;
    byId("mailbox").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#readReplies();
    });
    this.#read.disabled = false;
  }

  /** Terminates the worker and frees the replies. */
  stop(): void {
    this.#worker?.terminate();
    this.#worker = null;
    for (const address of this.#addresses.splice(0)) URL.revokeObjectURL(address);
    this.#replies.replaceChildren();
    this.#field.value = "";
  }

  #readReplies(): void {
    const { code, fault } = readCode(this.#field.value);
    this.#field.toggleAttribute("aria-invalid", fault !== null);
    if (code === null) {
      this.#state.replaceChildren(make("strong", { class: "fault" }, this.#say(`code-fault-${fault}`)));
      this.#field.focus();
      return;
    }
    this.#tell({
      kind: "read",
      server: new URL("/", location.href).href,
      code,
      portalSalt: this.#settings.portalSalt,
    });
  }

  #tell(command: Command): void {
    this.#read.disabled = true;
    this.#state.replaceChildren(this.#say("replies-looking"));
    if (this.#worker === null) {
      this.#worker = startWorker(this.#settings.worker);
      this.#worker.addEventListener("error", () => this.#unreachable());
      this.#worker.addEventListener("message", ({ data }: MessageEvent<Report>) => {
        if (data.kind === "replies") this.#show(data.replies, data.removed);
        else this.#unreachable();
      });
    }
    this.#worker.postMessage(command);
  }

  #unreachable(): void {
    this.#worker?.terminate();
    this.#worker = null;
    this.#read.disabled = false;
    this.#state.replaceChildren(make("strong", { class: "fault" }, this.#say("replies-unreachable")));
  }

  #show(replies: readonly ReplyView[], removed: boolean): void {
    const say = this.#say;
    const { code } = readCode(this.#field.value);
    this.#read.disabled = false;
    this.#state.replaceChildren(
      ...(removed ? [make("p", {}, say("replies-deleted"))] : []),
      ...(replies.length === 0 ? [make("p", {}, say("replies-none"))] : []),
    );
    for (const address of this.#addresses.splice(0)) URL.revokeObjectURL(address);
    this.#replies.replaceChildren(
      ...replies.map((reply) => this.#article(reply)),
      ...(replies.length > 0 ? [make("p", {}, say("replies-again"))] : []),
      button(say("replies-more-title"), () => {
        if (code !== null) this.#more(code);
      }),
    );
    const first = this.#replies.querySelector("h2");
    first?.focus();
  }

  #article({ id, day, text, files }: ReplyView): HTMLElement {
    const say = this.#say;
    const { language } = this.#settings;
    const date = new Intl.DateTimeFormat(language, { dateStyle: "long", timeZone: "UTC" }).format(new Date(day));
    return make(
      "article",
      { class: "reply" },
      make("h2", { tabindex: "-1" }, say("replies-reply", { day: date })),
      text === null
        ? make("p", { class: "fault" }, say("replies-unreadable"))
        : make("p", { class: "reply-text", dir: "auto" }, text),
      ...files.map(({ name, content }) => {
        const href = URL.createObjectURL(content);
        this.#addresses.push(href);
        const words = [`${say("replies-save")} `, make("bdi", {}, name), ` · ${saySize(say, language, content.size)}`];
        return make("p", {}, make("a", { href, download: name, class: "button quiet" }, ...words));
      }),
      make(
        "p",
        {},
        button(say("replies-delete"), () => this.#tell({ kind: "remove", reply: id })),
      ),
    );
  }
}
