import { type MadeKey, type Place, type Program, Shell } from "./program.js";

const OLD_SUITES = ["rsa3k", "rsa4k"];
const NEW_SUITES = ["rsa3k", "rsa4k"];

export async function sequoia(place: Place): Promise<Program> {
  const said = await Shell.during(place, async (shell) => {
    const { code, stdout, stderr } = await shell.try("sq", ["version"]);
    return code === 0 ? `${stdout}${stderr}` : (await shell.run("sq", ["--version"])).toString();
  });
  const version = /^sq (\d\S*)/m.exec(said)?.[1] ?? "";
  return version.startsWith("0.") ? old(`Sequoia sq ${version}`, place) : current(`Sequoia sq ${version}`, place);
}

/** Before version 1. */
function old(name: string, place: Place): Program {
  const make =
    (...options: readonly string[]) =>
    () =>
      Shell.during(place, async (shell): Promise<MadeKey> => {
        await shell.run("sq", ["key", "generate", "--userid", "<staff@example.org>", "--export", "key", ...options]);
        const certificate = await shell.run("sq", ["key", "extract-cert", "key"]);
        return { certificate, secret: await shell.read("key") };
      });
  return {
    name,
    keys: {
      default: make(),
      ...Object.fromEntries(OLD_SUITES.map((suite) => [suite, make("--cipher-suite", suite)])),
      expiring: make("--expires-in", "90d"),
      "--can-encrypt storage": make("--can-encrypt", "storage"),
      "--cannot-encrypt": make("--cannot-encrypt"),
    },
    ways: ["default", "--compression zip"],
    encrypt: (certificate, plaintext, way = "default") =>
      Shell.during(place, async (shell) => {
        const options = way === "default" ? [] : way.split(" ");
        const file = await shell.write("certificate", certificate);
        return shell.run("sq", ["encrypt", "--binary", ...options, "--recipient-cert", file], plaintext);
      }),
    decrypt: (secret, message) =>
      Shell.during(place, async (shell) =>
        shell.run("sq", ["decrypt", "--recipient-key", await shell.write("key", secret)], message),
      ),
  };
}

function current(name: string, place: Place): Program {
  const sq = (shell: Shell, args: readonly string[], input?: Uint8Array) =>
    shell.run("sq", ["--home", "none", "--batch", "--quiet", ...args], input);
  const make =
    (...options: readonly string[]) =>
    () =>
      Shell.during(place, async (shell): Promise<MadeKey> => {
        const names = options.includes("--no-userids") ? [] : ["--name", "Staff", "--email", "staff@example.org"];
        const files = ["--output", "key", "--rev-cert", "revocation"];
        await sq(shell, ["key", "generate", "--own-key", "--without-password", ...files, ...names, ...options]);
        await sq(shell, ["key", "delete", "--cert-file", "key", "--output", "certificate"]);
        return { certificate: await shell.read("certificate"), secret: await shell.read("key") };
      });
  return {
    name,
    keys: {
      default: make(),
      ...Object.fromEntries(NEW_SUITES.map((suite) => [suite, make("--cipher-suite", suite)])),
      "--no-userids": make("--no-userids"),
      expiring: make("--expiration", "90d"),
      "--can-encrypt storage": make("--can-encrypt", "storage"),
      "--profile rfc9580": make("--profile", "rfc9580"),
      "--profile rfc9580 --cipher-suite rsa4k": make("--profile", "rfc9580", "--cipher-suite", "rsa4k"),
    },
    ways: ["default", "--compression zip", "--profile rfc9580"],
    encrypt: (certificate, plaintext, way = "default") =>
      Shell.during(place, async (shell) => {
        const options = way === "default" ? [] : way.split(" ");
        const file = await shell.write("certificate", certificate);
        const args = ["encrypt", "--binary", "--without-signature", ...options, "--for-file", file];
        return sq(shell, args, plaintext);
      }),
    decrypt: (secret, message) =>
      Shell.during(place, async (shell) =>
        sq(shell, ["decrypt", "--recipient-file", await shell.write("key", secret)], message),
      ),
  };
}
