import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createKeyPair, gpgOpener } from "../../../src/desk/index.js";
import { GnuPg } from "../../support/gpg.js";
import { recipientOf } from "../../support/keys.js";
import { submissionMessage } from "../../support/message.js";
import { removeFolder } from "../../support/temporary.js";
import { requireTools } from "../../support/tools.js";
import { readVector } from "../../vectors/manifest.js";

const SOURCE = { file: "one.tar.gpg", sha256: "0".repeat(64), day: "2026-01-01" };
const STALL_TIMEOUT_MS = 1_500;
const REPORT = ["BEGIN_DECRYPTION", "DECRYPTION_INFO 2 9 0", "PLAINTEXT 62 0 ", "DECRYPTION_OKAY", "GOODMDC"];
const say = (...status: readonly string[]) => status.map((line) => `echo "[GNUPG:] ${line}" >&3`);

/** What is started instead of gpg. */
async function scriptIn(folder: string, lines: readonly string[]): Promise<string> {
  const command = join(folder, "gpg");
  await writeFile(command, `#!/bin/bash\n${lines.join("\n")}\n`, { mode: 0o700 });
  return command;
}

describe.runIf(requireTools("opening with GnuPG", "gpg", "bash"))("opening with GnuPG", () => {
  let folder: string;
  let gnupg: GnuPg;
  let file: string;
  let message: Buffer;
  beforeAll(async () => {
    gnupg = await GnuPg.create();
    const pair = await createKeyPair({ profile: "gnupg", userId: { name: "x" }, passphrase: "", lifetime: 1e7 });
    await gnupg.gpg(["--import"], Buffer.from(pair.secretKey));
    message = await submissionMessage(await recipientOf(pair), 1_000);
  });
  afterAll(() => gnupg.close());
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "postern-gpg-"));
    file = join(folder, "one.tar.gpg");
    await writeFile(file, message);
    await mkdir(join(folder, "case"));
  });
  afterEach(() => removeFolder(folder));

  /** GnuPG with this home, which says `times` times that it has no key, and counts how often it is asked. */
  const forgetful = async (times: number) => {
    const count = join(folder, "count");
    await writeFile(count, "");
    const lines = [
      "#!/bin/bash",
      `echo >> '${count}'`,
      `[ $(wc -l < '${count}') -gt ${times} ] && exec gpg --homedir '${gnupg.home}' "$@"`,
      'echo "[GNUPG:] NO_SECKEY 0000000000000000" >&3',
      'echo "gpg: decryption failed: No secret key" >&2',
      "exit 2",
    ];
    const command = join(folder, "gpg");
    await writeFile(command, `${lines.join("\n")}\n`, { mode: 0o700 });
    return { command, asked: async () => (await readFile(count, "utf8")).length };
  };

  it("retries once when GnuPG reports no key, since its agent errs under concurrent requests", async () => {
    const { command, asked } = await forgetful(1);
    await gpgOpener(command).open(file, join(folder, "case"), SOURCE);
    expect(await readdir(join(folder, "case", "files"))).toHaveLength(1);
    expect(await asked()).toBe(2);
  });

  it("retries once more when the agent errs even alone, as it does while it still cleans up", async () => {
    const { command, asked } = await forgetful(2);
    await gpgOpener(command).open(file, join(folder, "case"), SOURCE);
    expect(await asked()).toBe(3);
  });

  it("retries while no other file is being decrypted", async () => {
    const { command, asked } = await forgetful(4);
    const busy = join(folder, "busy");
    await mkdir(busy);
    // While one is under way there is a file for it; whoever is asked again must be the only one.
    const lines = [
      "#!/bin/bash",
      `touch '${busy}'/$$`,
      "sleep 0.2",
      `[ $(wc -l < '${join(folder, "count")}') -ge 4 ] && [ $(ls '${busy}' | wc -l) -gt 1 ] && touch '${join(folder, "crowd")}'`,
      `'${command}' "$@"`,
      "code=$?",
      `rm '${busy}'/$$`,
      "exit $code",
    ];
    const slow = join(folder, "slow");
    await writeFile(slow, `${lines.join("\n")}\n`, { mode: 0o700 });
    const opener = gpgOpener(slow, 4);
    const cases = ["1", "2", "3", "4"].map((name) => join(folder, name));
    for (const name of cases) await mkdir(name);
    await Promise.all(cases.map((name) => opener.open(file, name, SOURCE)));
    expect(await asked()).toBe(8);
    expect(await readdir(folder)).not.toContain("crowd");
  });

  it.each<[string, string, string?]>([
    ["rejected/armored.pgp", "in ASCII armor, in which such a message could hide", "armored"],
    ["rejected/with-password.pgp", "for which it would ask staff for a passphrase"],
    ["rejected/with-password-and-key.pgp", "for which it might"],
    ["rejected/literal.pgp", "that is not encrypted"],
    ["rejected/signed-only.pgp", "that is signed only"],
    ["rejected/too-many-recipients.pgp", "with more recipients than a submission may have"],
    ["rejected/empty.pgp", "that is empty"],
  ])("is not asked about a message %s %s", async (vector, _which, code = "not_a_message") => {
    const { command, asked } = await forgetful(0);
    await writeFile(file, readVector(vector));
    await expect(gpgOpener(command).open(file, join(folder, "case"), SOURCE)).rejects.toMatchObject({ code });
    expect(await asked()).toBe(0);
  });

  it("fails if GnuPG reports no key three times, and leaves nothing", async () => {
    const { command, asked } = await forgetful(9);
    await expect(gpgOpener(command).open(file, join(folder, "case"), SOURCE)).rejects.toMatchObject({
      code: "no_matching_key",
    });
    expect(await asked()).toBe(3);
    expect(await readdir(join(folder, "case"))).toEqual([]);
  });

  const script = (...lines: readonly string[]) => scriptIn(folder, lines);

  it.each<[string, string, readonly string[]]>([
    ["is killed", "refused", ["kill -KILL $$"]],
    [
      "is killed within the message",
      "refused",
      [...say(...REPORT.slice(0, 3)), "head -c 100000 /dev/zero", "kill -9 $$"],
    ],
    ["writes something else", "refused", ["head -c 100000 /dev/urandom"]],
    ["reports something else", "refused", ["head -c 100000 /dev/urandom >&3", "cat '$file' >&2"]],
    ["says nothing and succeeds", "refused", ["exit 0"]],
    [
      "says that all is well, twice",
      "refused",
      [...say(...REPORT, "END_DECRYPTION"), ...say(...REPORT, "END_DECRYPTION")],
    ],
    ["finds the message damaged", "damaged", [...say(...REPORT.slice(0, 3), "BADMDC", "DECRYPTION_FAILED"), "exit 2"]],
    ["finds no message", "not_a_message", [...say("NODATA 1"), "exit 2"]],
    ["has another key", "no_matching_key", [...say("NO_SECKEY 0123456789ABCDEF"), "exit 2"]],
    ["gets the wrong passphrase", "no_passphrase", [...say("ERROR pkdecrypt_failed 11", "NO_SECKEY 0"), "exit 2"]],
    ["is told to cancel", "no_passphrase", [...say("ERROR pkdecrypt_failed 83886179"), "exit 2"]],
    ["has no pinentry", "no_pinentry", [...say("ERROR pkdecrypt_failed 67108950"), "exit 2"]],
    ["misses the card", "no_card", [...say("ERROR pkdecrypt_failed 100663408"), "exit 2"]],
  ])("fails, with the true cause, if gpg %s: %s", async (_what, code, lines) => {
    const command = await script(...lines);
    const opener = gpgOpener(command, 1, 60_000);
    await expect(opener.open(file, join(folder, "case"), SOURCE)).rejects.toMatchObject({ code });
    await opener.close();
  });

  it("fails if there is no gpg", async () => {
    const opener = gpgOpener(join(folder, "nothing"));
    await expect(opener.open(file, join(folder, "case"), SOURCE)).rejects.toMatchObject({ code: "missing" });
  });

  it("opens what gpg writes slowly, however long it takes", async () => {
    const portion = "dd bs=10000 count=1 iflag=fullblock status=none; sleep 0.5";
    const slow = await script(
      `gpg --homedir '${gnupg.home}' "$@" | (for portion in 1 2 3 4 5 6 7 8; do ${portion}; done; cat)`,
    );
    await gpgOpener(slow, 1, 2 * STALL_TIMEOUT_MS).open(file, join(folder, "case"), SOURCE);
    expect(await readdir(join(folder, "case"))).toContain("letter.txt");
  });
});

