import { type MadeKey, type Place, type Program, Shell } from "./program.js";

const USER = "staff@example.org";
const PASSWORD = ["--password", ""];
/** What a person answers to rnpkeys --expert: the algorithm, and then the curve. */
const EXPERT: Readonly<Record<string, string>> = {
  Curve25519: "22\n",
  "NIST P-256": "19\n1\n",
  "NIST P-384": "19\n2\n",
  "NIST P-521": "19\n3\n",
  "Brainpool P-256": "19\n4\n",
  "Brainpool P-384": "19\n5\n",
  "Brainpool P-512": "19\n6\n",
  secp256k1: "19\n7\n",
};

export async function rnp(place: Place): Promise<Program> {
  const said = await Shell.during(place, (shell) => shell.run("rnp", ["--version"]));
  const version = /^rnp (\d[\d.]*)/m.exec(said.toString())?.[1] ?? "";
  const [, minor = 0] = version.split(".").map(Number);
  // Before 0.17 it does not try its keys where a message names none.
  const hidden = minor >= 17 ? ["--allow-hidden"] : [];
  const keys = (shell: Shell, args: readonly string[], answers = "") =>
    shell.run("rnpkeys", ["--homedir", ".", "--notty", ...PASSWORD, ...args], Buffer.from(answers));
  const make =
    (options: readonly string[], answers = "") =>
    () =>
      Shell.during(place, async (shell): Promise<MadeKey> => {
        await keys(shell, ["--generate-key", "--userid", USER, ...options], answers);
        await keys(shell, ["--export-key", "--output", "certificate", USER]);
        await keys(shell, ["--export-key", "--secret", "--output", "secret", USER]);
        return { certificate: await shell.read("certificate"), secret: await shell.read("secret") };
      });
  return {
    name: `RNP ${version}`,
    keys: {
      default: make([]),
      "RSA 3072": make(["--numbits", "3072"]),
      "RSA 4096": make(["--numbits", "4096"]),
      ...Object.fromEntries(Object.entries(EXPERT).map(([name, answers]) => [name, make(["--expert"], answers)])),
    },
    ways: ["default", "--zip", "--armor", "--aead=OCB", "--aead=EAX"],
    encrypt: (certificate, plaintext, way = "default") =>
      Shell.during(place, async (shell) => {
        const options = way === "default" ? [] : [way];
        await keys(shell, ["--import-keys", await shell.write("certificate", certificate)]);
        const listed = (await keys(shell, ["--list-keys"])).toString();
        const fingerprint = /^\s+([0-9a-f]{40})$/m.exec(listed)?.[1] ?? "";
        const input = await shell.write("plain", plaintext);
        const files = ["--output", "message", input];
        await shell.run("rnp", ["--homedir", ".", "--notty", "-e", ...options, "-r", fingerprint, ...files]);
        return shell.read("message");
      }),
    decrypt: (secret, message) =>
      Shell.during(place, async (shell) => {
        await keys(shell, ["--import-keys", await shell.write("secret", secret)]);
        const files = ["--output", "plain", await shell.write("message", message)];
        await shell.run("rnp", ["--homedir", ".", "--notty", ...PASSWORD, ...hidden, "-d", ...files]);
        return shell.read("plain");
      }),
  };
}
