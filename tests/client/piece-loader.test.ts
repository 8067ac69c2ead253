import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Piece, PieceLoader, pieceOf } from "../../src/client/loader/index.js";

/** The shortest pause after so many failures in a row; the longest is twice that. */
const minPauseMs = (failures: number) => 500 * 2 ** (failures - 1);
const MAX_PAUSE_MS = 15_000;
const MINUTES_MS = 10 * 60_000;
/** After it, the connections of the page and its scripts count no more. */
const LINGER_MS = 7_000;
/** Not a fake one: digests are computed in real time. */
const realTurn = promisify(setImmediate);

const CONTENTS = Array.from({ length: 6 }, (_none, index) => `piece ${index}`);
const PIECES = CONTENTS.map((text) => pieceOf("part", createHash("sha256").update(text).digest("hex")));
const textOf = (path: string) => CONTENTS[PIECES.findIndex((piece) => piece.path === path)] ?? "";

interface Asked {
  readonly path: string;
  readonly beganMs: number;
  endedMs: number;
}

describe("pieces", () => {
  const listeners = new Map<string, () => void>();
  let asked: Asked[];
  let atOnce: number;
  let most: number;
  let answer: (path: string) => Promise<Response>;

  beforeEach(() => {
    vi.useFakeTimers();
    [asked, atOnce, most] = [[], 0, 0];
    answer = async (path) => new Response(textOf(path));
    vi.stubGlobal("navigator", { userAgent: "Chrome/140.0" });
    vi.stubGlobal("addEventListener", (name: string, listener: () => void) => listeners.set(name, listener));
    vi.stubGlobal("removeEventListener", (name: string) => listeners.delete(name));
    vi.stubGlobal("fetch", async (path: string) => {
      const entry = { path, beganMs: Date.now(), endedMs: Number.NaN };
      asked.push(entry);
      atOnce += 1;
      most = Math.max(most, atOnce);
      try {
        // Some time on its way.
        await new Promise((resolve) => setTimeout(resolve, 100));
        return await answer(path);
      } finally {
        atOnce -= 1;
        entry.endedMs = Date.now();
      }
    });
  });
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });

  const failing = async () => {
    throw new TypeError("no connection");
  };
  async function loader(): Promise<PieceLoader> {
    const created = new PieceLoader(0, () => undefined);
    await vi.advanceTimersByTimeAsync(LINGER_MS);
    return created;
  }
  async function settled(blob: Promise<Blob>): Promise<string> {
    let over = false;
    const end = () => {
      over = true;
    };
    blob.then(end, end);
    while (!over) {
      await vi.advanceTimersByTimeAsync(50);
      await realTurn();
    }
    return (await blob).text();
  }
  const loaded = async (pieces: readonly Piece[]) => settled((await loader()).load(pieces));

  it("come in their order, at most two at one time", async () => {
    expect(await loaded(PIECES)).toBe(CONTENTS.join(""));
    expect([asked.length, most]).toEqual([PIECES.length, 2]);
  });

  it("come one at a time at first in Firefox, while connections of the page may still count", async () => {
    vi.stubGlobal("navigator", { userAgent: "Firefox/140.0" });
    expect(await settled(new PieceLoader(0, () => undefined).load(PIECES.slice(0, 3)))).toBe(
      CONTENTS.slice(0, 3).join(""),
    );
    expect(most).toBe(1);
  });

  it("come one at a time after a failure, and by two again after a success", async () => {
    let failures = 2;
    answer = async (path) => {
      failures -= 1;
      return failures >= 0 ? failing() : new Response(textOf(path));
    };
    expect(await loaded(PIECES)).toBe(CONTENTS.join(""));
    const [, second, third, fourth, fifth] = asked;
    expect(third?.beganMs).toBeGreaterThan(second?.endedMs ?? 0);
    expect(fourth?.beganMs).toBeGreaterThanOrEqual(third?.endedMs ?? 0);
    expect(fifth?.beganMs).toBe(fourth?.beganMs);
    expect(most).toBe(2);
  });

  it("make no connection before a pause that grows, whichever piece it would be for", async () => {
    answer = failing;
    void (await loader()).load(PIECES);
    await vi.advanceTimersByTimeAsync(MINUTES_MS);
    // The first two are on their way together.
    const later = asked.slice(1);
    const pauses = later.slice(1).map(({ beganMs }, index) => beganMs - (later[index]?.endedMs ?? 0));
    expect(new Set(asked.slice(0, 6).map(({ path }) => path)).size).toBeGreaterThan(2);
    pauses.forEach((pauseMs, index) => {
      const least = Math.min(MAX_PAUSE_MS, minPauseMs(index + 2));
      expect(pauseMs).toBeGreaterThanOrEqual(least - 1);
      expect(pauseMs).toBeLessThanOrEqual(Math.min(MAX_PAUSE_MS, 2 * least) + 1);
    });
    expect(pauses.length).toBeGreaterThan(30);
  });

  it("are given up after so many attempts where there is another way, and count no more", async () => {
    answer = failing;
    const pieces = await loader();
    await expect(settled(pieces.load(PIECES.slice(0, 1), 3))).rejects.toMatchObject({ code: "unreachable" });
    expect(asked).toHaveLength(3);
    expect(pieces.state).toMatchObject({ loaded: 0, total: 0, failures: 3 });
    answer = async (path) => new Response(textOf(path));
    expect(await settled(pieces.load(PIECES.slice(0, 1), 3))).toBe(CONTENTS[0]);
  });

  it("go on as soon as the device is online again", async () => {
    answer = failing;
    const blob = (await loader()).load(PIECES);
    await vi.advanceTimersByTimeAsync(60_000);
    while (!listeners.has("online")) await vi.advanceTimersByTimeAsync(50);
    answer = async (path) => new Response(textOf(path));
    const before = asked.length;
    listeners.get("online")?.();
    await vi.advanceTimersByTimeAsync(0);
    expect(asked.length).toBe(before + 1);
    expect(await settled(blob)).toBe(CONTENTS.join(""));
  });

  it.each([
    ["missing", async () => new Response("", { status: 404 })],
    ["changed", async () => new Response("something else")],
  ] as const)("are given up when they are %s three times", async (code, wrong) => {
    answer = async (path) => (path === PIECES[1]?.path ? wrong() : new Response(textOf(path)));
    await expect(loaded(PIECES)).rejects.toMatchObject({ code });
    expect(asked.filter(({ path }) => path === PIECES[1]?.path)).toHaveLength(3);
  });

  it("come one at a time where an upload needs room, and the upload waits until it has that", async () => {
    const pieces = await loader();
    pieces.becomeNarrow();
    const blob = pieces.load(PIECES);
    await vi.advanceTimersByTimeAsync(0);
    expect(atOnce).toBe(2);
    let atBegin = 2;
    void pieces.leaveRoom(2).then(() => {
      atBegin = atOnce;
      most = 0;
    });
    expect(await settled(blob)).toBe(CONTENTS.join(""));
    expect(atBegin).toBeLessThan(2);
    expect(most).toBe(1);
  });

  it("come by two again once an upload has ended", async () => {
    const pieces = await loader();
    pieces.becomeNarrow();
    await pieces.leaveRoom(2);
    await pieces.leaveRoom(0);
    expect(await settled(pieces.load(PIECES))).toBe(CONTENTS.join(""));
    expect(most).toBe(2);
  });

  it("let an upload begin at once where the network has cut nothing short", async () => {
    const pieces = new PieceLoader(0, () => undefined);
    void pieces.load(PIECES);
    // No time passes here.
    await expect(pieces.leaveRoom(2)).resolves.toBeUndefined();
  });
});
