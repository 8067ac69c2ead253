/** Records browser-headers.json anew. Needs Firefox ESR, OpenSSL and no network. */
import { execFileSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { recordHeaders, TOR_BROWSER_PREFERENCES } from "../support/header-recorder.js";

const version = execFileSync("firefox-esr", ["--version"], { encoding: "utf8" }).trim();
const clear = await recordHeaders(true);
const onion = await recordHeaders(false);
const languages: Record<string, string> = {};
for (const [tag, preferred] of [
  ["ru", "ru-RU, ru, en-US, en"],
  ["uk", "uk-UA, uk, en-US, en"],
] as const) {
  const { document = [] } = await recordHeaders(true, preferred);
  languages[tag] = document.find(([name]) => name === "Accept-Language")?.[1] ?? "";
}
const origin = `${version} on Linux, with the preferences below, which are Tor Browser's`;
const recorded = { origin, preferences: TOR_BROWSER_PREFERENCES, clear, onion, languages };
// One line for each field.
const text = JSON.stringify(recorded, null, 2).replace(/\[\n\s+("[^\n]*",)\n\s+("[^\n]*")\n\s+\]/g, "[$1 $2]");
await writeFile(new URL("browser-headers.json", import.meta.url), `${text}\n`);
process.exit(0);
