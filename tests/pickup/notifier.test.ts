import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { createServer as createMailServer } from "node:net";
import { createTransport } from "nodemailer";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createLog } from "../../src/http/index.js";
import { smtpOptions } from "../../src/http-client/index.js";
import { type NotifierConfig, startNotifier } from "../../src/pickup/index.js";
import { outerAddress, startMailServer, type TestMailServer } from "../support/mail-server.js";
import { startTestPickup, type TestPickup } from "../support/pickup.js";
import { requireTools } from "../support/tools.js";

const HOUR = 60 * 60 * 1000;
const NONE: NotifierConfig = { webhook: null, mail: null, hours: 24 };

let pickup: TestPickup;
beforeEach(async () => {
  pickup = await startTestPickup();
});
afterEach(() => pickup.stop());

/** A notifier with a manual clock. */
function start(config: Partial<NotifierConfig>, moments: number[]) {
  const waits: number[] = [];
  let act = () => {};
  let calledOff = false;
  const log: string[] = [];
  const stop = startNotifier({
    config: { ...NONE, ...config },
    submissions: pickup.store,
    ledger: pickup.ledger,
    log: createLog({ write: (line: string) => void log.push(line) }),
    after: (milliseconds, next) => {
      waits.push(milliseconds);
      act = next;
      return () => {
        calledOff = true;
      };
    },
    random: (below) => {
      expect(below).toBe((config.hours ?? 24) * HOUR);
      return moments.shift() ?? 0;
    },
  });
  return {
    waits,
    log,
    stop,
    calledOff: () => calledOff,
    /** Lets the moment come that is planned, even one that was called off. */
    pass: async () => {
      const planned = waits.length;
      act();
      await expect.poll(() => waits.length).toBe(planned + 1);
    },
  };
}

