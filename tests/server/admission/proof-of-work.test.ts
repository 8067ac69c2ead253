import { solveChallenge } from "altcha-lib";
import { deriveKey } from "altcha-lib/algorithms/pbkdf2";
import { beforeAll, describe, expect, it } from "vitest";
import { ProofsOfWork } from "../../../src/server/admission/proof-of-work.js";

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64");

describe("a proof of work", () => {
  const proofs = new ProofsOfWork();
  let solved: { challenge: Awaited<ReturnType<ProofsOfWork["challenge"]>>; solution: unknown };
  beforeAll(async () => {
    const challenge = await proofs.challenge(null);
    solved = { challenge, solution: await solveChallenge({ challenge, deriveKey }) };
  });

  it.each([
    ["none", undefined],
    ["no base64", "§§§"],
    ["no JSON", Buffer.from("hello").toString("base64")],
    ["null", encode(null)],
    ["an empty one", encode({})],
    ["one that is too long", "A".repeat(5_000)],
    ["one with a prototype in it", '{"__proto__":{"challenge":1}}'],
  ])("is not %s", async (_what, header) => {
    expect(await proofs.accept(header)).toBe(false);
  });

  it("is of a task that this server has set, solved, and not changed", async () => {
    const { challenge, solution } = solved;
    const easier = { ...challenge, parameters: { ...challenge.parameters, cost: 1 } };
    expect(await proofs.accept(encode({ challenge: easier, solution }))).toBe(false);
    expect(await proofs.accept(encode({ challenge, solution: { counter: 0, derivedKey: "00".repeat(32) } }))).toBe(
      false,
    );
    expect(await new ProofsOfWork().accept(encode(solved))).toBe(false);
  });

  it("is accepted by every process that shares the secret of the one that set the task", async () => {
    const secret = new Uint8Array(32).fill(7);
    const challenge = await new ProofsOfWork(secret).challenge(null);
    const solution = await solveChallenge({ challenge, deriveKey });
    expect(await new ProofsOfWork(new Uint8Array(32).fill(8)).accept(encode({ challenge, solution }))).toBe(false);
    expect(await new ProofsOfWork(secret).accept(encode({ challenge, solution }))).toBe(true);
  });

  it("is good once", async () => {
    expect(await proofs.accept(encode(solved))).toBe(true);
    expect(await proofs.accept(encode(solved))).toBe(false);
  });
});
