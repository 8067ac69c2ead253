import { generateKeyPairSync } from "node:crypto";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readConfig } from "../../src/cli/config.js";
import { startPortal } from "../../src/cli/portal.js";
import { createLog } from "../../src/http/index.js";
import { removeFolder } from "../support/temporary.js";

const ONION = `http://${"c".repeat(56)}.onion`;
const pemOf = (namedCurve: string) => {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve });
  return {
    secret: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    open: publicKey.export({ type: "spki", format: "pem" }).toString(),
  };
};
const pem = pemOf("P-256");
const read = (relays: string, key = pem.secret) =>
  readConfig({ POSTERN_RELAYS: relays, POSTERN_RECEIPT_KEY: key }).ways;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "postern-ways-"));
});
afterAll(() => removeFolder(folder));

describe("what the offline form may send through", () => {
  it("is a list of addresses, each as a browser writes its origin", () => {
    expect(read(`https://Relay.example.org/, ${ONION},https://other.example:8443`)?.addresses).toEqual([
      "https://relay.example.org",
      ONION,
      "https://other.example:8443",
    ]);
    expect(readConfig({}).ways).toBeNull();
  });

  it.each([
    ["without TLS", "http://relay.example.org"],
    ["with a path", "https://relay.example.org/x"],
    ["with a question", "https://relay.example.org/?"],
    ["with a name and a password", "https://a:b@relay.example.org"],
    ["that no policy can name", "https://[2001:db8::1]"],
    ["that would add to a policy", "https://a.example;script-src *"],
    ["of another kind", "wss://relay.example.org"],
    ["that is none", "relay.example.org"],
    ["with nothing between commas", "https://a.example,,https://b.example"],
    ["said twice", "https://a.example, https://A.example/"],
    ["and 16 more", Array.from({ length: 17 }, (_, index) => `https://r${index}.example`).join(",")],
  ])("is no address %s", (_what, relays) => {
    expect(() => read(relays)).toThrow(/^POSTERN_RELAYS: expected/);
  });
});

describe("the receipt key", () => {
  it("may be in a file, and needs its private half only where a portal runs", async () => {
    const path = join(folder, "receipt.pem");
    await writeFile(path, pem.secret);
    const config = readConfig({ POSTERN_RELAYS: ONION, POSTERN_RECEIPT_KEY_FILE: path });
    expect(config.ways?.key.sign).not.toBeNull();
    const open = readConfig({ POSTERN_RELAYS: ONION, POSTERN_RECEIPT_KEY: pem.open });
    expect(open.ways?.key).toEqual({ spki: config.ways?.key.spki, sign: null });
    await expect(startPortal(open, createLog({ write: () => undefined }), false)).rejects.toThrow(
      "POSTERN_RECEIPT_KEY: a portal needs the private key",
    );
  });

  it.each([
    ["text", "canary"],
    ["a key of another curve", pemOf("P-384").secret],
    ["half a key", pem.secret.slice(0, 80)],
  ])("is not %s, which is not repeated", (_what, key) => {
    expect(() => read(ONION, key)).toThrow(/^POSTERN_RECEIPT_KEY: expected a P-256 key in PEM$/);
  });

  it("has a mailbox key beside it, or none, which likewise comes whole where a portal runs", async () => {
    const ways = { POSTERN_RELAYS: ONION, POSTERN_RECEIPT_KEY: pem.secret };
    expect(readConfig(ways).ways?.mailboxKey).toBeNull();
    const open = readConfig({ ...ways, POSTERN_MAILBOX_KEY: pem.open });
    expect(open.ways?.mailboxKey?.open).toBeNull();
    await expect(startPortal(open, createLog({ write: () => undefined }), false)).rejects.toThrow(
      "POSTERN_MAILBOX_KEY: a portal needs the private key",
    );
    const { ways: whole } = readConfig({ ...ways, POSTERN_MAILBOX_KEY: pem.secret });
    expect(whole?.mailboxKey?.spki).toBe(open.ways?.mailboxKey?.spki);
    expect(whole?.mailboxKey?.open).not.toBeNull();
    expect(() => readConfig({ ...ways, POSTERN_MAILBOX_KEY: "canary" })).toThrow(
      /^POSTERN_MAILBOX_KEY: expected a P-256 key in PEM$/,
    );
    expect(() => readConfig({ POSTERN_MAILBOX_KEY: pem.secret })).toThrow(
      "POSTERN_RELAYS: must be set with POSTERN_MAILBOX_KEY",
    );
  });

  it("and the addresses go together", () => {
    expect(() => readConfig({ POSTERN_RELAYS: ONION })).toThrow("POSTERN_RECEIPT_KEY: must be set with POSTERN_RELAYS");
    expect(() => readConfig({ POSTERN_RECEIPT_KEY: pem.secret })).toThrow(
      "POSTERN_RELAYS: must be set with POSTERN_RECEIPT_KEY",
    );
  });
});
