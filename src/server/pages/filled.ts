/** The page with contents in their places, each of which stands in it once. */
export function filled(page: string, places: Readonly<Record<string, string>>): string {
  // A function, since a script or style may hold what String.replace takes for a pattern.
  return Object.entries(places).reduce((whole, [place, contents]) => whole.replace(place, () => contents), page);
}
