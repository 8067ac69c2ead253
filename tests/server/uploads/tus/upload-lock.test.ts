import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { UploadLocks } from "../../../../src/server/uploads/tus/upload-lock.js";
import { codeOf } from "../../../support/bytes.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const never = () => expect.fail("nobody had to be cut off");

/** Work that ends when it is told to. */
function work(done: string[], name: string) {
  let end: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const begin = async () => {
    done.push(`${name} begins`);
    await ended;
    done.push(`${name} ends`);
  };
  return { begin, end };
}

describe("turns with one upload", () => {
  it("come one after the other, and those with others are not waited for", async () => {
    const turns = new UploadLocks();
    const done: string[] = [];
    const [first, second, other] = [work(done, "first"), work(done, "second"), work(done, "other")];
    const all = [turns.hold("a", never, first.begin), turns.hold("a", never, second.begin)];
    all.push(turns.hold("b", never, other.begin));
    other.end();
    await all[2];
    expect(done).toEqual(["first begins", "other begins", "other ends"]);
    first.end();
    second.end();
    await Promise.all(all);
    expect(done.slice(3)).toEqual(["first ends", "second begins", "second ends"]);
  });

  it("go on after work that failed", async () => {
    const turns = new UploadLocks();
    const failing = turns.hold("a", never, async () => {
      throw new Error("the disk is gone");
    });
    const next = turns.hold("a", never, async () => "done");
    await expect(failing).rejects.toThrow("the disk is gone");
    expect(await next).toBe("done");
  });

  it("are cut off when another waits, not before, and the other's comes", async () => {
    const turns = new UploadLocks();
    const done: string[] = [];
    const first = work(done, "first");
    const cut = vi.fn(() => first.end());
    const dead = turns.hold("a", cut, first.begin);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(cut).not.toHaveBeenCalled();
    const next = turns.hold("a", never, async () => "done");
    await vi.advanceTimersByTimeAsync(2_900);
    expect(cut).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(200);
    expect(cut).toHaveBeenCalledOnce();
    await dead;
    expect(await next).toBe("done");
  });

  it("are given up where one never ends, and nobody overtakes it", async () => {
    const turns = new UploadLocks();
    const done: string[] = [];
    const [stuck, last] = [work(done, "stuck"), work(done, "last")];
    const nothing = () => undefined;
    const first = turns.hold("a", nothing, stuck.begin);
    const busy = codeOf(() => turns.hold("a", nothing, async () => expect.fail("it was not its turn")));
    await vi.advanceTimersByTimeAsync(10_000);
    const third = turns.hold("a", nothing, last.begin);
    await vi.advanceTimersByTimeAsync(20_100);
    expect(await busy).toBe("busy");
    expect(done).toEqual(["stuck begins"]);
    stuck.end();
    last.end();
    await Promise.all([first, third]);
    expect(done).toEqual(["stuck begins", "stuck ends", "last begins", "last ends"]);
  });
});
