import type { IncomingMessage } from "node:http";
import { createServer } from "node:net";
import { describe, expect, it } from "vitest";
import { type ClientSource, ProxyProtocol, Visitors } from "../../../src/server/admission/index.js";
import { networkOf } from "../../../src/server/admission/visitors.js";

const request = (address: string, forwarded?: string) =>
  ({
    socket: { remoteAddress: address },
    headers: forwarded === undefined ? {} : { "x-forwarded-for": forwarded },
  }) as unknown as IncomingMessage;
/** Visitors whose connections all come in at one listener. */
function visitors(source: ClientSource, now: () => Date = () => new Date(0)) {
  const all = new Visitors(new ProxyProtocol(), now);
  const server = createServer();
  all.watch(server, source);
  return {
    of: (made: IncomingMessage) => {
      server.emit("connection", made.socket);
      return all.of(made);
    },
  };
}

describe("the network of an address", () => {
  it.each([
    ["203.0.113.7", "203.0.113.0/24"],
    ["203.0.113.255", "203.0.113.0/24"],
    ["::ffff:203.0.113.7", "203.0.113.0/24"],
    ["2001:db8:1:2ff:3::4", "2001:db8:1:0200::/56"],
    ["2001:db8:1:2ab::", "2001:db8:1:0200::/56"],
    ["2001:db8:1:3ab::", "2001:db8:1:0300::/56"],
    ["2001:db8::1", "2001:db8:0:0000::/56"],
    ["2001:DB8:0:0:1::", "2001:db8:0:0000::/56"],
    ["fc00:dead:beef:4dad::ffff:2a", "circuit ffff:2a"],
    ["fc00:dead:beef:4dad::0:2a", "circuit 0:2a"],
  ])("of %s is %s", (address, network) => {
    expect(networkOf(address)).toBe(network);
  });

  it.each(["127.0.0.1", "::1", "10.2.3.4", "172.20.0.2", "192.168.1.1", "fd00::2", "fe80::1", "", "unknown", "1.2.3"])(
    "is not told for %j, behind which may be anybody",
    (address) => {
      expect(networkOf(address)).toBeNull();
    },
  );
});

describe("visitors", () => {
  it("are told apart by network, and not by anything within it", () => {
    const { of } = { of: (address: string) => all.of(request(address)) };
    const all = visitors("socket");
    expect(of("203.0.113.7")).toBe(of("203.0.113.8"));
    expect(of("203.0.113.7")).not.toBe(of("203.0.114.7"));
    expect(of("127.0.0.1")).toBeNull();
  });

  it("have a name that says nothing of their address and is another one every hour, in every process", () => {
    let now = 0;
    const all = visitors("socket", () => new Date(now));
    const first = all.of(request("203.0.113.7"));
    expect(first).toMatch(/^[\w+/]{43}=$/);
    now = 59 * 60_000;
    expect(all.of(request("203.0.113.7"))).toBe(first);
    now = 60 * 60_000;
    expect(all.of(request("203.0.113.7"))).not.toBe(first);
    expect(visitors("socket").of(request("203.0.113.7"))).not.toBe(first);
  });

  it("behind a proxy are what its own entry says, whatever the visitor wrote before it", () => {
    const all = visitors("forwarded");
    const honest = all.of(request("127.0.0.1", "203.0.113.7"));
    expect(honest).not.toBeNull();
    expect(all.of(request("127.0.0.1", "198.51.100.1, 203.0.113.7"))).toBe(honest);
    expect(all.of(request("127.0.0.1", "203.0.113.7:4711"))).toBe(honest);
    const six = all.of(request("127.0.0.1", "2001:db8:1:2ff::1"));
    expect(six).not.toBeNull();
    for (const written of ["[2001:db8:1:2ff::1]", "[2001:db8:1:2ff::1]:4711"]) {
      expect(all.of(request("127.0.0.1", written))).toBe(six);
    }
    for (const odd of ["[", "[]:1", "unknown", "_hidden:1"]) expect(all.of(request("127.0.0.1", odd))).toBeNull();
    expect(all.of(request("127.0.0.1"))).toBeNull();
    expect(visitors("socket").of(request("127.0.0.1", "203.0.113.7"))).toBeNull();
  });
});
