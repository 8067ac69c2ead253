import { execFileSync } from "node:child_process";
import { mkdtemp, readFile } from "node:fs/promises";
import { createServer, type RequestListener } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launch } from "puppeteer-core";
import { poll } from "./browsers.js";
import { closeNow, listenLocally } from "./loopback.js";
import { socksProxy } from "./socks-proxy.js";
import { removeFolder } from "./temporary.js";

/** Header fields as they stood on the line, in order. */
export type RawHeaders = readonly (readonly [name: string, value: string])[];

/** Headers by kind of resource: see {@link PAGE}. */
export type HeadersByKind = Readonly<Record<string, RawHeaders>>;

/** Of Tor Browser (its 000-tor-browser.js and 001-base-profile.js): every preference that may change a request. */
export const TOR_BROWSER_PREFERENCES: Readonly<Record<string, string | number | boolean>> = {
  "privacy.resistFingerprinting": true,
  "privacy.spoof_english": 2,
  "privacy.firstparty.isolate": true,
  "privacy.globalprivacycontrol.enabled": true,
  "privacy.globalprivacycontrol.pbmode.enabled": true,
  "privacy.donottrackheader.enabled": false,
  "browser.privatebrowsing.autostart": true,
  "dom.security.https_only_mode": true,
  "dom.security.https_only_mode_pbm": true,
  "dom.security.https_only_mode.upgrade_onion": false,
  "dom.securecontext.allowlist_onions": true,
  "network.http.referer.hideOnionSource": true,
  "network.http.referer.defaultPolicy": 2,
  "network.http.referer.defaultPolicy.pbmode": 2,
  "network.http.referer.XOriginTrimmingPolicy": 2,
  "network.http.http3.enable": false,
  "network.http.tailing.enabled": true,
  "network.prefetch-next": false,
  "network.http.speculative-parallel-limit": 0,
  "network.dns.disabled": true,
  "network.dns.blockDotOnion": false,
  "network.trr.mode": 5,
};

/** A page that asks for one resource of each kind, as the portal's pages do or may do. */
const PAGE = `<!doctype html><meta charset="utf-8"><title>x</title>
<link rel="stylesheet" href="/style">
<link rel="icon" href="/icon" type="image/svg+xml">
<style>@font-face { font-family: x; src: url("/font") } p { font-family: x }</style>
<script src="/script" crossorigin="anonymous" type="module"></script>
<p>x</p><img src="/image"><iframe src="/frame"></iframe><a id="link" href="/link">x</a>`;
const SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>';
const SCRIPT = `new Worker("/worker"); fetch("/fetch", { cache: "no-store", credentials: "omit", referrerPolicy: "no-referrer" });`;
const ANSWERS: Readonly<Record<string, readonly [type: string, body: string]>> = {
  document: ["text/html", PAGE],
  link: ["text/html", "<!doctype html><title>x</title>x"],
  frame: ["text/html", "<!doctype html><title>x</title>x"],
  style: ["text/css", ""],
  script: ["text/javascript", SCRIPT],
  worker: ["text/javascript", ""],
  image: ["image/svg+xml", SVG],
  icon: ["image/svg+xml", SVG],
  font: ["font/woff2", ""],
  fetch: ["application/json", "{}"],
};
const KINDS = Object.keys(ANSWERS);

/** What Firefox ESR with Tor Browser's preferences sends to `https://…` or to an onion service, for each kind. */
export async function recordHeaders(secure: boolean, languages: string | null = null): Promise<HeadersByKind> {
  const seen = new Map<string, RawHeaders>();
  const answer: RequestListener = (request, response) => {
    const kind = request.url === "/" ? "document" : (request.url ?? "").slice(1);
    const raw = request.rawHeaders;
    const pairs = raw.flatMap((name, index) => (index % 2 === 0 ? [[name, raw[index + 1] ?? ""] as const] : []));
    if (!seen.has(kind)) seen.set(kind, pairs);
    const [type, body] = ANSWERS[kind] ?? ["text/plain", ""];
    response.writeHead(ANSWERS[kind] ? 200 : 404, { "Content-Type": type, "Referrer-Policy": "no-referrer" }).end(body);
  };
  const folder = await mkdtemp(join(tmpdir(), "postern-recorder-"));
  const server = secure ? createTlsServer(await certificate(folder), answer) : createServer(answer);
  const proxy = await socksProxy(await listenLocally(server));
  const browser = await launch({
    browser: "firefox",
    executablePath: "/usr/bin/firefox-esr",
    acceptInsecureCerts: true,
    extraPrefsFirefox: {
      ...TOR_BROWSER_PREFERENCES,
      // Firefox asks for the pictures of an onion service over https, where nobody listens.
      "security.mixed_content.upgrade_display_content": secure,
      "network.proxy.type": 1,
      "network.proxy.socks": proxy.host,
      "network.proxy.socks_port": proxy.port,
      "network.proxy.socks_remote_dns": true,
      "network.proxy.no_proxies_on": "",
      ...(languages !== null && { "privacy.spoof_english": 1, "intl.accept_languages": languages }),
    },
  });
  try {
    const page = await browser.newPage();
    await page.goto(secure ? "https://portal.example.org/" : `http://${"a".repeat(56)}.onion/`);
    await poll("every kind", async () => (KINDS.filter((kind) => !seen.has(kind)).join() === "link" ? true : null));
    await page.click("#link");
    await poll("the link", async () => seen.get("link"));
    return Object.fromEntries(KINDS.map((kind) => [kind, seen.get(kind) ?? []]));
  } catch (cause) {
    throw new Error(`recorded only ${[...seen.keys()].join(", ")}`, { cause });
  } finally {
    await browser.close();
    await proxy.close();
    await closeNow(server);
    await removeFolder(folder);
  }
}

async function certificate(folder: string): Promise<{ key: Buffer; cert: Buffer }> {
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const words = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=portal.example.org";
  const names = ["-addext", "subjectAltName=DNS:portal.example.org"];
  execFileSync("openssl", [...words.split(" "), ...names, "-keyout", key, "-out", cert], { stdio: "ignore" });
  return { key: await readFile(key), cert: await readFile(cert) };
}
