import { describe, expect, it } from "vitest";
import { MessageIdentity } from "../../src/mail/identity.js";

function digest(message: string, chunkBytes = message.length): string {
  const identity = new MessageIdentity();
  for (let at = 0; at < message.length; at += chunkBytes)
    identity.update(Buffer.from(message.slice(at, at + chunkBytes)));
  return Buffer.from(identity.digest()).toString("hex");
}

const MESSAGE = "Received: a\r\n\tb\r\nMessage-ID: <1@x>\r\nSubject: s\r\n t\r\nFrom: f\r\n\r\nbody\r\n\r\nmore\r\n";

describe("what identifies a message", () => {
  it.each([1, 2, 3, 7, 50])("is the same in chunks of %i bytes", (bytes) => {
    expect(digest(MESSAGE, bytes)).toBe(digest(MESSAGE));
  });

  it("is not the way that it came", () => {
    expect(digest(MESSAGE.replace("Received: a\r\n\tb", "Received: c\r\n\td\r\nReturn-Path: <x>"))).toBe(
      digest(MESSAGE),
    );
  });

  it.each([
    ["its id", MESSAGE.replace("<1@x>", "<2@x>")],
    ["a folded line of its subject", MESSAGE.replace("\r\n t", "\r\n u")],
    ["its sender", MESSAGE.replace("From: f", "From: g")],
    ["its body", MESSAGE.replace("more", "less")],
    ["where its head ends", MESSAGE.replace("From: f\r\n\r\nbody", "\r\nFrom: f\r\nbody")],
  ])("is %s", (_what, other) => {
    expect(digest(other)).not.toBe(digest(MESSAGE));
  });

  it.each([
    ["without an id", "Subject: s\r\nX-A: 1\r\n\r\nbody", "Subject: s\r\nX-A: 2\r\n\r\nbody"],
    ["without a body", "Message-ID: <1@x>\r\nX-A: 1", "Message-ID: <1@x>\r\nX-A: 2"],
    ["without a head", "noise", "other noise"],
    [
      "with an endless head",
      `Message-ID: <1@x>\r\n${"X: y\r\n".repeat(60_000)}a`,
      `Message-ID: <1@x>\r\n${"X: y\r\n".repeat(60_000)}b`,
    ],
  ])("is every byte of one %s", (_what, one, other) => {
    expect(digest(one)).not.toBe(digest(other));
    expect(digest(one, 1_000)).toBe(digest(one));
  });
});
