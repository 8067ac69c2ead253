import { basename } from "node:path";
import type { Machine } from "./machine.js";

/** Whether a device encrypts what is written to it, as far as the kernel tells. */
export type Encryption = "encrypted" | "plain" | "unknown";

/** A mounted file system. */
export interface Mount {
  readonly point: string;
  /** Major and minor number of its device, such as `254:1`. */
  readonly device: string;
  readonly type: string;
  readonly source: string;
}

/** The file system that holds `path` (proc(5), mountinfo), or null if the kernel does not tell. */
export async function mountOf(machine: Machine, path: string): Promise<Mount | null> {
  const lines = ((await machine.read("/proc/self/mountinfo")) ?? "").split("\n").filter((line) => line !== "");
  const mounts = lines.map((line): Mount => {
    const [before = "", after = ""] = line.split(" - ");
    const [, , device = "", , point = ""] = before.split(" ");
    const [type = "", source = ""] = after.split(" ");
    return { point: unescapeOctal(point), device, type, source: unescapeOctal(source) };
  });
  const holding = mounts.filter(({ point }) => point === "/" || path === point || path.startsWith(`${point}/`));
  // A later mount hides an earlier one at the same point.
  return holding.reduce<Mount | null>(
    (best, each) => (each.point.length >= (best?.point.length ?? 0) ? each : best),
    null,
  );
}

export async function encryptionOfMount(machine: Machine, { device, source }: Mount): Promise<Encryption> {
  if (!device.startsWith("0:")) return encryptionIn(machine, `/sys/dev/block/${device}`);
  // Btrfs has an anonymous device number; the mount source names the real device.
  return source.startsWith("/dev/") ? encryptionOfDevice(machine, source) : "unknown";
}

/** @param device such as `/dev/dm-1` or `/dev/mapper/swap` */
export async function encryptionOfDevice(machine: Machine, device: string): Promise<Encryption> {
  const name = basename(device);
  if (/^zram\d+$/.test(name)) return "encrypted";
  if (!device.startsWith("/dev/mapper/")) return encryptionIn(machine, `/sys/class/block/${name}`);
  for (const each of await machine.list("/sys/class/block")) {
    const mapped = await machine.read(`/sys/class/block/${each}/dm/name`);
    if (mapped?.trim() === name) return encryptionIn(machine, `/sys/class/block/${each}`);
  }
  return "unknown";
}

/** A mapped device is encrypted if dm-crypt made it, or if every device below it is (LVM or RAID over LUKS). */
async function encryptionIn(machine: Machine, folder: string): Promise<Encryption> {
  if ((await machine.read(`${folder}/dm/uuid`))?.startsWith("CRYPT-")) return "encrypted";
  const below = await machine.list(`${folder}/slaves`);
  if (below.length > 0) {
    const all = await Promise.all(below.map((name) => encryptionIn(machine, `/sys/class/block/${name}`)));
    return all.find((each) => each !== "encrypted") ?? "encrypted";
  }
  return (await machine.list(folder)).length > 0 ? "plain" : "unknown";
}

/** The kernel escapes spaces as `\040` (proc(5)). */
export function unescapeOctal(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_all, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}
