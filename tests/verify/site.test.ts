import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createKeyPair, type KeyPair } from "../../src/desk/index.js";
import { readOwnForm } from "../../src/form/index.js";
import { HttpClient } from "../../src/http-client/index.js";
import { loadTexts } from "../../src/locales/index.js";
import { Recipients } from "../../src/server/recipients/index.js";
import {
  checkSendingAgainstBuild,
  checkSendingAgainstManifest,
  checkSignature,
  createReleaseKey,
  fileOf,
  ManifestError,
  makeSite,
  type PortalInputs,
  Report,
  readManifest,
  readSigner,
  readWellKnown,
  type Site,
  SiteError,
  signManifest,
  writeManifest,
  writeSite,
} from "../../src/verify/index.js";
import { PRISONERS } from "../support/forms.js";
import { recipientOf } from "../support/keys.js";
import { startTestPortal, type TestPortal } from "../support/portal.js";
import { type BareHost, bareHost } from "../support/static-host.js";
import { removeFolder } from "../support/temporary.js";
import { makeMailboxKey, makeReceiptKey } from "../support/ways.js";

const LANGUAGES = ["ru", "uk", "en"];
const OUTSIDE = ["_headers", "_redirects", "_nginx.conf", "_Caddyfile", ".well-known/webcat/manifest.json"];
const ONION = `${"c".repeat(56)}.onion`;

let pair: KeyPair;
let portal: TestPortal;
let inputs: PortalInputs;
let site: Site;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "postern-site-"));
  pair = await createKeyPair({ profile: "gnupg", userId: { name: "test" }, passphrase: "", lifetime: 1e7 });
  portal = await startTestPortal({ pair, form: PRISONERS, config: { organisation: "Шлях", onion: ONION } });
  inputs = {
    recipients: new Recipients([await recipientOf(pair)]),
    texts: loadTexts(),
    form: readOwnForm(PRISONERS, LANGUAGES),
    organisation: "Шлях",
    about: null,
    addresses: null,
    answerDays: null,
    retentionDays: null,
    draftDays: null,
    ways: null,
    onion: ONION,
    portalSalt: await portal.store.mailboxes.portalSalt(),
    maxSubmission: 2 * 1024 ** 3,
    maxFiles: 100,
  };
  site = await makeSite(inputs, { onion: false, app: "https://example.org/postern" });
});
afterAll(async () => {
  await portal.stop();
  await removeFolder(folder);
});

const digest = (contents: Uint8Array) => createHash("sha256").update(contents).digest("base64url");

describe("the site as files", () => {
  it("is what the portal answers, byte for byte", async () => {
    const { files, manifest } = site;
    const copied = Object.keys(manifest.manifest.files).filter((path) => !manifest.postern.not_copied.includes(path));
    expect([...copied.map(fileOf), ...OUTSIDE].sort()).toEqual([...files.keys()].sort());
    for (const path of copied) {
      const answer = Buffer.from(await (await fetch(portal.url + path)).arrayBuffer());
      expect(answer.equals(files.get(fileOf(path)) ?? Buffer.alloc(0)), path).toBe(true);
    }
  });

  it("is the same bytes each time it is made", async () => {
    const again = await makeSite(inputs, { onion: false, app: "https://example.org/postern" });
    expect([...again.files.keys()]).toEqual([...site.files.keys()]);
    for (const [name, contents] of site.files)
      expect(Buffer.compare(again.files.get(name) ?? Buffer.alloc(0), contents)).toBe(0);
  });

  it("is another for the onion service, whose pages do not lead to themselves", async () => {
    const there = await makeSite(inputs, { onion: true, app: null });
    const text = (of: Site, name: string) => Buffer.from(of.files.get(name) ?? "").toString("utf8");
    expect(text(site, "ru/index.html")).toContain(ONION);
    expect(text(there, "ru/index.html")).not.toContain(ONION);
    expect(there.manifest.postern.address).toBe("onion");
    expect(there.manifest.manifest.files["/ru/"]).toBe(digest(there.files.get("ru/index.html") ?? Buffer.alloc(0)));
  });

  it("holds no form that a browser could send: a letter would go to whoever keeps the copy", () => {
    for (const [name, contents] of site.files) {
      const forms = name.endsWith(".html")
        ? (Buffer.from(contents)
            .toString("utf8")
            .match(/<form[^>]*>/g) ?? [])
        : [];
      for (const form of forms) expect(form, name).toContain('method="dialog"');
    }
  });

  it("is written into an empty folder only", async () => {
    const out = join(folder, "out");
    await writeSite(site, out);
    expect(await readFile(join(out, "ru/safety.html"))).toEqual(site.files.get("ru/safety.html"));
    await expect(writeSite(site, out)).rejects.toMatchObject({ constructor: SiteError, code: "not_empty" });
    expect((await readdir(out)).sort()).toContain("_headers");
  });
});

