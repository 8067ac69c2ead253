import { encryptionOfDevice, encryptionOfMount, mountOf, unescaped } from "./disk.js";
import type { Machine } from "./machine.js";
import { fault, ok, orElse, type Verdict, warning } from "./verdict.js";

const CURE =
  "swapoff it and take it out of /etc/fstab, or use zram, or a partition with a random key (/etc/crypttab: swap,cipher=…)";

/** What the kernel moves out of memory may be a letter that is just being encrypted. */
export async function checkSwap(machine: Machine): Promise<readonly Verdict[]> {
  const swaps = await machine.read("/proc/swaps");
  if (swaps === null) return [warning("/proc/swaps cannot be read here", "see to it that swap is off or encrypted")];
  const entries = swaps
    .split("\n")
    .slice(1)
    .filter((line) => line.trim() !== "");
  if (entries.length === 0) return [ok("there is no swap")];
  const verdicts = await Promise.all(
    entries.map(async (line): Promise<Verdict[]> => {
      const [path = "", type = ""] = line.split(/\s+/);
      const name = unescaped(path);
      const mount = type === "file" ? await mountOf(machine, name) : null;
      const encryption =
        mount !== null
          ? await encryptionOfMount(machine, mount)
          : type === "file"
            ? "unknown"
            : await encryptionOfDevice(machine, name);
      if (encryption === "plain") return [fault(`swap on ${name} is not encrypted`, CURE)];
      if (encryption === "unknown") return [warning(`one cannot tell whether swap on ${name} is encrypted`, CURE)];
      return [];
    }),
  );
  return orElse(verdicts.flat(), "all swap is encrypted, or in memory");
}

/** The store is ciphertext by itself; an encrypted disk hides its times and sizes as well from whoever carries it off. */
export async function checkStoreDisk(machine: Machine, store: string): Promise<readonly Verdict[]> {
  const mount = await mountOf(machine, store);
  if (mount?.type === "tmpfs" || mount?.type === "ramfs") {
    return [fault(`${store} is in memory, and gone when the machine restarts`, "put POSTERN_STORE on a disk")];
  }
  const encryption = mount === null ? "unknown" : await encryptionOfMount(machine, mount);
  if (encryption === "encrypted") return [ok("the store's file system is encrypted")];
  const what =
    encryption === "plain"
      ? "the store's file system is not encrypted by this machine"
      : "one cannot tell whether the store's file system is encrypted";
  return [warning(what, "put it on LUKS, so that a disk that is carried off says not even when letters came")];
}