describe.runIf(requireTools("opening with GnuPG", "gpg", "bash"))("opening with GnuPG that says nothing more", () => {
  let message: Buffer;
  beforeAll(async () => {
    const pair = await createKeyPair({ profile: "gnupg", userId: { name: "x" }, passphrase: "", lifetime: 1e7 });
    message = await submissionMessage(await recipientOf(pair), 1_000);
  });

  // They wait beside each other.
  it.concurrent.each<[string, readonly string[]]>([
    ["never says anything", ["exec sleep 1000"]],
    ["stops", ["kill -STOP $$"]],
    ["does not end when told to", ["trap '' TERM", "while :; do sleep 0.1; done"]],
    ["speaks without end, but not of the message", ["while echo no >&2 && sleep 0.05; do :; done"]],
    ["reports without end", ["while echo '[GNUPG:] KEY_CONSIDERED' >&3 && sleep 0.05; do :; done"]],
    ["begins and falls silent", ["printf x", ...say(...REPORT), "exec sleep 1000"]],
    ["ends, and leaves its pipes to another", ["sleep 20 &", "exit 2"]],
  ])("fails, with the true cause, if gpg %s", async (_what, lines) => {
    const folder = await mkdtemp(join(tmpdir(), "postern-gpg-"));
    try {
      const file = join(folder, "one.tar.gpg");
      await writeFile(file, message);
      await mkdir(join(folder, "case"));
      const opener = gpgOpener(await scriptIn(folder, lines), 1, STALL_TIMEOUT_MS);
      await expect(opener.open(file, join(folder, "case"), SOURCE)).rejects.toMatchObject({ code: "stalled" });
      await opener.close();
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
