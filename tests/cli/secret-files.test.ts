import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readConfig } from "../../src/cli/config.js";
import { removeFolder } from "../support/temporary.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "postern-secrets-"));
});
afterEach(() => removeFolder(folder));

const mail = {
  POSTERN_NOTIFY_EMAIL: "staff@example.org",
  POSTERN_NOTIFY_FROM: "portal@example.org",
  POSTERN_PICKUP_LISTEN: "unix:/run/pickup.sock",
};

describe("a setting that is secret", () => {
  it("may be in a file, whose last line may end", async () => {
    const path = join(folder, "smtp");
    await writeFile(path, "smtps://user:secret@mail.example.org:465\n");
    const { notify } = readConfig({ ...mail, POSTERN_NOTIFY_SMTP_FILE: path });
    expect(notify.mail?.server).toBe("smtps://user:secret@mail.example.org:465");
  });

  it.each([
    ["is not there", { POSTERN_NOTIFY_WEBHOOK_FILE: "/nothing/here" }, "POSTERN_NOTIFY_WEBHOOK_FILE: cannot read"],
    [
      "says what the environment says as well",
      { POSTERN_NOTIFY_WEBHOOK_FILE: "/x", POSTERN_NOTIFY_WEBHOOK: "https://a.example" },
      "set one of them",
    ],
  ])("is refused by name where the file %s", (_what, environment, words) => {
    expect(() => readConfig({ ...mail, ...environment })).toThrow(words);
  });

  it("is not repeated where it is wrong", async () => {
    const path = join(folder, "webhook");
    await writeFile(path, "ftp://user:canary@example.org");
    expect(() => readConfig({ ...mail, POSTERN_NOTIFY_WEBHOOK_FILE: path })).toThrow(/^(?!.*canary)/s);
  });
});

describe("what a secret travels over", () => {
  const webhook = (address: string) => ({
    POSTERN_NOTIFY_WEBHOOK: address,
    POSTERN_PICKUP_LISTEN: mail.POSTERN_PICKUP_LISTEN,
  });
  it.each(["https://a.example/x", "http://127.0.0.1:80/x", "http://localhost/x", "http://[::1]/x"])(
    "may be %s",
    (address) => {
      expect(readConfig(webhook(address)).notify.webhook).toBe(address);
    },
  );

  it.each(["http://a.example/canary", "http://127.0.0.1.a.example/canary", "http://localhost.a.example/canary"])(
    "is TLS, unless it stays on this machine: %s",
    (address) => {
      expect(() => readConfig(webhook(address))).toThrow(/^POSTERN_NOTIFY_WEBHOOK: .*https(?!.*canary)/s);
    },
  );

  it.each([
    ["smtp://u:canary@a.example:587?ignoreTLS=true", "nothing after it"],
    ["smtps://u:canary@a.example?tls.rejectUnauthorized=false", "nothing after it"],
    ["smtp://u:canary@a.example#x", "nothing after it"],
    ["smtp://u:canary%@a.example", "%25"],
  ])("is not weakened by what follows a mail server's address: %s", (address, words) => {
    const environment = { ...mail, POSTERN_NOTIFY_SMTP: address };
    expect(() => readConfig(environment)).toThrow(words);
    expect(() => readConfig(environment)).toThrow(/^(?!.*canary)/s);
  });
});

describe("where visitors come from", () => {
  it.each([
    [{}, "socket"],
    [{ POSTERN_PROXY_PROTOCOL: "yes" }, "proxy_protocol"],
    [{ POSTERN_TRUST_PROXY: "yes" }, "forwarded"],
  ])("is, with %o, told by %s", (environment, clients) => {
    expect(readConfig(environment).clients).toBe(clients);
  });

  it("is told in one way only", () => {
    expect(() => readConfig({ POSTERN_PROXY_PROTOCOL: "yes", POSTERN_TRUST_PROXY: "yes" })).toThrow("set one of them");
  });
});
