import { MAX_FILE_BYTES } from "./limits.js";
import type { RenderRequest, RenderResponse } from "./messages.js";
import { RenderError } from "./render-error.js";

/** What draws the pages of one file in a worker. */
export interface Engine {
  /** Returns the number of pages. @throws RenderError */
  readonly open: (file: Uint8Array<ArrayBuffer>) => Promise<number>;
  /** @throws RenderError */
  readonly draw: (page: number) => Promise<ImageBitmap>;
}

/** Ways out of a worker, closed by the policy already. Without them, what takes a worker over has none to try. */
const WAYS_OUT = [
  ...["fetch", "XMLHttpRequest", "WebSocket", "WebSocketStream", "EventSource", "WebTransport", "importScripts"],
  ...["Worker", "SharedWorker", "BroadcastChannel", "indexedDB", "caches", "WebAssembly", "RTCPeerConnection"],
];

/** Handles the requests to this worker, one after the other, once what it needs has started. */
export function serve(started: Promise<unknown>, engine: Engine): void {
  let last = started.catch(() => undefined);
  addEventListener("message", ({ data }: MessageEvent<RenderRequest>) => {
    last = last.then(() => handle(engine, data));
  });
}

async function handle(engine: Engine, request: RenderRequest): Promise<void> {
  const respond = (response: RenderResponse, transfer: Transferable[] = []) => postMessage(response, { transfer });
  try {
    if (request.kind === "open") {
      closeWaysOut();
      if (request.file.size > MAX_FILE_BYTES) throw new RenderError("too_large", "this file is too large to be shown");
      const pages = await engine.open(new Uint8Array(await request.file.arrayBuffer()));
      respond({ kind: "opened", pages });
      return;
    }
    const bitmap = await engine.draw(request.page);
    respond({ kind: "drawn", bitmap }, [bitmap]);
  } catch (cause) {
    respond({ kind: "failed", fault: cause instanceof RenderError ? cause.code : "unreadable" });
  }
}

function closeWaysOut(): void {
  for (const name of WAYS_OUT) Object.defineProperty(globalThis, name, { value: undefined, configurable: false });
}
