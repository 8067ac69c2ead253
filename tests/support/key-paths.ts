/** Where a portal gives out its certificates: as a file, and in pieces of the kind that its pages name. */
export async function keyPaths(url: string): Promise<ReadonlySet<string>> {
  const page = await (await fetch(`${url}/ru/`)).text();
  const settings = /data-settings="([^"]*)"/.exec(page)?.[1]?.replaceAll("&quot;", '"') ?? "{}";
  const { pieces } = JSON.parse(settings) as { readonly pieces: { readonly keys: readonly string[] } };
  return new Set(["/keys.asc", ...pieces.keys.map((sha256) => `/build/text-${sha256.slice(0, 16)}.txt`)]);
}
