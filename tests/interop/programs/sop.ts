import { type MadeKey, type Place, type Program, Shell } from "./program.js";

/** A program with the interface that OpenPGP programs share (draft-dkg-openpgp-stateless-cli). */
export async function sop(program: string, place: Place): Promise<Program> {
  const { version, profiles } = await Shell.during(place, async (shell) => {
    const said = (await shell.run(program, ["version"])).toString();
    const listed = await shell.try(program, ["list-profiles", "generate-key"]);
    const names = listed.code === 0 ? listed.stdout.toString().split("\n") : [];
    return {
      version: said.split("\n")[0] ?? "",
      profiles: names.map((line) => line.split(":")[0] ?? "").filter((name) => name !== ""),
    };
  });
  const make =
    (...options: readonly string[]) =>
    () =>
      Shell.during(place, async (shell): Promise<MadeKey> => {
        const secret = await shell.run(program, ["generate-key", ...options, "staff@example.org"]);
        return { secret, certificate: await shell.run(program, ["extract-cert"], secret) };
      });
  return {
    name: version,
    keys: {
      default: make(),
      ...Object.fromEntries(profiles.map((profile) => [profile, make(`--profile=${profile}`)])),
    },
    ways: ["default"],
    encrypt: (certificate, plaintext) =>
      Shell.during(place, async (shell) =>
        shell.run(program, ["encrypt", await shell.write("certificate", certificate)], plaintext),
      ),
    decrypt: (secret, message) =>
      Shell.during(place, async (shell) =>
        shell.run(program, ["decrypt", await shell.write("secret", secret)], message),
      ),
  };
}
