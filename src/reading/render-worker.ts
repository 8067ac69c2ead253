import { type RenderRequest, type RenderResponse, readResponse } from "./messages.js";
import { RenderError } from "./render-error.js";
import { startEngine } from "./start-engine.js";

/** A worker for one document, which handles one request at a time. */
export class RenderWorker {
  readonly #timeoutMs: number;
  readonly #worker: Worker;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #waiting: {
    readonly resolve: (response: RenderResponse) => void;
    readonly reject: (fault: RenderError) => void;
  } | null = null;
  #ended: RenderError | null = null;

  constructor(script: string, timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
    this.#worker = startEngine(script);
    this.#worker.onmessage = ({ data }: MessageEvent<unknown>) => this.#hear(readResponse(data));
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.end("crashed");
    };
    this.#worker.onmessageerror = () => this.end("crashed");
  }

  /** @throws RenderError */
  request(request: RenderRequest): Promise<RenderResponse> {
    return new Promise((resolve, reject) => {
      if (this.#ended !== null) return reject(this.#ended);
      this.#waiting = { resolve, reject };
      this.#timer = setTimeout(() => this.end("slow"), this.#timeoutMs);
      this.#worker.postMessage(request);
    });
  }

  /** Terminates the worker, and rejects the request under way. */
  end(fault: "slow" | "crashed" | "too_large"): RenderError {
    clearTimeout(this.#timer);
    this.#worker.terminate();
    this.#ended ??= new RenderError(fault, "what draws this document has ended");
    this.#waiting?.reject(this.#ended);
    this.#waiting = null;
    return this.#ended;
  }

  #hear(response: RenderResponse | null): void {
    const waiting = this.#waiting;
    if (waiting === null || response === null) {
      this.end("crashed");
      return;
    }
    clearTimeout(this.#timer);
    // It may still be at work on what is too large.
    if (response.kind === "failed" && response.fault === "too_large") {
      this.end(response.fault);
      return;
    }
    this.#waiting = null;
    if (response.kind === "failed") waiting.reject(new RenderError(response.fault, "this document cannot be drawn"));
    else waiting.resolve(response);
  }
}
