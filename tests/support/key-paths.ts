/** The paths of the pieces that a page names its portal's certificates by. */
export function keyPiecesIn(page: string): readonly string[] {
  const settings = /data-settings="([^"]*)"/.exec(page)?.[1]?.replaceAll("&quot;", '"') ?? "{}";
  const { pieces } = JSON.parse(settings) as { readonly pieces: { readonly keys: readonly string[] } };
  return pieces.keys.map((sha256) => `/build/text-${sha256.slice(0, 16)}.txt`);
}

/** Where a portal gives out its certificates: as a file, and in pieces of the kind that its pages name. */
export async function keyPaths(url: string): Promise<ReadonlySet<string>> {
  return new Set(["/keys.asc", ...keyPiecesIn(await (await fetch(`${url}/ru/`)).text())]);
}
