import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createKeyPair, type KeyPair } from "../../src/desk/index.js";
import { readOwnForm } from "../../src/form/index.js";
import { loadTexts } from "../../src/locales/index.js";
import { Recipients } from "../../src/server/recipients/index.js";
import {
  checkSignature,
  createReleaseKey,
  fileOf,
  ManifestError,
  makeSite,
  type PortalInputs,
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
  await rm(folder, { recursive: true, force: true });
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