async function webhook(status = 204) {
  const bodies: string[] = [];
  const server = createServer(async (request: IncomingMessage, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    bodies.push(body);
    response.writeHead(status).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/hook`, bodies, close: () => server.close() };
}

describe("a notification", () => {
  it("says only that there is something to collect, once per interval, at a random time fixed in advance", async () => {
    const hook = await webhook();
    const notifier = start({ webhook: hook.url, hours: 6 }, [2 * HOUR, 5 * HOUR, HOUR]);
    expect(notifier.waits).toEqual([2 * HOUR]);
    await notifier.pass();
    expect(hook.bodies).toEqual([]);
    await pickup.put("x");
    await pickup.put("y");
    await notifier.pass();
    expect(hook.bodies).toEqual(["There is something to collect."]);
    // The rest of the interval plus the time in the next one.
    expect(notifier.waits).toEqual([2 * HOUR, 4 * HOUR + 5 * HOUR, HOUR + HOUR]);
    hook.close();
  });

  it("is not sent for submissions collected already", async () => {
    const hook = await webhook();
    const { id } = await pickup.put("x");
    await pickup.ledger.add([{ kind: "collected", id, sha256: "ab".repeat(32), by: "olha", day: "2026-11-23" }]);
    const notifier = start({ webhook: hook.url }, []);
    await notifier.pass();
    expect(hook.bodies).toEqual([]);
    hook.close();
  });

  it("that fails is retried in the next interval, and logged without the address", async () => {
    const hook = await webhook(500);
    await pickup.put("x");
    const notifier = start({ webhook: hook.url }, []);
    await notifier.pass();
    await notifier.pass();
    expect(hook.bodies).toHaveLength(2);
    expect(notifier.log).toHaveLength(1);
    expect(notifier.log[0]).toContain("notifying is failing");
    expect(notifier.log[0]).not.toContain("/hook");
    hook.close();
  });

  it("goes out by email with the same text", async () => {
    const said: string[] = [];
    const server = createMailServer((socket) => {
      socket.write("220 test\r\n");
      let data = false;
      socket.on("data", (chunk) => {
        for (const line of chunk.toString().split("\r\n").slice(0, -1)) {
          said.push(line);
          if (data && line === ".") data = false;
          if (data) continue;
          data = line === "DATA";
          socket.write(data ? "354 go\r\n" : line === "QUIT" ? "221 bye\r\n" : "250 ok\r\n");
        }
      });
      socket.on("error", () => {});
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    await pickup.put("x");
    const mail = {
      server: `smtp://127.0.0.1:${port}?ignoreTLS=true`,
      from: "portal@example.org",
      to: "staff@example.org",
    };
    const notifier = start({ mail }, []);
    await notifier.pass();
    expect(notifier.log).toEqual([]);
    expect(said).toContain("RCPT TO:<staff@example.org>");
    expect(said).toContain("Subject: There is something to collect.");
    expect(said).toContain("There is something to collect.");
    server.close();
  });

  describe.runIf(requireTools("a mail server with TLS", "openssl"))("by email", () => {
    const SECRET = "canary/ secret";
    const mailTo = (host: string, { port }: TestMailServer) => ({
      server: `smtp://staff:${encodeURIComponent(SECRET)}@${host}:${port}`,
      from: "portal@example.org",
      to: "staff@example.org",
    });
    const heard = ({ plain }: TestMailServer) => plain.map((line) => line.split(" ")[0]);

    it.each(["stripped", "refused"] as const)("sends no password and no mail when STARTTLS is %s", async (startTls) => {
      const server = await startMailServer(startTls);
      await pickup.put("x");
      const notifier = start({ mail: mailTo(outerAddress(), server) }, []);
      await notifier.pass();
      expect(notifier.log).toHaveLength(1);
      expect(notifier.log[0]).toContain("not_sent");
      expect(notifier.log[0]).not.toContain("canary");
      expect(heard(server)).toEqual(expect.arrayContaining(["EHLO", "STARTTLS"]));
      expect(heard(server)).not.toContain("AUTH");
      expect(heard(server)).not.toContain("MAIL");
      server.close();
    });

    it.each(["ignoreTLS=true", "requireTLS=false", "opportunisticTLS=true", "secure=false"])(
      "sends none when the address asks for it by %s either",
      async (query) => {
        const server = await startMailServer("stripped");
        await pickup.put("x");
        const mail = mailTo(outerAddress(), server);
        const notifier = start({ mail: { ...mail, server: `${mail.server}/?${query}` } }, []);
        await notifier.pass();
        expect(notifier.log).toHaveLength(1);
        expect(heard(server)).not.toContain("AUTH");
        server.close();
      },
    );

    it("sends neither to a server whose certificate nobody trusts", async () => {
      const server = await startMailServer("offered");
      await pickup.put("x");
      const mail = mailTo(outerAddress(), server);
      for (const query of ["", "/?tls.rejectUnauthorized=false"]) {
        const notifier = start({ mail: { ...mail, server: `${mail.server}${query}` } }, []);
        await notifier.pass();
        expect(notifier.log).toHaveLength(1);
      }
      expect([...server.plain, ...server.encrypted].join("\n")).not.toMatch(/AUTH|MAIL/);
      server.close();
    });

    it("authenticates inside TLS at a server with a trusted certificate", async () => {
      const server = await startMailServer("offered");
      const { server: url, from, to } = mailTo(outerAddress(), server);
      const transport = createTransport({ ...smtpOptions(url), tls: { ca: server.certificate } }, { from });
      await transport.sendMail({ to, subject: "x", text: "x" });
      transport.close();
      expect(heard(server)).not.toContain("AUTH");
      const auth = server.encrypted.find((line) => line.startsWith("AUTH PLAIN "))?.slice("AUTH PLAIN ".length) ?? "";
      expect(Buffer.from(auth, "base64").toString()).toBe(`\0staff\0${SECRET}`);
      expect(server.encrypted).toContain(`RCPT TO:<${to}>`);
      server.close();
    });

    it("needs no TLS on this machine", async () => {
      const server = await startMailServer("stripped");
      await pickup.put("x");
      const notifier = start({ mail: mailTo("127.0.0.1", server) }, []);
      await notifier.pass();
      expect(notifier.log).toEqual([]);
      expect(server.plain).toContain("There is something to collect.");
      server.close();
    });
  });

  it("is not sent when none is configured, nor after stopping", async () => {
    expect(start({}, []).waits).toEqual([]);
    const hook = await webhook();
    await pickup.put("x");
    const notifier = start({ webhook: hook.url }, []);
    notifier.stop();
    expect(notifier.calledOff()).toBe(true);
    // As if the moment had come just then.
    await notifier.pass();
    expect(hook.bodies).toEqual([]);
    hook.close();
  });
});
