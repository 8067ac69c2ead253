import { createConnection } from "node:net";
import { DAY_MS } from "../core/index.js";
import type { Answer, Asker } from "../http-client/index.js";
import { headersOf, type Role } from "../server/index.js";
import { fault, ok, orElse, type Verdict, warning } from "./verdict.js";

/** What is asked for, with the part that its headers are for and whether the portal itself never compresses it. */
function probes(languages: readonly string[]): [path: string, role: Role, never: boolean][] {
  return [
    ["/healthz", "alone", true],
    ["/", "alone", true],
    ["/no-such-page", "alone", true],
    ["/keys.json", "alone", true],
    ...languages.flatMap((language): [string, Role, boolean][] => [
      [`/${language}/`, "client", false],
      [`/${language}/replies`, "client", false],
      [`/${language}/safety`, "alone", false],
      [`/${language}/plain`, "frames", true],
    ]),
  ];
}

/** Headers that the portal, HTTP itself or a proxy on its way may set without telling anybody anything. */
const EXPECTED = new Set(
  "connection content-encoding content-length content-type date keep-alive location onion-location transfer-encoding vary".split(
    " ",
  ),
);
const CURES: Readonly<Record<string, string>> = {
  server: "have the proxy drop it (nginx: more_clear_headers Server; Caddy: header -Server), or know that it is said",
  via: "have the proxy drop it (Caddy: header -Via)",
};
const HALF_A_YEAR_SECONDS = (180 * DAY_MS) / 1000;
const FORTNIGHT_MS = 14 * DAY_MS;

/** Asks for pages as a visitor does, and compares every security header with what the portal sets. */
export async function checkHeaders(asker: Asker, languages: readonly string[]): Promise<readonly Verdict[]> {
  const found: Verdict[] = [];
  // Each thing once, however many pages it is wrong on.
  const said = new Set<string>();
  const note = (what: string, verdict: Verdict) => {
    if (!said.has(what)) found.push(verdict);
    said.add(what);
  };
  for (const [path, role, never] of probes(languages)) {
    const answer = await asker.ask(path, { "Accept-Encoding": "gzip, deflate, br, zstd" });
    const expected = headersOf(role);
    for (const [name, value] of Object.entries(expected)) {
      const given = answer.headers[name];
      if (given === value) continue;
      const what = given === undefined ? `is missing on ${path}` : `is not the portal's own on ${path}`;
      note(name, fault(`${asker.name}: ${name} ${what}`, "have the proxy pass headers on as they are, and add none"));
    }
    for (const name of Object.keys(answer.headers)) {
      if (name in expected || EXPECTED.has(name)) continue;
      if (name === "strict-transport-security" && asker.url.protocol === "https:") continue;
      const message = `${asker.name}: ${name} is added on ${path}`;
      if (name === "set-cookie") note(name, fault(message, "take cookies out of the proxy: no visitor is followed"));
      else note(name, warning(message, CURES[name] ?? "have the proxy drop it, unless you know what it says"));
    }
    if (never && answer.headers["content-encoding"] !== undefined) {
      const cure = "turn compression off in the proxy (nginx: gzip off; Caddy: no encode): sizes tell what is inside";
      note("compressed", fault(`${asker.name}: ${path} is compressed on its way`, cure));
    }
  }
  return orElse(found, `${asker.name}: headers are the portal's own`);
}

/** What the portal says of itself. */
export async function checkHealth(asker: Asker): Promise<readonly Verdict[]> {
  const answer = await asker.ask("/healthz").catch((cause: unknown) => {
    return cause instanceof Error ? cause : new Error(String(cause));
  });
  if (answer instanceof Error) {
    const why = "code" in answer ? String(answer.code) : answer.message;
    return [fault(`${asker.name} does not answer (${why})`, "start the portal and its proxy, and look at their logs")];
  }
  const { reasons, warnings } = readHealth(answer);
  if (answer.status === 200) {
    return orElse(
      warnings.map((each) => warning(`${asker.name}: ${each}`, "see what the other checks say of it")),
      `${asker.name} takes submissions`,
    );
  }
  const why = reasons.length > 0 ? reasons.join(", ") : `status ${answer.status}, and not from a portal`;
  return [fault(`${asker.name} takes no submissions: ${why}`, "mend that; /healthz says 200 then")];
}

function readHealth({ body }: Answer): { readonly reasons: readonly string[]; readonly warnings: readonly string[] } {
  try {
    const { reasons, warnings } = JSON.parse(body) as Record<string, unknown>;
    return { reasons: strings(reasons), warnings: strings(warnings) };
  } catch {
    return { reasons: [], warnings: [] };
  }
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
}

/** Between a visitor and the portal lies either TLS, or Tor, or nothing but this machine. */
export async function checkTransport(asker: Asker, plain: Asker | null, now: Date): Promise<readonly Verdict[]> {
  const { protocol, hostname } = asker.url;
  if (protocol === "http:") {
    if (hostname.endsWith(".onion")) return [ok(`${asker.name}: Tor encrypts the way`)];
    if (isLoopback(hostname)) return [ok(`${asker.name} is this machine's own`)];
    return [fault(`${asker.name}: letters come in plaintext`, "put TLS in front of it, and give its https address")];
  }
  const found: Verdict[] = [];
  const { headers, certificateEnds } = await asker.ask("/");
  const age = Number(/max-age="?(\d+)/i.exec(headers["strict-transport-security"] ?? "")?.[1] ?? 0);
  if (age < HALF_A_YEAR_SECONDS) {
    const what = age === 0 ? "Strict-Transport-Security is missing" : "Strict-Transport-Security is short";
    found.push(fault(`${asker.name}: ${what}`, "have the proxy set it: max-age=63072000"));
  }
  if (certificateEnds !== null && certificateEnds.getTime() - now.getTime() < FORTNIGHT_MS) {
    found.push(warning(`${asker.name}: the TLS certificate ends within a fortnight`, "see why it was not renewed"));
  }
  if (plain !== null) found.push(...(await redirect(plain, hostname)));
  return orElse(found, `${asker.name}: TLS and nothing else`);
}

async function redirect(plain: Asker, hostname: string): Promise<Verdict[]> {
  const answer = await plain.ask("/").catch(() => null);
  // Where nothing listens nothing is read along.
  if (answer === null) return [];
  const location = answer.headers.location ?? "";
  const leads = answer.status >= 300 && answer.status < 400 && URL.canParse(location) ? new URL(location) : null;
  if (leads?.protocol === "https:" && leads.hostname === hostname) return [];
  return [fault(`${plain.name} does not lead to https`, "redirect every request there to https, with 301")];
}

/** Whether the staff's listener answers at `host`, where visitors come. */
export async function checkPickupHidden(host: string, port: number): Promise<readonly Verdict[]> {
  const reached = await new Promise<boolean>((resolve) => {
    const socket = createConnection({ host, port, timeout: 5_000 });
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket
      .on("connect", () => end(true))
      .on("error", () => end(false))
      .on("timeout", () => end(false));
  });
  return reached
    ? [
        fault(
          `the staff's pages can be reached at ${host}:${port}`,
          "let POSTERN_PICKUP_LISTEN be 127.0.0.1, or a socket",
        ),
      ]
    : [ok(`the staff's pages cannot be reached at ${host}:${port}`)];
}

export function isLoopback(hostname: string): boolean {
  return /^(?:127\.\d+\.\d+\.\d+|\[::1\]|localhost)$/.test(hostname);
}
