import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Attack, AttackOrder } from "./attacks.js";

const PROGRAM = fileURLToPath(new URL("attacker-process.ts", import.meta.url));

/** Attacks from a process by itself: what keeps the attacker busy must not keep its victim's visitors waiting. */
export async function startAttacker(order: AttackOrder): Promise<Attack> {
  const attacker = fork(PROGRAM, [JSON.stringify(order)], { execArgv: ["--import", "tsx"] });
  const exited = once(attacker, "exit");
  await Promise.race([once(attacker, "message"), exited]);
  if (attacker.exitCode !== null) throw new Error(`the attacker ended with ${attacker.exitCode}`);
  return {
    stop: async () => {
      if (attacker.connected) attacker.send("stop");
      await exited;
    },
  };
}