describe("the manifest", () => {
  it("has the digest of every file, those too that only the portal has", async () => {
    for (const [path, known] of Object.entries(site.manifest.manifest.files)) {
      expect(digest(Buffer.from(await (await fetch(portal.url + path)).arrayBuffer())), path).toBe(known);
    }
    expect(site.manifest.postern.not_copied).toEqual(
      ["en", "ru", "uk"].flatMap((each) => [`/${each}/encrypted`, `/${each}/replies/plain`]),
    );
  });

  it("keeps the rules that WEBCAT's extension holds a manifest to", async () => {
    const { manifest } = site.manifest;
    expect(manifest.files[`/${manifest.default_index}`]).toBeDefined();
    expect(manifest.files[manifest.default_fallback]).toBeDefined();
    expect(manifest.wasm).toEqual([]);
    for (const policy of [manifest.default_csp, ...Object.values(manifest.extra_csp)]) {
      const directives = policy.split(";");
      expect(policy).not.toContain(",");
      expect(directives).toContain("default-src 'none'");
      for (const each of directives.filter((one) => /^(?:script|style|frame|child|worker|object)-src /.test(one))) {
        const [name, ...sources] = each.split(" ");
        // Of styles it takes a digest as well.
        const others = sources.filter((one) => name !== "style-src" || !/^'sha256-[\w+/]{43}='$/.test(one));
        expect(others).toEqual(["'self'"]);
      }
    }
  });

  it("gives each path its policy in the way that WEBCAT looks it up: its own entry, the longest prefix, the default", async () => {
    const { default_csp: otherwise, extra_csp: extra, files } = site.manifest.manifest;
    for (const path of [...Object.keys(files), "/"]) {
      let best = "";
      for (const prefix of Object.keys(extra))
        if (path.startsWith(prefix) && prefix.length > best.length) best = prefix;
      const policy = extra[path] ?? (best === "" ? otherwise : extra[best]);
      const answer = await fetch(portal.url + path, { redirect: "manual" });
      expect(answer.headers.get("content-security-policy"), path).toBe(policy);
    }
  });

  it("is read back as it was written, and nothing else is", () => {
    const text = writeManifest(site.manifest);
    expect(writeManifest(readManifest(text))).toBe(text);
    for (const wrong of [
      "",
      "[]",
      "{}",
      text.replace('"/ru/":', '"ru/":'),
      text.replace('"format": 1', '"format": 2'),
    ]) {
      expect(() => readManifest(wrong)).toThrow(ManifestError);
    }
  });
});

describe("the signature", () => {
  const text = () => Buffer.from(writeManifest(site.manifest));

  it("is by a key that can do nothing else, and holds for these bytes alone", async () => {
    const key = await createReleaseKey("Release", "word", 1e7);
    const signature = await signManifest(text(), key.secretKey, "word");
    const signer = await readSigner(key.certificate);
    expect(signer.getSubkeys()).toEqual([]);
    await expect(recipientOf(key)).rejects.toMatchObject({ code: "no_encryption_key" });
    expect(await checkSignature(text(), signature, signer)).toEqual({
      by: key.fingerprint,
      day: new Date().toISOString().slice(0, 10),
    });
    const other = await readSigner((await createReleaseKey("Other", "word", 1e7)).certificate);
    const wrong = { code: "wrong_signature" };
    await expect(checkSignature(text(), signature, other)).rejects.toMatchObject(wrong);
    await expect(checkSignature(Buffer.concat([text(), Buffer.from(" ")]), signature, signer)).rejects.toMatchObject(
      wrong,
    );
    await expect(checkSignature(text(), "nonsense", signer)).rejects.toMatchObject(wrong);
  });

  it("needs the passphrase, and a certificate to be checked with, never a secret key", async () => {
    const key = await createReleaseKey("Release", "word", 1e7);
    await expect(signManifest(text(), key.secretKey, "other")).rejects.toMatchObject({ code: "unusable_key" });
    await expect(signManifest(text(), key.certificate, "word")).rejects.toMatchObject({ code: "unusable_key" });
    await expect(readSigner(key.secretKey)).rejects.toMatchObject({ code: "unusable_key" });
  });
});

