import { type MadeKey, type Place, type Program, Shell, USER } from "./program.js";

const COMMON = ["--batch", "--quiet", "--no-tty", "--pinentry-mode", "loopback", "--trust-model", "always"];
/** Algorithms of the primary key and of its encryption subkey, as GnuPG names them. */
const PAIRS: Readonly<Record<string, readonly [primary: string, subkey: string]>> = {
  "RSA 3072": ["rsa3072", "rsa3072"],
  "RSA 4096": ["rsa4096", "rsa4096"],
  "RSA 2048": ["rsa2048", "rsa2048"],
  Curve25519: ["ed25519", "cv25519"],
  "NIST P-256": ["nistp256", "nistp256"],
  "NIST P-384": ["nistp384", "nistp384"],
  "NIST P-521": ["nistp521", "nistp521"],
  "Brainpool P-256": ["brainpoolP256r1", "brainpoolP256r1"],
  "Brainpool P-384": ["brainpoolP384r1", "brainpoolP384r1"],
  "Brainpool P-512": ["brainpoolP512r1", "brainpoolP512r1"],
  secp256k1: ["secp256k1", "secp256k1"],
  "DSA and Elgamal": ["dsa2048", "elg2048"],
  "RSA with Curve25519": ["rsa3072", "cv25519"],
};

export async function gnupg(place: Place): Promise<Program> {
  const [first = ""] = (await Shell.during(place, (shell) => shell.run("gpg", ["--version"]))).toString().split("\n");
  const version = /\d\S*/.exec(first)?.[0] ?? "";
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const isNew = major > 2 || minor >= 4;
  const make = (steps: (gpg: Gpg) => Promise<unknown>) => () =>
    Shell.during(place, async (shell) => {
      const gpg = new Gpg(shell);
      await steps(gpg);
      return gpg.exported();
    });
  const pair = (primary: string, subkey: string, expires = "never") =>
    make(async (gpg) => {
      await gpg.run("--quick-generate-key", USER, primary, primary === "rsa3072" ? "sign,cert" : "sign", expires);
      await gpg.run("--quick-add-key", await gpg.fingerprint(), subkey, "encr", expires);
    });
  return {
    name: `GnuPG ${version}`,
    keys: {
      default: make((gpg) => gpg.run("--quick-generate-key", USER, "default", "default", "never")),
      "future default": make((gpg) => gpg.run("--quick-generate-key", USER, "future-default", "default", "1y")),
      ...Object.fromEntries(Object.entries(PAIRS).map(([name, [primary, subkey]]) => [name, pair(primary, subkey)])),
      expiring: pair("ed25519", "cv25519", "90d"),
      "two encryption subkeys": make(async (gpg) => {
        await gpg.run("--quick-generate-key", USER, "ed25519", "sign", "never");
        for (const subkey of ["rsa3072", "cv25519"]) {
          await gpg.run("--quick-add-key", await gpg.fingerprint(), subkey, "encr", "never");
        }
      }),
      "several user ids": make(async (gpg) => {
        await gpg.run("--quick-generate-key", USER, "default", "default", "never");
        await gpg.run("--quick-add-uid", await gpg.fingerprint(), "Приёмная <office@example.org>");
      }),
      "expiry extended": make(async (gpg) => {
        await gpg.run("--quick-generate-key", USER, "default", "default", "30d");
        await gpg.run("--quick-set-expire", await gpg.fingerprint(), "2y");
        await gpg.run("--quick-set-expire", await gpg.fingerprint(), "2y", "*");
      }),
      "encryption subkey revoked, and a new one": make(async (gpg) => {
        await gpg.run("--quick-generate-key", USER, "ed25519", "sign", "never");
        await gpg.run("--quick-add-key", await gpg.fingerprint(), "cv25519", "encr", "never");
        const edit = Buffer.from("key 1\nrevkey\ny\n0\n\ny\nsave\n");
        await gpg.edit(edit, await gpg.fingerprint());
        await gpg.run("--quick-add-key", await gpg.fingerprint(), "cv25519", "encr", "never");
      }),
      ...(isNew && {
        "Curve448 (version 5)": make(async (gpg) => {
          const unusual = ["--compliance", "gnupg"];
          await gpg.run(...unusual, "--quick-generate-key", USER, "ed448", "sign", "never");
          await gpg.run(...unusual, "--quick-add-key", await gpg.fingerprint(), "cv448", "encr", "never");
        }),
        "additional decryption subkey": make(async (gpg) => {
          await gpg.run("--quick-generate-key", "Other <other@example.org>", "default", "default", "never");
          const subkey = await gpg.fingerprint("sub");
          await gpg.run("--quick-generate-key", USER, "default", "default", "never");
          const own = await gpg.fingerprint("pub", USER);
          await gpg.run("--quick-add-adsk", own, subkey);
          gpg.exports = own;
        }),
      }),
    },
    ways: [
      "default",
      "--throw-keyids",
      "--compress-algo none",
      "--compress-algo bzip2",
      "--armor",
      "--rfc4880",
      "--cipher-algo AES128",
      ...(isNew ? ["--force-ocb"] : []),
    ],
    encrypt: (certificate, plaintext, way = "default") =>
      Shell.during(place, async (shell) => {
        const file = await shell.write("certificate", certificate);
        const options = way === "default" ? [] : way.split(" ");
        return shell.run("gpg", [...COMMON, ...options, "--recipient-file", file, "--encrypt"], plaintext);
      }),
    decrypt: (secret, message) =>
      Shell.during(place, async (shell) => {
        await shell.run("gpg", [...COMMON, "--import"], secret);
        // After it has tried several keys its exit code is 2, even if the last one fitted.
        const { stdout, stderr } = await shell.try("gpg", [...COMMON, "--status-fd", "2", "--decrypt"], message);
        if (!stderr.includes("[GNUPG:] DECRYPTION_OKAY")) throw new Error(stderr);
        return stdout;
      }),
  };
}

class Gpg {
  readonly #shell: Shell;
  /** Fingerprint of the key that is exported, if it is not the only one. */
  exports: string | null = null;

  constructor(shell: Shell) {
    this.#shell = shell;
  }

  run(...args: readonly string[]): Promise<Buffer> {
    return this.#shell.run("gpg", [...COMMON, "--passphrase", "", ...args]);
  }

  edit(commands: Uint8Array, fingerprint: string): Promise<Buffer> {
    const quiet = COMMON.filter((option) => option !== "--batch");
    return this.#shell.run(
      "gpg",
      [...quiet, "--passphrase", "", "--command-fd", "0", "--edit-key", fingerprint],
      commands,
    );
  }

  async fingerprint(kind: "pub" | "sub" = "pub", user?: string): Promise<string> {
    const listed = (await this.run("--with-colons", "--list-keys", ...(user === undefined ? [] : [user]))).toString();
    const lines = listed.split("\n");
    const at = lines.findIndex((line) => line.startsWith(`${kind}:`));
    return (
      lines
        .slice(at)
        .find((line) => line.startsWith("fpr:"))
        ?.split(":")[9] ?? ""
    );
  }

  async exported(): Promise<MadeKey> {
    const which = this.exports === null ? [] : [this.exports];
    const certificate = await this.run("--export", ...which);
    return { certificate, secret: await this.run("--armor", "--export-secret-keys", ...which) };
  }
}
