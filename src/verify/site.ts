import { readFileSync } from "node:fs";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Fault } from "../core/index.js";
import { fixedPaths } from "../server/index.js";
import { meaningful } from "./header-check.js";
import { hostFiles } from "./host-files.js";
import { LocalPortal, type PortalInputs } from "./local-portal.js";
import { createManifest, type DescribedAnswer, type Manifest, writeManifest } from "./manifest.js";

export class SiteError extends Fault<"not_empty" | "not_made"> {}

export interface SiteOptions {
  /** Whether as the onion service shows it. */
  readonly onion: boolean;
  /** Where this source is had from, or null. */
  readonly app: string | null;
}

export interface Site {
  readonly manifest: Manifest;
  /** Contents by path below the folder: pages, the manifest, and what hosts of static files read. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** Where the manifest lies, for a browser and for a copy alike. */
export const MANIFEST_FOLDER = ".well-known/webcat";
export const MANIFEST_FILE = "manifest.json";

/** Only its ending means anything to a portal. */
const CLEAR_HOST = "portal.example.org";
const ONION_HOST = `${"a".repeat(56)}.onion`;

/** What a portal with these inputs shows to everyone alike, each answer taken from such a portal. */
export async function makeSite(inputs: PortalInputs, { onion, app }: SiteOptions): Promise<Site> {
  const local = await LocalPortal.open(inputs);
  try {
    const answers: DescribedAnswer[] = [];
    for (const { path, copied } of fixedPaths([...inputs.texts.keys()], inputs.recipients)) {
      const answer = await local.ask(path, onion ? ONION_HOST : CLEAR_HOST);
      if (answer.status !== 200 || !answer.whole)
        throw new SiteError("not_made", `${path} was answered ${answer.status}`);
      answers.push({ path, copied, contents: answer.bytes, headers: meaningful(answer.headers) });
    }
    const manifest = createManifest({
      answers,
      version: version(),
      app,
      address: onion ? "onion" : "clear",
      fingerprints: inputs.recipients.all.map(({ fingerprint }) => fingerprint),
    });
    const copies = answers.filter(({ copied }) => copied);
    return {
      manifest,
      files: new Map([
        ...copies.map(({ path, contents }) => [fileOf(path), contents] as const),
        [`${MANIFEST_FOLDER}/${MANIFEST_FILE}`, Buffer.from(writeManifest(manifest))],
        ...hostFiles(copies, [...inputs.texts.keys()], fileOf),
      ]),
    };
  } finally {
    await local.close();
  }
}

/** Where hosts of static files look for a path: `/ru/` is `ru/index.html`, `/ru/safety` is `ru/safety.html`. */
export function fileOf(path: string): string {
  if (path.endsWith("/")) return `${path.slice(1)}index.html`;
  return /\.\w+$/.test(path) ? path.slice(1) : `${path.slice(1)}.html`;
}

/**
 * Writes the site into an empty folder, or one that is yet to be made.
 * @throws SiteError `not_empty`: what an older site left there would be taken for a part of this one
 */
export async function writeSite({ files }: Site, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  if ((await readdir(folder)).length > 0) throw new SiteError("not_empty", `${folder} is not empty; give a new folder`);
  for (const [name, contents] of files) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, contents, { flag: "wx" });
  }
}

function version(): string {
  const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
    version: string;
  };
  return version;
}
