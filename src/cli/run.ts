import { Command, CommanderError } from "commander";
import { installedVersion } from "../files/index.js";
import type { PosternCommand } from "./command.js";
import { EXIT_CODE } from "./exit-code.js";

/** How to load each command, in the order of `postern --help`. */
export type Commands = Readonly<Record<string, () => Promise<PosternCommand>>>;

/** Runs the command that the arguments name. It alone is loaded, or all of them, for help and for errors. */
export async function run(commands: Commands): Promise<void> {
  // AWS's library warns of its later versions; this one is pinned.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
  const [, program = "dist/cli/main.js", name = ""] = process.argv;
  const { DISPLAY, WAYLAND_DISPLAY } = process.env;
  const context = {
    program,
    hasDisplay: DISPLAY !== undefined || WAYLAND_DISPLAY !== undefined,
    readConfig: async () => (await import("./config.js")).readConfig(process.env),
  };
  const postern = new Command("postern")
    .description("an encrypted submission portal: the server stores submissions as OpenPGP ciphertext only")
    .version(installedVersion())
    .exitOverride()
    .showHelpAfterError("run postern --help for the commands");
  const asked = Object.hasOwn(commands, name) ? commands[name] : undefined;
  try {
    for (const load of asked === undefined ? Object.values(commands) : [asked])
      (await load()).register(postern, context);
    await postern.parseAsync(process.argv);
  } catch (error) {
    if (!(error instanceof CommanderError)) process.exitCode = (await import("./report-error.js")).reportError(error);
    else process.exitCode = error.exitCode === 0 ? EXIT_CODE.done : EXIT_CODE.usage;
  }
}
