import { button, byId, make } from "../dom/index.js";
import { sayDay } from "../form/index.js";
import type { Boot } from "./boot.js";
import type { Command, ReplyView, Report } from "./messages.js";
import { readCode } from "./read-code.js";
import { type ClientSettings, type Say, saySize } from "./settings.js";

/** What the view needs of its page. */
export type MailboxParts = Pick<Boot, "settings" | "say" | "isNarrow" | "showLoading" | "startWorker">;

type Reading = Extract<Command, { kind: "read" }>;

/** The page where submitters read replies. A second worker fetches and decrypts them, independent of the form's. */
export class MailboxView {
  readonly #boot: MailboxParts;
  readonly #settings: ClientSettings;
  readonly #say: Say;
  readonly #more: (code: string) => void;
  readonly #field = byId("field-mailbox-code") as HTMLInputElement;
  readonly #state = byId("mailbox-state");
  readonly #replies = byId("replies");
  readonly #read = byId("read") as HTMLButtonElement;
  #worker: Worker | null = null;
  /** Counts the workers: one that comes after it was stopped comes too late. */
  #starts = 0;
  #asking: Reading | null = null;
  /** What the replies shown are the answer to: the field may hold another code by now. */
  #shown: Reading | null = null;
  /** The reply to delete once its mailbox is read again. */
  #removing: string | null = null;
  #addresses: string[] = [];

  /** @param more opens the form to send a follow-up with the code */
  constructor(boot: MailboxParts, more: (code: string) => void) {
    this.#boot = boot;
    this.#settings = boot.settings;
    this.#say = boot.say;
    this.#more = more;
    byId("mailbox").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#readReplies();
    });
    this.#read.disabled = false;
  }

  get typed(): string {
    return this.#field.value;
  }

  /** Terminates the worker and frees the replies. */
  stop(): void {
    this.#endWorker();
    for (const address of this.#addresses.splice(0)) URL.revokeObjectURL(address);
    this.#replies.replaceChildren();
    this.#shown = null;
    this.#asking = null;
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
    this.#asking = {
      kind: "read",
      draft: false,
      // An offline form may have been opened from anywhere.
      server: this.#settings.ways?.addresses[0] ?? new URL("/", location.href).href,
      code,
      portalSalt: this.#settings.portalSalt,
      narrow: this.#boot.isNarrow(),
    };
    void this.#tell(this.#asking);
  }

  /** A worker that has failed is gone, and with it the mailbox: the next one reads that first. */
  #remove(reply: string): void {
    if (this.#worker !== null) return void this.#tell({ kind: "remove", reply });
    if (this.#shown === null) return;
    this.#asking = this.#shown;
    this.#removing = reply;
    void this.#tell(this.#asking);
  }

  #allow(allowed: boolean): void {
    for (const each of [this.#read, ...this.#replies.querySelectorAll("button")]) each.disabled = !allowed;
  }

  async #tell(command: Command): Promise<void> {
    this.#allow(false);
    const stopLoading = this.#boot.showLoading(this.#state);
    const start = this.#starts;
    const worker = this.#worker ?? (await this.#boot.startWorker().catch(() => null));
    stopLoading();
    if (start !== this.#starts) return worker?.terminate();
    if (worker === null) return this.#unreachable();
    this.#state.replaceChildren(this.#say("replies-looking"));
    if (this.#worker === null) {
      this.#worker = worker;
      worker.addEventListener("error", () => this.#unreachable());
      worker.addEventListener("message", ({ data }: MessageEvent<Report>) => {
        if (data.kind === "replies") this.#hear(data);
        else this.#unreachable();
      });
    }
    worker.postMessage(command);
  }

  #endWorker(): void {
    this.#starts += 1;
    this.#worker?.terminate();
    this.#worker = null;
  }

  #hear({ replies, removed }: Extract<Report, { kind: "replies" }>): void {
    const reply = this.#removing;
    this.#removing = null;
    this.#shown = this.#asking;
    const isThere = replies.some(({ id }) => id === reply);
    if (reply !== null && isThere) this.#worker?.postMessage({ kind: "remove", reply } satisfies Command);
    else this.#show(replies, removed || reply !== null);
  }

  #unreachable(): void {
    this.#endWorker();
    this.#removing = null;
    this.#allow(true);
    this.#state.replaceChildren(make("strong", { class: "fault" }, this.#say("replies-unreachable")));
  }

  #show(all: readonly ReplyView[], removed: boolean): void {
    const say = this.#say;
    const replies = all.filter(({ opened }) => opened === null);
    const day = all.flatMap(({ opened }) => opened ?? []).at(-1);
    const state = day === undefined ? say("replies-unopened") : this.#sayOpened(day);
    const code = this.#shown?.code;
    this.#allow(true);
    this.#state.replaceChildren(
      ...(removed ? [make("p", {}, say("replies-deleted"))] : []),
      make("p", {}, replies.length === 0 ? state : say("replies-there")),
      ...(replies.length === 0 ? [make("p", {}, say("replies-none"), " ", say("answer-times"))] : []),
    );
    for (const address of this.#addresses.splice(0)) URL.revokeObjectURL(address);
    this.#replies.replaceChildren(
      ...replies.map((reply) => this.#article(reply)),
      ...(replies.length > 0 ? [make("p", {}, say("replies-again"), " ", say("waiting-time"))] : []),
      make("p", {}, say("impostors")),
      button(say("replies-more-title"), () => {
        if (code !== undefined) this.#more(code);
      }),
    );
    const first = this.#replies.querySelector("h2");
    // Focus alone would bring its first line to the end of the screen.
    first?.focus({ preventScroll: true });
    first?.scrollIntoView();
  }

  #sayOpened(day: string): string {
    return this.#say("replies-opened", { day: sayDay(day, this.#settings.language) });
  }

  #article({ id, day, text, files }: ReplyView): HTMLElement {
    const say = this.#say;
    const { language } = this.#settings;
    return make(
      "article",
      { class: "reply" },
      make("h2", { tabindex: "-1" }, say("replies-reply", { day: sayDay(day, language) })),
      text === null
        ? make("p", { class: "fault" }, say("replies-unreadable"))
        : make("p", { class: "reply-text", dir: "auto", translate: "no" }, text),
      ...files.map(({ name, content }) => {
        const href = URL.createObjectURL(content);
        this.#addresses.push(href);
        const words = [
          `${say("replies-save")} `,
          make("bdi", { translate: "no" }, name),
          ` · ${saySize(say, language, content.size)}`,
        ];
        return make("p", {}, make("a", { href, download: name, class: "button quiet" }, ...words));
      }),
      make(
        "p",
        {},
        button(say("replies-delete"), () => this.#remove(id)),
      ),
    );
  }
}

window.posternLater = { ...window.posternLater, mailbox: MailboxView };
