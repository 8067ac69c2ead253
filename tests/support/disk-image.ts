import { execFileSync } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";

export type FileSystem = "ext4" | "vfat";

const MAKE: Readonly<Record<FileSystem, readonly string[]>> = { ext4: ["mkfs.ext4", "-q"], vfat: ["mkfs.vfat"] };
const BYTES = 16 * 1024 * 1024;

/** A file that holds a whole file system, mounted at `folder` while it is used. */
export interface DiskImage {
  readonly path: string;
  readonly folder: string;
}

export async function makeImage(kind: FileSystem, image: DiskImage): Promise<void> {
  await writeFile(image.path, Buffer.alloc(BYTES));
  const [program = "", ...options] = MAKE[kind];
  execFileSync(program, [...options, image.path], { stdio: "ignore" });
  await mkdir(image.folder, { recursive: true });
}

/** Runs `use` while `images` are mounted. Afterwards everything is in their files. */
export async function whileMounted<T>(images: readonly DiskImage[], use: () => Promise<T>): Promise<T> {
  const mounted: DiskImage[] = [];
  try {
    for (const image of images) {
      execFileSync("mount", ["-o", "loop", image.path, image.folder], { stdio: "ignore" });
      mounted.push(image);
    }
    return await use();
  } finally {
    for (const { folder } of mounted) execFileSync("umount", [folder]);
  }
}

/**
 * Whether an image with this file system can be mounted: tried, since it needs root and a kernel that knows it. What
 * needs one is skipped with a line. Where everything is required, ext4 is: not every kernel knows vfat.
 */
export async function canMountImage(kind: FileSystem, image: DiskImage): Promise<boolean> {
  try {
    await makeImage(kind, image);
    await whileMounted([image], async () => undefined);
    return true;
  } catch (cause) {
    if (process.env.POSTERN_REQUIRE_ALL === "1" && kind === "ext4") throw cause;
    process.stderr.write(`skipped: an image with ${kind} cannot be made or mounted here\n`);
    return false;
  }
}
