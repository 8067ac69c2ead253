import type { Request } from "express";

/** Bytes per second below which a body is given up while others wait: a twentieth of the slowest honest line. */
const SLOWEST = 1024;
/** Milliseconds over which that is measured: a line may stand still for a while. */
const WINDOW = 30_000;

interface Seen {
  bytes: number;
  since: number;
}

/** Ends bodies that come so slowly that they must mean to hold a place, and only when places are few. */
export class MinimumRate {
  readonly #bodies = new Map<Request, Seen>();

  begin(request: Request): void {
    this.#bodies.set(request, { bytes: request.socket.bytesRead, since: performance.now() });
  }

  end(request: Request): void {
    this.#bodies.delete(request);
  }

  /** Looks at all bodies under way; to be called now and then. */
  enforce(): void {
    const now = performance.now();
    for (const [request, seen] of this.#bodies) {
      const elapsed = now - seen.since;
      if (elapsed < WINDOW) continue;
      const bytes = request.socket.bytesRead;
      if (!request.complete && (bytes - seen.bytes) * 1000 < SLOWEST * elapsed) request.destroy();
      seen.bytes = bytes;
      seen.since = now;
    }
  }
}
