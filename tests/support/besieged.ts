import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { type RunningPortal, servePortal } from "./command.js";
import { heldMemoryMiB, MEASURED } from "./held-memory.js";
import { atLength } from "./length.js";
import { formOf } from "./portal.js";
import { giveStaffKey } from "./staff-key.js";
import { removeFolder } from "./temporary.js";

const USED = atLength(20, 50);
/** Seconds that the answer to the last request, and what hung on it, may take to be let go. */
const PATIENCE = 20;

/** A really served portal that is attacked, and looked at before and after. */
export class BesiegedPortal {
  readonly #folder: string;
  readonly #portal: RunningPortal;
  #before = 0;

  private constructor(folder: string, portal: RunningPortal) {
    this.#folder = folder;
    this.#portal = portal;
  }

  static async start(env: Readonly<Record<string, string>> = {}): Promise<BesiegedPortal> {
    const folder = await mkdtemp(join(tmpdir(), "postern-hardening-"));
    await giveStaffKey(folder);
    const watched = { ...env, ...MEASURED };
    const portal = new BesiegedPortal(folder, await servePortal({ cwd: folder, env: watched }));
    // What any process takes that has been used: an hour's honest letters.
    const document = new File([new Uint8Array(300_000)], "a.pdf");
    for (let letter = 0; letter < USED; letter += 1) {
      await fetch(`${portal.url}/en/submit`, {
        method: "POST",
        body: formOf({ message: "x".repeat(20_000) }, [document]),
      });
    }
    await portal.expectWell();
    portal.#before = await portal.memory();
    return portal;
  }

  get url(): string {
    return this.#portal.url;
  }

  get store(): string {
    return join(this.#folder, "data");
  }

  get log(): string {
    return this.#portal.output.stderr;
  }

  /** MiB that it holds on to. */
  memory(): Promise<number> {
    return heldMemoryMiB(this.#portal.process);
  }

  /** The portal runs, is healthy, and has had no fault of its own. */
  async expectUp(): Promise<void> {
    expect(this.#portal.process.exitCode).toBeNull();
    expect((await fetch(`${this.url}/healthz`)).status).toBe(200);
    expect(this.log).not.toMatch(/internal|Error|error/);
  }

  /** It also takes a letter, which costs it half a second. */
  async expectWell(): Promise<void> {
    await this.expectUp();
    const answer = await fetch(`${this.url}/en/submit`, { method: "POST", body: formOf({ message: "a letter" }) });
    expect(answer.status).toBe(200);
  }

  /** Its memory is again what it was before, but for 30 MiB at most. */
  async expectMemoryBack(): Promise<void> {
    let more = Number.POSITIVE_INFINITY;
    for (let second = 0; more >= 30 && second < PATIENCE; second += 1) more = (await this.memory()) - this.#before;
    expect(more).toBeLessThan(30);
  }

  async stop(): Promise<void> {
    await this.#portal.kill("SIGTERM");
    await removeFolder(this.#folder);
  }
}
