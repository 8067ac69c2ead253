import { startAttacker } from "../support/attacker.js";
import { ATTACKS } from "../support/attacks.js";
import { Random } from "../support/seed.js";
import type { PortalProcess } from "./portal-process.js";

const ATTACK_CONNECTIONS = 150;
const MAX_KEYS = 4;

/** What befalls a portal, as the seed says. */
export class Disturbances {
  readonly #portal: PortalProcess;
  readonly #attackMs: number;
  readonly #random = new Random("soak");
  readonly #names = Object.keys(ATTACKS);

  constructor(portal: PortalProcess, attackMs: number) {
    this.#portal = portal;
    this.#attackMs = attackMs;
  }

  /** Half to one and a half of `meanMs`. */
  pauseMs(meanMs: number): number {
    return meanMs * (this.#random.integer(50, 150) / 100);
  }

  /** @param rough whether the portal may be ended as well. @returns what has happened */
  async next(rough: boolean): Promise<string> {
    const kind = this.#random.integer(1, rough ? 8 : 4);
    if (kind <= 3) return this.#attack();
    if (kind <= 6 && rough) return this.#restart("SIGTERM");
    if (kind <= 7 && rough) return this.#restart("SIGKILL");
    if ((await this.#portal.secrets()).length >= MAX_KEYS) return this.#attack();
    await this.#portal.addKey();
    return "new keys";
  }

  async #attack(): Promise<string> {
    const name = this.#names[this.#random.integer(0, this.#names.length - 1)] ?? "";
    const who = `203.0.113.${this.#random.integer(1, 250)}`;
    const attacker = await startAttacker({ name, url: this.#portal.url, who, connections: ATTACK_CONNECTIONS });
    await new Promise((resolve) => setTimeout(resolve, this.#attackMs));
    await attacker.stop();
    return `attack: ${name}`;
  }

  async #restart(signal: "SIGTERM" | "SIGKILL"): Promise<string> {
    await this.#portal.end(signal);
    await this.#portal.begin();
    return signal === "SIGKILL" ? "power failures" : "restarts";
  }
}
