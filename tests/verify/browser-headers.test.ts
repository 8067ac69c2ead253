import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, readFile } from "node:fs/promises";
import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { HttpClient } from "../../src/http-client/index.js";
import { browserHeaders, type ResourceKind, resourceKind } from "../../src/verify/browser-headers.js";
import { fetchBounded } from "../../src/verify/index.js";
import { BROWSERS, isInstalled } from "../support/browsers.js";
import { type HeadersByKind, type RawHeaders, recordHeaders } from "../support/header-recorder.js";
import { closeNow, listenLocally } from "../support/loopback.js";
import { socksProxy } from "../support/socks-proxy.js";
import { removeFolder } from "../support/temporary.js";
import { requireTools } from "../support/tools.js";

const recording = JSON.parse(readFileSync(new URL("../vectors/browser-headers.json", import.meta.url), "utf8")) as {
  readonly origin: string;
  readonly clear: HeadersByKind;
  readonly onion: HeadersByKind;
  readonly languages: Readonly<Record<string, string>>;
};
/** The recording is of Linux, and we send what most people have. */
const onWindows = (headers: RawHeaders): RawHeaders =>
  headers.map(([name, value]) => [name, value.replace("X11; Linux x86_64", "Windows NT 10.0; Win64; x64")]);
const ADDRESSES = [
  ["clear", "https://portal.example.org/"],
  ["onion", `http://${"a".repeat(56)}.onion/`],
] as const;
const CASES = ADDRESSES.flatMap(([name, url]) =>
  Object.entries(recording[name]).map(([kind, headers]) => [kind as ResourceKind, name, url, headers] as const),
);

describe("the headers of postern verify", () => {
  it.each(CASES)("for a %s on the %s net are those of the recording, in order", (kind, _name, url, recorded) => {
    const { host, protocol } = new URL(url);
    const sent = browserHeaders({ kind, host, secure: protocol === "https:", language: null });
    expect(sent).toEqual(onWindows(recorded));
  });

  it.each(Object.entries(recording.languages))("in %s are those of the recording", (language, recorded) => {
    const sent = browserHeaders({ kind: "document", host: "x", secure: true, language });
    expect(sent.find(([name]) => name === "Accept-Language")?.[1]).toBe(recorded);
  });

  it.each<[string, ResourceKind]>([
    ["/", "document"],
    ["/ru/", "document"],
    ["/ru/safety", "link"],
    ["/ru/leave", "link"],
    ["/ru/form/alone", "link"],
    ["/ru/plain", "frame"],
    [`/ru/form/${"0".repeat(32)}`, "frame"],
    [`/progress/${"0".repeat(32)}/soon`, "frame"],
    ["/style-0123456789abcdef.css", "style"],
    ["/build/main-0123456789abcdef.js", "script"],
    ["/build/worker-0123456789abcdef.js", "fetch"],
    ["/build/curves-0123456789abcdef.js", "fetch"],
    ["/build/part-0123456789abcdef.js", "fetch"],
    ["/build/text-0123456789abcdef.txt", "fetch"],
    ["/icon.svg", "icon"],
    ["/keys.asc", "fetch"],
    ["/offline/ru.html", "link"],
  ])("for %s are those of a %s", (path, kind) => {
    expect(resourceKind(path)).toBe(kind);
  });
});

describe.runIf(requireTools("headers over TLS", "openssl"))("on the line", () => {
  const closers: (() => Promise<void>)[] = [];
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "postern-headers-"));
    const words = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=portal.example.org";
    const files = ["-keyout", join(folder, "key.pem"), "-out", join(folder, "cert.pem")];
    execFileSync("openssl", [...words.split(" "), ...files], { stdio: "ignore" });
    vi.stubEnv("NODE_TLS_REJECT_UNAUTHORIZED", "0");
    vi.spyOn(process, "emitWarning").mockReturnValue(undefined);
  });
  afterEach(async () => {
    for (const close of closers.splice(0)) await close();
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
    await removeFolder(folder);
  });

  async function start(secure: boolean, answer: RequestListener): Promise<Server> {
    if (!secure) return createServer(answer);
    const [key, cert] = await Promise.all(["key.pem", "cert.pem"].map((name) => readFile(join(folder, name))));
    return createTlsServer({ key, cert }, answer);
  }

  it.each(ADDRESSES)(
    "postern verify sends them in this order, through a SOCKS proxy, to the %s net",
    async (name, url) => {
      const seen: string[][] = [];
      const ends: Promise<void>[] = [];
      const server = await start(url.startsWith("https:"), (request, response) => {
        seen.push(request.rawHeaders);
        ends.push(new Promise((resolve) => request.socket.once("close", () => resolve())));
        response.end("x");
      });
      const proxy = await socksProxy(await listenLocally(server));
      closers.push(proxy.close, () => closeNow(server));
      const client = new HttpClient(new URL(url), { proxy });
      for (const [path, kind] of [
        ["/ru/", "document"],
        ["/style-0.css", "style"],
        ["/keys.asc", "fetch"],
      ] as const) {
        expect(await fetchBounded(client, path, null, 10)).toMatchObject({ status: 200, complete: true });
        expect(seen.at(-1)).toEqual(onWindows(recording[name][kind] ?? []).flat());
      }
      // Each asks to keep its connection, and leaves none behind.
      await Promise.all(ends);
      expect(proxy.asked).toEqual(Array(3).fill(new URL(url).hostname));
    },
  );
});

const FIREFOX = BROWSERS.filter(({ name }) => name === "Firefox ESR").filter(isInstalled);
describe.runIf(FIREFOX.length > 0 && requireTools("a recording over TLS", "openssl"))("the recording", () => {
  const withoutVersion = (all: HeadersByKind) => JSON.parse(JSON.stringify(all).replace(/\b\d+\.0\b/g, "N")) as unknown;

  it.each(ADDRESSES)("is what the installed Firefox ESR sends to the %s net, but for its version", async (name) => {
    expect(withoutVersion(await recordHeaders(name === "clear"))).toEqual(withoutVersion(recording[name]));
  });
});
