// Preloaded into a process: it dies at the step of its file system calls that DIE_AT says, before or after it.
import promises from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";

const dieAt = Number(process.env.DIE_AT);
let steps = 0;
const step = () => {
  steps += 1;
  if (steps === dieAt) process.kill(process.pid, "SIGKILL");
};
const counted = (call) =>
  async function (...given) {
    step();
    const result = await call.apply(this, given);
    step();
    return result;
  };

const handle = await promises.open(process.execPath, "r");
const { prototype } = handle.constructor;
await handle.close();
for (const name of ["write", "sync"]) prototype[name] = counted(prototype[name]);
for (const name of ["open", "rename", "rm", "writeFile"]) promises[name] = counted(promises[name]);
syncBuiltinESMExports();
process.on("exit", () => process.stdout.write(`${steps}\n`));
