import { monitorEventLoopDelay } from "node:perf_hooks";

const LOOK_INTERVAL_MS = 1_000;
/** Looks without a sign of it after which the overload is over. */
const CALM_LOOKS = 30;
/** Looks in a row at which the event loop was late: fewer are a hiccup. */
const LATE_LOOKS = 3;
const NANOSECONDS_PER_MS = 1e6;
/** How long a measure of the memory holds. */
const MEMORY_FRESH_MS = 50;

export interface OverloadSigns {
  /** Event-loop delay, at the 99th percentile between two looks, from which on the process is late. */
  readonly maxDelayMs: number;
  /** Whether queues are long or places are few at this moment. */
  readonly crowded: () => boolean;
  /** Called at every look during the overload. */
  readonly onOverload: () => void;
}

/** Knows whether more is asked of the portal than it can do: by its queues, and by its event-loop delay. */
export class Overload {
  readonly #signs: OverloadSigns;
  readonly #delay = monitorEventLoopDelay({ resolution: 20 });
  readonly #timer: NodeJS.Timeout;
  #late = 0;
  #calm = CALM_LOOKS;
  #memoryBytes = process.memoryUsage.rss();
  #measuredAt = performance.now();

  constructor(signs: OverloadSigns) {
    this.#signs = signs;
    this.#delay.enable();
    this.#timer = setInterval(() => this.#look(), LOOK_INTERVAL_MS);
    this.#timer.unref();
  }

  /** Whether there is overload now, or was a moment ago. */
  get on(): boolean {
    if (this.#signs.crowded()) this.#calm = 0;
    return this.#calm < CALM_LOOKS;
  }

  /** Resident memory of the process, a moment ago at most: the kernel is not asked at every request. */
  get memoryBytes(): number {
    const now = performance.now();
    if (now - this.#measuredAt > MEMORY_FRESH_MS) {
      this.#memoryBytes = process.memoryUsage.rss();
      this.#measuredAt = now;
    }
    return this.#memoryBytes;
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#delay.disable();
  }

  #look(): void {
    this.#late = this.#delay.percentile(99) / NANOSECONDS_PER_MS > this.#signs.maxDelayMs ? this.#late + 1 : 0;
    this.#delay.reset();
    this.#calm = this.#late >= LATE_LOOKS || this.#signs.crowded() ? 0 : Math.min(CALM_LOOKS, this.#calm + 1);
    if (this.on) this.#signs.onOverload();
  }
}
