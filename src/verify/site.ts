import { mkdir, readdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Fault } from "../core/index.js";
import { installedVersion } from "../files/index.js";
import { createManifest, type DescribedResponse } from "./create-manifest.js";
import { meaningfulHeaders } from "./header-check.js";
import { hostFiles } from "./host-files.js";
import { LocalPortal, type PortalInputs } from "./local-portal.js";
import { type Manifest, writeManifest } from "./manifest.js";
import { statedWays } from "./page-settings.js";
import { portalPathOf, sendingNames } from "./sending-copy.js";

export class SiteError extends Fault<"not_empty" | "not_made"> {}

export interface SiteOptions {
  /** Whether to make the pages as the onion service sends them. */
  readonly onion: boolean;
  /** Address of the source, for the manifest, or null. */
  readonly app: string | null;
  /** Whether to make a copy that sends, for which the inputs need ways: the form alone, for any folder of any host. */
  readonly sends?: boolean;
}

export interface Site {
  readonly manifest: Manifest;
  /** Contents by path below the folder: pages, the manifest, and the settings of static hosts. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** Where the portal and a copy of the site have the manifest. */
export const MANIFEST_FOLDER = ".well-known/webcat";
export const MANIFEST_FILE = "manifest.json";

/** A portal only tests whether the host name ends in `.onion`. */
const CLEAR_HOST = "portal.example.org";
const ONION_HOST = `${"a".repeat(56)}.onion`;

/**
 * Makes the responses that a portal with these inputs sends to everyone, each taken from such a portal.
 * @throws SiteError `not_made`
 */
export async function makeSite(inputs: PortalInputs, { onion, app, sends = false }: SiteOptions): Promise<Site> {
  const local = await LocalPortal.open(inputs);
  try {
    const responses: DescribedResponse[] = [];
    for (const { path, copied } of local.paths) {
      const response = await local.get(path, onion ? ONION_HOST : CLEAR_HOST);
      if (response.status !== 200 || !response.complete) {
        throw new SiteError("not_made", `this build answers ${path} with status ${response.status}`);
      }
      responses.push({ path, copied, contents: response.bytes, headers: meaningfulHeaders(response.headers) });
    }
    const manifest = createManifest({
      responses,
      version: installedVersion(),
      app,
      address: onion ? "onion" : "clear",
      fingerprints: inputs.recipients.all.map(({ fingerprint }) => fingerprint),
      ways: statedWays(inputs.ways),
    });
    const written = Buffer.from(writeManifest(manifest));
    if (sends) return { manifest, files: sendingFiles(responses, written) };
    const copies = responses.filter(({ copied }) => copied);
    return {
      manifest,
      files: new Map([
        ...copies.map(({ path, contents }) => [fileOf(path), contents] as const),
        [`${MANIFEST_FOLDER}/${MANIFEST_FILE}`, written],
        ...hostFiles(copies, [...inputs.texts.keys()], fileOf),
      ]),
    };
  } finally {
    await local.close();
  }
}

/** The manifest lies among the pages, since many hosts keep back names that begin with a dot. */
function sendingFiles(responses: readonly DescribedResponse[], manifest: Uint8Array): Site["files"] {
  const contents = new Map(responses.map((each) => [each.path, each.contents]));
  const names = sendingNames([...contents.keys()]);
  if (names.length === 0) throw new SiteError("not_made", "the form of this portal sends nothing");
  return new Map([
    ...names.map((name) => [name, contents.get(portalPathOf(name)) ?? new Uint8Array()] as const),
    [MANIFEST_FILE, manifest],
  ]);
}

/** Where static hosts look for a path: `/ru/` is `ru/index.html`, `/ru/safety` is `ru/safety.html`. */
export function fileOf(path: string): string {
  if (path.endsWith("/")) return `${path.slice(1)}index.html`;
  return /\.\w+$/.test(path) ? path.slice(1) : `${path.slice(1)}.html`;
}

/**
 * Writes the site into a new or empty folder.
 * @throws SiteError `not_empty`: files of an older site would become part of this one
 */
export async function writeSite({ files }: Site, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  if ((await readdir(folder)).length > 0) throw new SiteError("not_empty", `${folder} is not empty; name a new folder`);
  for (const [name, contents] of files) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, contents, { flag: "wx" });
  }
}
