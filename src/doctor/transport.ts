import { DAY_MS } from "../core/index.js";
import { type HttpClient, type HttpResponse, isLoopback } from "../http-client/index.js";
import { type CheckResult, fault, ok, orOk, warning } from "./check.js";

const MIN_HSTS_SECONDS = (180 * DAY_MS) / 1000;
const CERTIFICATE_WARNING_MS = 14 * DAY_MS;

/**
 * Between a visitor and the portal there must be TLS, Tor, or only this machine.
 * @param plain the same host without TLS, or null where it has none
 */
export async function checkTransport(
  client: HttpClient,
  plain: HttpClient | null,
  now: Date,
): Promise<readonly CheckResult[]> {
  const { protocol, hostname } = client.url;
  if (protocol === "http:") {
    if (hostname.endsWith(".onion")) return [ok(`${client.name}: Tor encrypts the connection`)];
    if (isLoopback(hostname)) return [ok(`${client.name} is on this machine`)];
    return [fault(`${client.name}: letters arrive in plaintext`, "put TLS in front of it, and name its https address")];
  }
  const found: CheckResult[] = [];
  const answer = await client.get("/");
  const age = Number(/max-age="?(\d+)/i.exec(answer.headers["strict-transport-security"] ?? "")?.[1] ?? 0);
  if (age < MIN_HSTS_SECONDS) {
    const what = age === 0 ? "Strict-Transport-Security is missing" : "Strict-Transport-Security is too short";
    found.push(fault(`${client.name}: ${what}`, "let the proxy set it: max-age=63072000"));
  }
  found.push(...expiringCertificate(client.name, answer, now, "find out why it was not renewed"));
  if (plain !== null) found.push(...(await checkRedirect(plain, hostname)));
  return orOk(found, `${client.name}: TLS only`);
}

/** A warning for a certificate that has less than two weeks. */
export function expiringCertificate(
  name: string,
  { certificateExpires: until }: Pick<HttpResponse, "certificateExpires">,
  now: Date,
  fix: string,
): CheckResult[] {
  if (until === null || until.getTime() - now.getTime() >= CERTIFICATE_WARNING_MS) return [];
  return [warning(`${name}: the TLS certificate expires within 14 days`, fix)];
}

async function checkRedirect(plain: HttpClient, hostname: string): Promise<CheckResult[]> {
  const response = await plain.get("/").catch(() => null);
  // A closed port sends nothing in plaintext.
  if (response === null) return [];
  const location = response.headers.location ?? "";
  const target = response.status >= 300 && response.status < 400 && URL.canParse(location) ? new URL(location) : null;
  if (target?.protocol === "https:" && target.hostname === hostname) return [];
  return [fault(`${plain.name} does not redirect to https`, "redirect every request there to https with status 301")];
}
