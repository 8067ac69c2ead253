import { readdirSync, readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { deriveReplyAddress } from "../../../src/core/index.js";
import { CodeStock } from "../../../src/server/mailbox/index.js";
import { eventually } from "../../support/portal.js";

const SALT = new Uint8Array(16).fill(7);
const LOWEST = "19";

let busy: boolean;
let stock: CodeStock;
beforeEach(() => {
  busy = false;
});
afterEach(() => stock.close());

function open(max: number): void {
  stock = new CodeStock(SALT, () => busy, max);
  stock.open();
}

const filled = (count: number) => eventually(async () => stock.size === count, `${count} codes are in stock`);

/** The nice values of this process's threads, the 19th field of proc_pid_stat(5). */
function niceValues(): (string | undefined)[] {
  return readdirSync("/proc/self/task").map((thread) => {
    const stat = readFileSync(`/proc/self/task/${thread}/stat`, "latin1");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[16];
  });
}

describe("receipt codes made ahead", () => {
  it("are new codes with the addresses that derive from them", async () => {
    open(2);
    await filled(2);
    const made = [stock.take(), stock.take()];
    expect(made[0]?.code).not.toBe(made[1]?.code);
    for (const each of made) expect(each?.address).toEqual(await deriveReplyAddress(each?.code ?? "", SALT));
  });

  it("are each given once, and made again up to the limit", async () => {
    open(2);
    const given = new Set<string>();
    await filled(2);
    given.add(stock.take()?.code ?? "");
    await filled(2);
    for (let left = 0; left < 2; left += 1) given.add(stock.take()?.code ?? "");
    expect(given.size).toBe(3);
  });

  it("are none at first, and none for a stock of none", async () => {
    open(0);
    expect(stock.take()).toBeNull();
  });

  it("are made only while nothing else is to be done", async () => {
    busy = true;
    open(1);
    expect(stock.size).toBe(0);
    busy = false;
    await filled(1);
  });

  it("are forgotten at the end", async () => {
    open(2);
    await filled(1);
    await stock.close();
    expect([stock.size, stock.take()]).toEqual([0, null]);
  });

  it.runIf(process.platform === "linux")(
    "are made by a thread of the lowest priority, and that one alone",
    async () => {
      const before = niceValues().filter((nice) => nice === LOWEST).length;
      open(1);
      await filled(1);
      expect(niceValues().filter((nice) => nice === LOWEST).length).toBe(before + 1);
    },
  );
});
