import { describe, expect, it } from "vitest";
import { readReplyFileName, replyFileName } from "../../src/core/index.js";

const MAILBOX = "abcdefghijklmnopqrstuvwxyz234567";

describe("the name of a file with a reply", () => {
  it.each([1, 2, 10, 999_999])("tells mailbox and number again: %i", (number) => {
    const name = replyFileName(MAILBOX, number);
    expect(name).toBe(`${MAILBOX}-${number}.reply.gpg`);
    expect(readReplyFileName(name)).toEqual({ mailbox: MAILBOX, number });
  });

  it.each([
    ["the number 0", `${MAILBOX}-0.reply.gpg`],
    ["a number that begins with 0", `${MAILBOX}-01.reply.gpg`],
    ["a number of seven digits", `${MAILBOX}-1000000.reply.gpg`],
    ["no number", `${MAILBOX}.reply.gpg`],
    ["a mailbox that is too short", `${MAILBOX.slice(1)}-1.reply.gpg`],
    ["a mailbox that is too long", `a${MAILBOX}-1.reply.gpg`],
    ["a mailbox in capitals", `${MAILBOX.toUpperCase()}-1.reply.gpg`],
    ["a folder before it", `../${MAILBOX}-1.reply.gpg`],
    ["more after it", `${MAILBOX}-1.reply.gpg.part`],
    ["a line after it", `${MAILBOX}-1.reply.gpg\n`],
    ["another ending", `${MAILBOX}-1.gpg`],
  ])("is none with %s", (_what, name) => {
    expect(readReplyFileName(name)).toBeNull();
  });
});
