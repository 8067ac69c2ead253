import { encryptionOfDevice, encryptionOfMount, mountOf, unescapeOctal } from "./block-device.js";
import { type CheckResult, fault, ok, orOk, warning } from "./check.js";
import type { Machine } from "./machine.js";

const FIX =
  "swapoff it and remove it from /etc/fstab, or use zram, or a partition with a random key (/etc/crypttab: swap,cipher=…)";

/** The kernel may swap out a letter while the portal encrypts it. */
export async function checkSwap(machine: Machine): Promise<readonly CheckResult[]> {
  const swaps = await machine.read("/proc/swaps");
  if (swaps === null) return [warning("/proc/swaps cannot be read", "make sure that swap is off or encrypted")];
  const entries = swaps
    .split("\n")
    .slice(1)
    .filter((line) => line.trim() !== "");
  if (entries.length === 0) return [ok("there is no swap")];
  const results = await Promise.all(
    entries.map(async (line): Promise<CheckResult[]> => {
      const [path = "", type = ""] = line.split(/\s+/);
      const name = unescapeOctal(path);
      const mount = type === "file" ? await mountOf(machine, name) : null;
      const encryption =
        mount !== null
          ? await encryptionOfMount(machine, mount)
          : type === "file"
            ? "unknown"
            : await encryptionOfDevice(machine, name);
      if (encryption === "plain") return [fault(`swap on ${name} is not encrypted`, FIX)];
      if (encryption === "unknown") return [warning(`it is unknown whether swap on ${name} is encrypted`, FIX)];
      return [];
    }),
  );
  return orOk(results.flat(), "all swap is encrypted or in memory");
}

/** The store holds only ciphertext. An encrypted disk also hides its times and sizes from a thief. */
export async function checkStoreDisk(machine: Machine, store: string): Promise<readonly CheckResult[]> {
  const mount = await mountOf(machine, store);
  if (mount?.type === "tmpfs" || mount?.type === "ramfs") {
    return [fault(`${store} is in memory and is lost when the machine restarts`, "put POSTERN_STORE on a disk")];
  }
  const encryption = mount === null ? "unknown" : await encryptionOfMount(machine, mount);
  if (encryption === "encrypted") return [ok("the store's file system is encrypted")];
  const message =
    encryption === "plain"
      ? "this machine does not encrypt the store's file system"
      : "it is unknown whether the store's file system is encrypted";
  return [warning(message, "put the store on LUKS: a stolen disk then does not even show when letters arrived")];
}
