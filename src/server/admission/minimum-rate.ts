import type { IncomingMessage } from "node:http";

/** Rate below which a body is given up during an overload: a twentieth of the slowest honest line. */
const MIN_BYTES_PER_SECOND = 1024;
/** A line may stand still for a while. */
const WINDOW_MS = 30_000;

interface Sample {
  bytes: number;
  since: number;
}

/** Ends bodies that come so slowly that they must mean to hold a place, and only while places are few. */
export class MinimumRate {
  readonly #bodies = new Map<IncomingMessage, Sample>();

  get watched(): number {
    return this.#bodies.size;
  }

  begin(request: IncomingMessage): void {
    this.#bodies.set(request, { bytes: request.socket.bytesRead, since: performance.now() });
  }

  end(request: IncomingMessage): void {
    this.#bodies.delete(request);
  }

  /** Judges all bodies under way; to be called now and then. */
  enforce(): void {
    const now = performance.now();
    for (const [request, sample] of this.#bodies) {
      const elapsedMs = now - sample.since;
      if (elapsedMs < WINDOW_MS) continue;
      const bytes = request.socket.bytesRead;
      if (!request.complete && (bytes - sample.bytes) * 1000 < MIN_BYTES_PER_SECOND * elapsedMs) request.destroy();
      sample.bytes = bytes;
      sample.since = now;
    }
  }
}
