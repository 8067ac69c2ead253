/** The oldest version that Postern runs on, as `engines` in package.json has it. */
const OLDEST = [20, 19] as const;

/** What is wrong with a version of Node such as `20.19.2`, in one sentence, or null. */
export function unsupportedNode(version: string): string | null {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return null;
  return `Postern needs Node ${OLDEST.join(".")} or newer, and this is ${version}`;
}