describe("a copy that sends", () => {
  const RELAYS = ["https://relay.example.org", "https://other.example.net"];
  let sending: PortalInputs;
  let copy: Site;
  let host: BareHost;
  beforeAll(async () => {
    const ways = { addresses: RELAYS, key: makeReceiptKey(), mailboxKey: makeMailboxKey() };
    sending = { ...inputs, ways };
    copy = await makeSite(sending, { onion: false, app: null, sends: true });
    host = await bareHost(copy.files, "/~anna/form/");
  });
  afterEach(() => {
    host.meddled.clear();
    host.files.clear();
    for (const [name, contents] of copy.files) host.files.set(name, contents);
  });
  afterAll(() => host.close());

  const client = () => new HttpClient(new URL(host.url));
  const lines = ({ differences }: Report) => differences.map(({ path, what }) => `${path}: ${what}`).join("\n");

  async function byBuild(): Promise<Report> {
    const report = new Report();
    await checkSendingAgainstBuild({ client: client() }, { ...sending, onion: null, organisation: null }, report);
    return report;
  }

  async function byManifest(): Promise<Report> {
    const report = new Report();
    await checkSendingAgainstManifest({ client: client() }, readManifest(writeManifest(copy.manifest)), report);
    return report;
  }

  it("is the portal's own forms with front pages, and the manifest of the portal itself", async () => {
    const pages = LANGUAGES.flatMap((language) => [`${language}.html`, `index-${language}.html`]);
    expect([...copy.files.keys()].sort()).toEqual([...pages, "index.html", "manifest.json"].sort());
    const ordinary = await makeSite(sending, { onion: false, app: null });
    expect(copy.manifest).toEqual(ordinary.manifest);
    expect(copy.files.get("ru.html")).toEqual(ordinary.files.get("offline/ru.html"));
    expect(copy.files.get("index.html")).toEqual(copy.files.get("index-ru.html"));
    expect(copy.manifest.postern.ways?.addresses).toEqual(RELAYS);
    await expect(makeSite(inputs, { onion: false, app: null, sends: true })).rejects.toMatchObject({
      code: "not_made",
    });
    expect(site.manifest.postern.ways).toBeUndefined();
    expect(Object.keys(site.manifest.manifest.files).filter((path) => path.includes("index-"))).toEqual([]);
  });

  it("asks its host for nothing but its own pages, which lead nowhere else but to the portal", () => {
    for (const [name, contents] of copy.files) {
      if (!name.endsWith(".html")) continue;
      const page = Buffer.from(contents).toString("utf8");
      const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1] ?? "";
      expect(policy).toContain("default-src 'none'");
      expect(/connect-src ([^;]*)/.exec(policy)?.[1] ?? null, name).toBe(
        name.startsWith("index") ? null : RELAYS.join(" "),
      );
      const links = [...page.replace(/<script.*?<\/script>/gs, "").matchAll(/ (?:href|src)="([^"]*)"/g)];
      for (const [, link = ""] of links) {
        expect(copy.files.has(link) || link === `http://${ONION}/${/lang="(\w+)"/.exec(page)?.[1]}/`, link).toBe(true);
      }
    }
  });

  it("is the same by the build and by the manifest, on a host that adds headers of its own", async () => {
    for (const name of ["", ...copy.files.keys()]) {
      host.meddled.set(name, {
        headers: { server: "x", "x-cache": "HIT", "cache-control": "max-age=600", etag: '"1"' },
      });
    }
    const reports = [await byBuild(), await byManifest()];
    for (const report of reports) {
      expect(lines(report)).toBe("");
      expect(report.compared).toBe(copy.files.size);
      expect(report.notes).toContain('header x-cache is added: "HIT"');
    }
    expect(reports[0]?.takenOver).toEqual(['organisation "Шлях"', `onion service ${ONION}`]);
  });

  it("is the same on a host that leads to names without their endings, and to no other place", async () => {
    for (const name of ["ru.html", "index.html"]) {
      const short = name === "index.html" ? "" : "ru";
      host.meddled.set(name, { status: 308, headers: { location: `/~anna/form/${short}` } });
      host.files.set(short, copy.files.get(name) ?? new Uint8Array());
    }
    expect(lines(await byManifest())).toBe("");
    host.meddled.set("ru.html", { status: 308, headers: { location: "https://elsewhere.example/ru" } });
    expect(lines(await byManifest())).toMatch(/ru\.html: status 308; expected 200/);
  });

  const other = makeReceiptKey().spki;
  it.each<[what: string, name: string, change: (page: string) => string, build: RegExp, manifest: RegExp]>([
    [
      "another relay",
      "ru.html",
      (page) => page.replaceAll("https://relay.example.org", "https://evil.example"),
      /ru\.html: an address to send to that is not ours: https:\/\/evil\.example\n.*ru\.html: an address to send to is missing/,
      /ru\.html: an address to send to that is not ours: https:\/\/evil\.example\n.*ru\.html: an address to send to is missing/,
    ],
    [
      "another receipt key",
      "uk.html",
      (page) => page.replace(sending.ways?.key.spki ?? "", other),
      /uk\.html: receipt key \S+; expected /,
      /uk\.html: receipt key \S+; expected /,
    ],
    [
      "another mailbox key",
      "en.html",
      (page) => page.replace(sending.ways?.mailboxKey?.spki ?? "", other),
      /en\.html: mailbox key \S+; expected /,
      /en\.html: mailbox key \S+; expected /,
    ],
    [
      "another recipient",
      "ru.html",
      (page) => page.replace(/<code>[0-9A-F]{4} /, "<code>0000 "),
      /ru\.html: a key that is not trusted here: 0000/,
      /ru\.html: a key that is not in the manifest: 0000/,
    ],
    [
      "a script more",
      "ru.html",
      (page) => page.replace("</main>", "</main><script>alert(1)</script>"),
      /ru\.html: a script that is not ours: "<script>alert\(1\)/,
      /ru\.html: SHA-256 is/,
    ],
    [
      "a wider policy",
      "ru.html",
      (page) => page.replace("connect-src ", "connect-src https://evil.example "),
      /ru\.html: differs at byte \d+ .*evil\.example/,
      /ru\.html: SHA-256 is/,
    ],
    [
      "other words",
      "index-en.html",
      (page) => page.replace("Open our own site", "Do not open our own site"),
      /index-en\.html: differs at byte \d+ .*Do not/,
      /index-en\.html: SHA-256 is/,
    ],
    [
      "another form behind the button",
      "index-uk.html",
      (page) => page.replace('href="uk.html"', 'href="https://evil.example/uk.html"'),
      /index-uk\.html: differs at byte \d+ .*evil/,
      /index-uk\.html: SHA-256 is/,
    ],
  ])("is not, with %s", async (_what, name, change, build, manifest) => {
    const page = Buffer.from(copy.files.get(name) ?? "").toString("utf8");
    expect(change(page)).not.toBe(page);
    host.files.set(name, Buffer.from(change(page)));
    expect(lines(await byBuild())).toMatch(build);
    expect(lines(await byManifest())).toMatch(manifest);
  });

  it.each([
    ["link", "<https://evil.example>; rel=preconnect"],
    ["refresh", "0; url=https://evil.example/"],
    ["set-cookie", "who=1"],
    ["nel", '{"report_to":"x","max_age":1}'],
    ["reporting-endpoints", 'x="https://evil.example/"'],
    ["content-security-policy", "default-src *; report-uri https://evil.example/"],
    ["content-security-policy-report-only", "default-src 'none'; report-uri https://evil.example/"],
    ["alt-svc", 'h3="evil.example:443"'],
    ["speculation-rules", '"/rules.json"'],
    ["x-dns-prefetch-control", "on"],
    ["content-type", "text/html; charset=windows-1251"],
  ])("is not, with a header %s that leads a browser elsewhere or makes it read otherwise", async (name, value) => {
    host.meddled.set("ru.html", { headers: { [name]: value } });
    expect(lines(await byManifest())).toMatch(new RegExp(`^/~anna/form/ru\\.html: header ${name} is `));
  });

  it("is not where the folder itself shows another page than its index", async () => {
    host.files.set("", Buffer.from("<p>send it to me</p>"));
    const found = lines(await byManifest());
    expect(found).toMatch(/^\/~anna\/form\/: SHA-256 is \S+; the manifest says \S+$/);
  });

  it("is not checked against a manifest of a portal whose form sends nothing", async () => {
    const report = new Report();
    const check = checkSendingAgainstManifest({ client: client() }, site.manifest, report);
    await expect(check).rejects.toMatchObject({ code: "unreadable" });
  });
});

describe("what the operator puts in place", () => {
  it("is read for both addresses, by the names that are known", async () => {
    const place = await mkdtemp(join(folder, "known-"));
    await writeFile(join(place, "manifest.json"), "{}");
    await writeFile(join(place, "notes.txt"), "x");
    const [clear, onion] = await readWellKnown(place);
    expect([...clear.keys()]).toEqual(["manifest.json"]);
    expect(onion.size).toBe(0);
  });

  it.each([
    ["is no JSON", () => "{", "unreadable"],
    ["holds a secret key", () => pair.secretKey, "unusable_key"],
  ])("keeps the portal from starting if it %s", async (_what, contents, code) => {
    const place = await mkdtemp(join(folder, "known-"));
    await writeFile(join(place, "bundle.json"), contents());
    await expect(readWellKnown(place)).rejects.toMatchObject({ code });
  });
});
