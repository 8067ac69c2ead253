import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ProxyProtocol } from "../../../src/server/admission/index.js";
import { Random, WITH_SEED } from "../../support/seed.js";

const REQUEST = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello";
const LINE = "PROXY TCP6 fc00:dead:beef:4dad::ffff:2a ::1 65535 80\r\n";

let server: Server;
let port: number;
beforeEach(async () => {
  const proxies = new ProxyProtocol();
  server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += String(chunk);
    response.end(`${proxies.source(request.socket)} said ${body}`);
  });
  proxies.expectAt(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  port = (server.address() as AddressInfo).port;
});
afterEach(() => {
  server.close();
  server.closeAllConnections();
});

/** What comes back for `pieces`, each sent by itself. */
async function exchange(...pieces: readonly string[]): Promise<string> {
  const socket = connect(port, "127.0.0.1").setNoDelay(true);
  let answer = "";
  socket.setEncoding("latin1").on("data", (text) => {
    answer += text;
  });
  socket.on("error", () => undefined);
  const closed = once(socket, "close");
  for (const piece of pieces) {
    socket.write(piece, "latin1");
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  await closed;
  return answer;
}

describe("the line that a proxy puts first", () => {
  it.each([
    ["a circuit of Tor's", LINE, "fc00:dead:beef:4dad::ffff:2a"],
    ["an IPv4 address", "PROXY TCP4 203.0.113.7 127.0.0.1 51000 80\r\n", "203.0.113.7"],
    ["nobody", "PROXY UNKNOWN\r\n", "undefined"],
    ["nobody, with more words", "PROXY UNKNOWN ffff::1 ffff::2 65535 65535\r\n", "undefined"],
  ])("names %s", async (_what, line, source) => {
    expect(await exchange(line + REQUEST)).toContain(`${source} said hello`);
  });

  it(`may come in any pieces ${WITH_SEED}`, async () => {
    const random = new Random("pieces");
    for (let round = 0; round < 10; round += 1) {
      const pieces: string[] = [];
      for (let rest = LINE + REQUEST; rest !== ""; ) {
        const length = random.integer(1, 40);
        pieces.push(rest.slice(0, length));
        rest = rest.slice(length);
      }
      expect(await exchange(...pieces)).toContain("fc00:dead:beef:4dad::ffff:2a said hello");
    }
  });

  it.each([
    ["is missing", REQUEST],
    ["is no such line", `PROXY TCP4 evil\r\n${REQUEST}`],
    ["never ends", `PROXY TCP6 ${"f".repeat(300)}`],
    ["is of another version", "\r\n\r\n\0\r\nQUIT\n!\x11\0\f"],
    ["is too long", `PROXY UNKNOWN ${"x".repeat(100)}\r\n${REQUEST}`],
  ])("closes the connection where it %s", async (_what, sent) => {
    expect(await exchange(sent)).toBe("");
  });
});
