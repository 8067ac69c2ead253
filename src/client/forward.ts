import { type Boot, UPLOAD_CONNECTIONS } from "./boot.js";
import { checkEncryptedFile, type EncryptedFile, messageOf } from "./encrypted-file.js";
import { forwardFault } from "./forward-fault.js";
import { ForwardView } from "./forward-view.js";
import { Pause } from "./pause.js";
import { showForwarded } from "./receipt-view.js";
import { SendingView } from "./sending-view.js";
import { isNotRemoved, UploadError, upload } from "./upload.js";

/** Takes a file that is encrypted already from the form to the receipt. Nothing else is ever sent. */
export class Forward {
  readonly #boot: Boot;
  readonly #view: ForwardView;
  readonly #pause = new Pause();
  #cancelling = new AbortController();
  #sending: SendingView | null = null;

  constructor(boot: Boot) {
    this.#boot = boot;
    this.#view = new ForwardView(boot.settings, boot.say, (file) => void this.#forward(file));
    boot.onLeave(() => {
      this.#cancelling.abort();
      this.#hide();
      this.#view.wipe();
    });
    // From the back/forward cache the page would come back with the file chosen.
    addEventListener("pageshow", (event) => {
      if (event.persisted) location.reload();
    });
    this.#view.ready();
  }

  async #forward(file: File | null): Promise<void> {
    const { settings, say, advice } = this.#boot;
    if (file === null) return this.#view.refuse({ words: "encrypted-fault-none", where: null }, []);
    this.#cancelling = new AbortController();
    const { signal } = this.#cancelling;
    this.#sending = this.#show();
    let before = true;
    try {
      const checked = await checkEncryptedFile(file);
      if (checked.bytes > settings.maxSubmission)
        throw new UploadError("too_large", "the file is larger than the server takes");
      signal.throwIfAborted();
      before = false;
      await this.#boot.leaveRoom(UPLOAD_CONNECTIONS);
      signal.throwIfAborted();
      await this.#send(file, checked, signal);
      this.#hide();
      this.#view.wipe();
      showForwarded(say, checked.outside);
    } catch (cause) {
      this.#hide();
      if (signal.aborted) this.#view.comeBack(say(isNotRemoved(cause) ? "client-cancelled-later" : "client-cancelled"));
      else {
        const fault = forwardFault(cause, before);
        this.#view.refuse(fault, fault.words === "encrypted-blocked" ? [advice()] : []);
      }
    }
  }

  async #send(file: File, { bytes }: EncryptedFile, signal: AbortSignal): Promise<void> {
    const sending = this.#sending;
    for (;;) {
      sending?.progress(0, bytes);
      try {
        return await upload(messageOf(file), {
          endpoint: new URL("/uploads", location.href),
          signal,
          onProgress: (sent) => sending?.progress(sent, bytes),
          onSent: () => sending?.storing(),
          onLine: (line) => sending?.line(line),
          mayGoOn: () => this.#pause.over(),
          totalBytes: bytes,
          narrow: this.#boot.isNarrow(),
        });
      } catch (cause) {
        if (signal.aborted || !(cause instanceof UploadError) || cause.code !== "lost") throw cause;
      }
    }
  }

  #show(): SendingView {
    const { settings, say } = this.#boot;
    const words = { title: "client-sending-title", phase: "encrypted-sending" };
    const sending = new SendingView(settings, say, words, {
      pause: () => this.#pause.start(),
      resume: () => this.#pause.end(),
      cancel: () => {
        this.#pause.end();
        this.#cancelling.abort(new DOMException("cancelled", "AbortError"));
      },
      keep: null,
    });
    sending.show();
    return sending;
  }

  #hide(): void {
    void this.#boot.leaveRoom(0);
    this.#sending?.hide();
    this.#sending = null;
    this.#pause.end();
  }
}
