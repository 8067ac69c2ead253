// Carries out the order in its first argument until its parent sends a message. Started by attacker.ts.
import { ATTACKS, type AttackOrder } from "./attacks.js";

const { name, url, who, connections, told } = JSON.parse(process.argv[2] ?? "") as AttackOrder;
const attack = ATTACKS[name]?.(url, who, connections, told);
process.once("message", async () => {
  await attack?.stop();
  process.disconnect();
});
process.send?.("begun");
