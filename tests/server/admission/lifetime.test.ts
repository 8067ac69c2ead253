import { EventEmitter } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { describe, expect, it } from "vitest";
import { Lifetime } from "../../../src/server/admission/index.js";

function begin() {
  const request = {} as IncomingMessage;
  const response = new EventEmitter();
  return { request, response, lifetime: Lifetime.begin(request, response as unknown as ServerResponse) };
}

describe("what a request holds", () => {
  it("is released when its response closes, once, in the order in which it was taken", () => {
    const { response, lifetime } = begin();
    const released: string[] = [];
    lifetime.hold(() => released.push("place"));
    lifetime.hold(() => released.push("timer"));
    expect([released, lifetime.ended]).toEqual([[], false]);
    response.emit("close");
    lifetime.close();
    expect([released, lifetime.ended]).toEqual([["place", "timer"], true]);
  });

  it("is released when its connection closes, even if its response never does", () => {
    const { lifetime } = begin();
    let released = 0;
    lifetime.hold(() => {
      released += 1;
    });
    lifetime.close();
    expect(released).toBe(1);
  });

  it("may be released earlier, and is not again", () => {
    const { lifetime } = begin();
    let released = 0;
    const release = lifetime.hold(() => {
      released += 1;
    });
    release();
    release();
    lifetime.close();
    expect(released).toBe(1);
  });

  it("is released at once if the request has ended by then", () => {
    const { lifetime } = begin();
    lifetime.close();
    let released = 0;
    lifetime.hold(() => {
      released += 1;
    });
    expect(released).toBe(1);
  });

  it("is held while work is under way, although nobody waits for an answer any more", async () => {
    const { lifetime } = begin();
    let released = 0;
    let finish: () => void = () => undefined;
    lifetime.hold(() => {
      released += 1;
    });
    const work = lifetime.during(() => new Promise<void>((resolve) => (finish = resolve)));
    lifetime.close();
    expect([released, lifetime.ended, lifetime.signal.aborted]).toEqual([0, false, true]);
    finish();
    await work;
    expect([released, lifetime.ended]).toEqual([1, true]);
  });

  it("is released after work that fails, and the failure is the caller's", async () => {
    const { lifetime } = begin();
    let released = 0;
    lifetime.hold(() => {
      released += 1;
    });
    lifetime.close();
    await expect(lifetime.during(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(released).toBe(1);
  });

  it("is released in full although one release fails", () => {
    const { lifetime } = begin();
    const released: string[] = [];
    lifetime.hold(() => {
      throw new Error("no");
    });
    lifetime.hold(() => released.push("place"));
    expect(() => lifetime.close()).toThrow("no");
    expect(released).toEqual(["place"]);
  });

  it("belongs to requests that our server has taken, and no others", () => {
    const { request, lifetime } = begin();
    expect(Lifetime.of(request)).toBe(lifetime);
    expect(() => Lifetime.of({} as IncomingMessage)).toThrow();
  });
});
