import { createServer, type Server } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkMailServer, type FindServers } from "../../src/doctor/mail.js";
import { checkAnswers, checkResolvers } from "../../src/doctor/mail-senders.js";
import { TestDns } from "../support/dns.js";
import { STAFF, TestMail } from "../support/mail.js";
import { certify, outerAddress, startMailServer } from "../support/mail-server.js";

let mail: TestMail;
let other: Server | null = null;
const { key, certificate } = certify(["mx.example.org"], 30);
const tls = { key: key.toString(), cert: certificate };

beforeEach(async () => {
  mail = await TestMail.start({ tls });
});
afterEach(async () => {
  other?.close();
  other = null;
  await mail.stop();
});

const addresses = [STAFF, "letters@example.org"];
const listen = (address = mail.address) => {
  const [host = "", port] = address.split(":");
  return { host, port: Number(port) };
};
const one: FindServers = async () => ["mx.example.org"];
const examine = async (find = one, requireTls = false, now = new Date(), address?: string) => {
  const place = { listen: listen(address), protocol: "smtp", addresses, requireTls } as const;
  return (await checkMailServer(place, now, find)).map(({ level, message }) => `${level}: ${message}`);
};

describe("postern doctor asks the mail server", () => {
  it("and finds nothing in one that is as it should be", async () => {
    expect(await examine()).toEqual([
      "ok: the mail server takes letters for help@example.org, letters@example.org, over TLS, and relays nothing",
    ]);
    expect(await mail.stored()).toEqual([]);
  });

  it("whether the DNS leads to it alone, under a name of its certificate", async () => {
    expect(await examine(async () => [])).toEqual(["fault: example.org has no MX record"]);
    expect(await examine(async () => ["mx.example.org", "backup.example.net"])).toEqual([
      "warning: example.org has 2 mail servers",
      "warning: the certificate is not for backup.example.net, the mail server of example.org",
    ]);
  });

  it("how long its certificate is good for", async () => {
    const days = (count: number) => new Date(Date.now() + count * 24 * 60 * 60 * 1000);
    expect(await examine(one, false, days(20))).toEqual(["warning: the mail server's certificate expires in 9 days"]);
    expect(await examine(one, false, days(31))).toEqual(["fault: the mail server's certificate has expired"]);
  });

  it("whether it has the settings that it is examined for", async () => {
    await mail.end();
    await mail.begin({ config: { addresses: [STAFF] } });
    expect(await examine(one, true)).toEqual([
      "fault: the mail server offers no TLS",
      "fault: the mail server refuses letters for letters@example.org",
    ]);
    await mail.end();
    await mail.begin({ tls });
    expect(await examine(one, true)).toEqual(["fault: the mail server takes mail without TLS"]);
  });

  it("whether it relays, and what its banner tells", async () => {
    other = createServer((socket) => {
      socket.on("error", () => undefined).write("220 box ESMTP Postfix (Debian)\r\n");
      socket.on("data", () => socket.write("250 ok\r\n"));
    });
    await new Promise<void>((resolve) => other?.listen(0, "127.0.0.1", resolve));
    const bound = other.address();
    const address = `127.0.0.1:${typeof bound === "object" && bound !== null ? bound.port : 0}`;
    expect(await examine(one, false, new Date(), address)).toEqual([
      "warning: the mail server's banner tells Postfix",
      "fault: the mail server offers no TLS",
      "fault: the mail server takes mail for others",
    ]);
  });
});

describe("postern doctor asks what senders are checked and answered with", () => {
  const told = (results: Awaited<ReturnType<typeof checkAnswers>>) =>
    results.map(({ level, message }) => `${level}: ${message}`);

  it("whether the resolver answers, and who learns of a letter through it", async () => {
    const dns = await TestDns.start({ "example.org MX": ["mx.example.org"] });
    expect(told(await checkResolvers([dns.address], addresses))).toEqual([
      "ok: the resolvers for senders answer, and are on this machine",
    ]);
    const port = dns.address.split(":")[1];
    dns.stop();
    expect(told(await checkResolvers([`${outerAddress()}:${port}`], addresses))).toEqual([
      expect.stringMatching(/^fault: the resolver .* does not answer: E/),
      `warning: the resolver ${outerAddress()}:${port} learns the domain of whoever writes`,
    ]);
  });

  it.each(["offered", "stripped"] as const)("whether answers can go out, with TLS %s", async (startTls) => {
    const smartHost = await startMailServer(startTls);
    try {
      expect(told(await checkAnswers(`smtp://127.0.0.1:${smartHost.port}`))).toEqual([
        "ok: answers to letters go out through 127.0.0.1",
      ]);
      const outside = outerAddress();
      expect(told(await checkAnswers(`smtp://${outside}:${smartHost.port}`))).toEqual([
        startTls === "offered"
          ? `ok: answers to letters go out through ${outside}`
          : `fault: ${outside} offers no TLS: no answer goes out`,
      ]);
    } finally {
      smartHost.close();
    }
  });
});
