import { mkdir, mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createReply } from "../../src/core/index.js";
import { encryptReply, inspectMessage, openReply } from "../../src/openpgp/index.js";
import { collect, expectSame, streamOf, utf8 } from "../support/bytes.js";
import { GnuPg, run } from "../support/gpg.js";
import { Random } from "../support/seed.js";
import { requireTools } from "../support/tools.js";

const KEY = "hweike4pf3kg6fdpojw7bspo4wkucym53fu4bsyz2zptrnfip4iq";
const TEXT = "Здравствуйте.\nМы получили ваше письмо.\n";
const PDF = new Random("interop reply").bytes(100_000);

let gpg: GnuPg;
let directory: string;
const inside = (...path: readonly string[]) => join(directory, ...path);

async function encrypted(): Promise<string> {
  const document = { name: "доверенность.pdf", type: "", size: PDF.length, open: () => streamOf(PDF) };
  const { stream } = createReply({ text: TEXT, documents: [document] });
  await writeFile(inside("reply.gpg"), await collect(await encryptReply(stream, KEY)));
  return inside("reply.gpg");
}

describe.runIf(requireTools("replies and GnuPG", "gpg", "gpgtar", "tar", "bash"))("a reply and GnuPG", () => {
  beforeAll(async () => {
    gpg = await GnuPg.create();
  });
  beforeEach(async () => {
    directory = await mkdtemp(join(gpg.home, "test-"));
    await mkdir(inside("out"));
  });
  afterAll(() => gpg.close());

  test("gpg -d | tar x opens it with the reply key as the passphrase", async () => {
    await encrypted();
    const line = `gpg --batch -q --pinentry-mode loopback --passphrase ${KEY} -d reply.gpg | tar x -C out`;
    expect(await gpg.shell(line, directory)).toMatchObject({ code: 0, stderr: "" });
    expect((await readdir(inside("out/reply"))).sort()).toEqual(["files", "padding", "reply.json", "reply.txt"]);
    expect(await readFile(inside("out/reply/reply.txt"), "utf8")).toBe(TEXT);
    expectSame(await readFile(inside("out/reply/files/01-доверенность.pdf")), PDF);
  });

  test("gpgtar lists what gpg -d gives", async () => {
    await gpg.gpg(["--passphrase", KEY, "--output", inside("reply.tar"), "--decrypt", await encrypted()]);
    const { code, stdout } = await run("gpgtar", ["--list-archive", "--skip-crypto", inside("reply.tar")]);
    expect(code).toBe(0);
    expect(stdout.toString()).toContain("reply/files/01-доверенность.pdf");
  });

  test("gpg finds one password, AES-256, SHA-256 and integrity protection, no name, date or compression", async () => {
    const file = await encrypted();
    const listed = (await gpg.gpg(["--passphrase", KEY, "--verbose", "--list-packets", file])).toString();
    expect(listed.match(/:symkey enc packet:.*\n.*/g)).toHaveLength(1);
    expect(listed).toMatch(/:symkey enc packet: version 4, cipher 9, (aead 0,)? ?s2k 3, hash 8/);
    expect(listed).toContain("mdc_method: 2");
    expect(listed).toMatch(/:literal data packet:\n\tmode b \(62\), created 0, name="",/);
    expect(listed).not.toContain(":compressed packet:");
    expect(listed).not.toContain(":pubkey enc packet:");
  });

  test("gpg refuses another passphrase, and one flipped bit", async () => {
    const file = await encrypted();
    expect((await gpg.tryGpg(["--passphrase", "another", "--decrypt", file])).code).not.toBe(0);
    const message = await readFile(file);
    message[message.length - 1000] = (message[message.length - 1000] ?? 0) ^ 1;
    expect((await gpg.tryGpg(["--passphrase", KEY, "--decrypt"], message)).code).not.toBe(0);
  });

  test.each([
    ["as docs/STAFF.md says", "--rfc4880 --cipher-algo AES256 --compress-algo none --no-symkey-cache"],
    ["with the least options", "--cipher-algo AES256 --compress-algo none"],
    ["with none at all: compressed", ""],
  ])("what tar and gpg --symmetric make is opened by us, %s", async (_, options) => {
    await mkdir(inside("reply/files"), { recursive: true });
    await writeFile(inside("reply/reply.txt"), TEXT);
    await writeFile(inside("reply/files/01-письмо.pdf"), PDF);
    const tar = "tar --format=ustar --owner=0 --group=0 --numeric-owner --mtime=@0 -c reply";
    const symmetric = `gpg --batch -q --pinentry-mode loopback --passphrase ${KEY} ${options} --symmetric`;
    const { code, stdout, stderr } = await gpg.shell(`${tar} | ${symmetric}`, directory);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect((await inspectMessage(streamOf(stdout), "password")).bytes).toBe(stdout.length);
    const { text, files } = await openReply(streamOf(stdout), KEY);
    expect(utf8(text)).toEqual(utf8(TEXT));
    expect(files.map(({ name }) => name)).toEqual(["письмо.pdf"]);
    expectSame(files[0]?.content ?? new Uint8Array(0), PDF);
  });
});
