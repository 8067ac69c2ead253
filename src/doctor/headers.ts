import type { HttpClient, HttpResponse } from "../http-client/index.js";
import { headersOf, type Role } from "../server/index.js";
import { type CheckResult, fault, orOk, warning } from "./check.js";

/** A page to request, the role that decides its headers, and whether the portal always sends it uncompressed. */
interface Probe {
  readonly path: string;
  readonly role: Role;
  readonly uncompressed: boolean;
}

/** Headers that tell nothing about a visitor; the portal, HTTP or a proxy may set them. */
const HARMLESS = new Set(
  "connection content-encoding content-length content-type date keep-alive location onion-location transfer-encoding vary x-accel-buffering".split(
    " ",
  ),
);
const FIXES: Readonly<Record<string, string>> = {
  server: "let the proxy remove it (nginx: more_clear_headers Server; Caddy: header -Server), or accept it",
  via: "let the proxy remove it (Caddy: header -Via)",
};
const KEEP_HEADERS = "let the proxy pass headers through unchanged and add none";
const NO_COMPRESSION =
  "turn compression off in the proxy (nginx: gzip off; Caddy: no encode): compressed sizes leak content";

/** Requests pages as a browser does, and compares every security header with the portal's. */
export async function checkHeaders(client: HttpClient, languages: readonly string[]): Promise<readonly CheckResult[]> {
  const found = new Map<string, CheckResult>();
  for (const probe of probes(languages)) {
    const response = await client.get(probe.path, { "Accept-Encoding": "gzip, deflate, br, zstd" });
    for (const [topic, result] of problemsOf(client, probe, response)) {
      // Each problem once, however many pages have it.
      if (!found.has(topic)) found.set(topic, result);
    }
  }
  return orOk([...found.values()], `${client.name}: headers are the portal's own`);
}

function probes(languages: readonly string[]): Probe[] {
  const probe = (path: string, role: Role, uncompressed: boolean): Probe => ({ path, role, uncompressed });
  return [
    probe("/healthz", "alone", true),
    probe("/", "alone", true),
    probe("/no-such-page", "alone", false),
    probe("/keys.json", "alone", true),
    ...languages.flatMap((language) => [
      probe(`/${language}/`, "client", false),
      probe(`/${language}/replies`, "client", false),
      probe(`/${language}/safety`, "alone", false),
      probe(`/${language}/plain`, "frames", false),
    ]),
  ];
}

/** Problems of one response, each with its topic. */
function problemsOf(
  { name: server, url }: HttpClient,
  { path, role, uncompressed }: Probe,
  { headers }: HttpResponse,
): [topic: string, result: CheckResult][] {
  const problems: [topic: string, result: CheckResult][] = [];
  const expected = headersOf(role);
  for (const [name, value] of Object.entries(expected)) {
    const given = headers[name];
    if (given === value) continue;
    const what = given === undefined ? `is missing on ${path}` : `is not the portal's own on ${path}`;
    problems.push([name, fault(`${server}: ${name} ${what}`, KEEP_HEADERS)]);
  }
  for (const name of Object.keys(headers)) {
    if (name in expected || HARMLESS.has(name)) continue;
    if (name === "strict-transport-security" && url.protocol === "https:") continue;
    const message = `${server}: ${name} is added on ${path}`;
    const result =
      name === "set-cookie"
        ? fault(message, "remove the cookie from the proxy: nothing may track visitors")
        : warning(message, FIXES[name] ?? "let the proxy remove it, unless you know what it is for");
    problems.push([name, result]);
  }
  if (uncompressed && headers["content-encoding"] !== undefined) {
    problems.push(["compressed", fault(`${server}: the proxy compresses ${path}`, NO_COMPRESSION)]);
  }
  return problems;
}
