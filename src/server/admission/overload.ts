import { monitorEventLoopDelay } from "node:perf_hooks";

/** Milliseconds between two looks. */
const INTERVAL = 1_000;
/** Looks without any sign of it after which the pressure is over. */
const CALM = 30;
/** Looks in a row at which the process was late, after which that is pressure and no hiccup. */
const LATE_LOOKS = 3;
const NANOSECONDS = 1e6;
/** Milliseconds for which a measure of the memory holds. */
const MEMORY_FRESH = 50;

export interface OverloadSigns {
  /** Milliseconds that the process may be late by, at the worst hundredth of the moments between two looks. */
  readonly late: number;
  /** Whether lines are long or places are few at this moment. */
  readonly crowded: () => boolean;
  /** Told at every look while there is pressure. */
  readonly onPressure: () => void;
}

/** Knows whether more is asked of the portal than it can do: by what waits, and by how late it is itself. */
export class Overload {
  readonly #signs: OverloadSigns;
  readonly #delay = monitorEventLoopDelay({ resolution: 20 });
  readonly #timer: NodeJS.Timeout;
  #late = 0;
  #calm = CALM;
  #memory = process.memoryUsage.rss();
  #asked = performance.now();

  constructor(signs: OverloadSigns) {
    this.#signs = signs;
    this.#delay.enable();
    this.#timer = setInterval(() => this.#look(), INTERVAL);
    this.#timer.unref();
  }

  /** Whether there is pressure now, or was a moment ago. */
  get on(): boolean {
    if (this.#signs.crowded()) this.#calm = 0;
    return this.#calm < CALM;
  }

  /** Bytes of memory that the process has, or had a moment ago: the kernel is not asked at every request. */
  get memory(): number {
    const now = performance.now();
    if (now - this.#asked > MEMORY_FRESH) {
      this.#memory = process.memoryUsage.rss();
      this.#asked = now;
    }
    return this.#memory;
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#delay.disable();
  }

  #look(): void {
    this.#late = this.#delay.percentile(99) / NANOSECONDS > this.#signs.late ? this.#late + 1 : 0;
    this.#delay.reset();
    this.#calm = this.#late >= LATE_LOOKS || this.#signs.crowded() ? 0 : Math.min(CALM, this.#calm + 1);
    if (this.on) this.#signs.onPressure();
  }
}
