import { mkdtemp, readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { poll } from "../support/browsers.js";
import { type RunningPortal, servePortal } from "../support/command.js";
import { Operator } from "../support/operator.js";
import { BOUNDARY, exchange, multipart, part, statusesOf } from "../support/raw-request.js";
import { removeFolder } from "../support/temporary.js";

let cwd: string;
let portal: RunningPortal;
let onion: string;
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), "postern-onion-"));
  const operator = new Operator(cwd);
  await operator.start();
  await operator.stop();
  portal = await servePortal({ cwd, env: { POSTERN_TRUST_PROXY: "yes", POSTERN_ONION_LISTEN: "127.0.0.1:0" } });
  onion = await poll("the second address", async () => portal.output.stdout.split("\n")[1]?.replace(/\/$/, "") || null);
});
afterAll(async () => {
  await portal.kill("SIGTERM");
  await removeFolder(cwd);
});

const GET = "GET /ru/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n";
const CIRCUIT = "PROXY TCP6 fc00:dead:beef:4dad::0:29 ::1 65535 80\r\n";
const BODY = multipart(part('name="message"', "a letter"));
const POST = `POST /ru/submit HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: multipart/form-data; boundary=${BOUNDARY}\r\nContent-Length: ${BODY.length}\r\n`;
const send = async (url: string, request: string) => statusesOf(await exchange(url, request));

describe("a portal with a listener for the onion service", () => {
  it("has two addresses", () => {
    expect(onion).not.toBe(portal.url);
    expect(onion).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });

  it.each<[what: string, at: () => string, request: string, statuses: number[]]>([
    ["Tor's line at the onion's", () => onion, `${CIRCUIT}${GET}\r\n`, [200]],
    ["nothing to a connection without a line at the onion's", () => onion, `${GET}\r\n`, []],
    ["nothing to a forged header without the line", () => onion, `${GET}X-Forwarded-For: 192.0.2.1\r\n\r\n`, []],
    ["a header at the clear net's", () => portal.url, `${GET}X-Forwarded-For: 192.0.2.1\r\n\r\n`, [200]],
    ["Tor's line at the clear net's", () => portal.url, `${CIRCUIT}${GET}\r\n`, [400]],
  ])("answers %s", async (_what, at, request, statuses) => {
    expect(await send(at(), request)).toEqual(statuses);
  });

  it("stores letters of both in one store", async () => {
    expect(await send(onion, `${CIRCUIT}${POST}\r\n${BODY.toString("latin1")}`)).toEqual([200]);
    expect(await send(portal.url, `${POST}X-Forwarded-For: 192.0.2.1\r\n\r\n${BODY.toString("latin1")}`)).toEqual([
      200,
    ]);
    expect(await readdir(join(cwd, "data/submissions"))).toHaveLength(2);
  });

  it("takes no visitor of the onion service for several, whatever headers they forge", async () => {
    const begin = (number: number, header: string) =>
      send(
        onion,
        `${CIRCUIT.replace("0:29", `0:${number}`)}POST /uploads HTTP/1.1\r\nHost: x\r\nConnection: close\r\n` +
          `Tus-Resumable: 1.0.0\r\nUpload-Defer-Length: 1\r\nContent-Length: 0\r\nX-Forwarded-For: ${header}\r\n\r\n`,
      );
    // One visitor may begin 120 in a minute.
    const statuses: number[] = [];
    for (let round = 0; round < 15; round += 1) {
      const found = Array.from({ length: 10 }, (_, index) => begin(1, `198.51.${round}.${index}`));
      statuses.push(...(await Promise.all(found)).flat());
    }
    expect(statuses.filter((status) => status === 201).length).toBeLessThanOrEqual(120);
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThanOrEqual(30);
    expect(await begin(2, "198.51.0.1")).toEqual([201]);
    expect(await send(portal.url, `${GET}X-Forwarded-For: 198.51.0.1\r\n\r\n`)).toEqual([200]);
  });
});
