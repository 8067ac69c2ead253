import { execFileSync } from "node:child_process";
import { mkdir } from "node:fs/promises";

/**
 * Whether a small disk can be mounted: tried, since root in a container often may not. What needs one is skipped with a
 * line, or fails where everything is required.
 */
export function canMountSmallDisk(what: string): boolean {
  try {
    execFileSync("unshare", ["--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt"], { stdio: "ignore" });
    return true;
  } catch (cause) {
    const line = `${what}: mounting a small disk needs root`;
    if (process.env.POSTERN_REQUIRE_ALL === "1") throw new Error(line, { cause });
    process.stderr.write(`skipped: ${line}\n`);
    return false;
  }
}

/** Runs `use` while a real file system of `size` (such as `1m`) is mounted at `folder`. */
export async function withSmallDisk(folder: string, size: string, use: () => Promise<void>): Promise<void> {
  await mkdir(folder, { recursive: true });
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", folder]);
  try {
    await use();
  } finally {
    execFileSync("umount", ["--lazy", folder]);
  }
}
