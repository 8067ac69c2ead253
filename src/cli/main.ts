#!/usr/bin/env node
import { Command, CommanderError } from "commander";
import type { PosternCommand } from "./command.js";
import { EXIT_CODE } from "./exit-code.js";

/** In the order of `postern --help`. */
const COMMANDS: Readonly<Record<string, () => Promise<PosternCommand>>> = {
  serve: async () => (await import("./commands/serve.js")).serve,
  mail: async () => (await import("./commands/mail.js")).mail,
  demo: async () => (await import("./commands/demo.js")).demo,
  doctor: async () => (await import("./commands/doctor.js")).doctor,
  site: async () => (await import("./commands/site.js")).site,
  manifest: async () => (await import("./commands/manifest.js")).manifest,
  verify: async () => (await import("./commands/verify.js")).verify,
  keys: async () => (await import("./commands/keys.js")).keys,
  open: async () => (await import("./commands/open.js")).open,
  index: async () => (await import("./commands/case-index.js")).caseIndex,
  case: async () => (await import("./commands/case.js")).caseNotes,
  rekey: async () => (await import("./commands/rekey.js")).rekey,
  reply: async () => (await import("./commands/reply.js")).reply,
  replies: async () => (await import("./commands/replies.js")).replies,
  list: async () => (await import("./commands/list.js")).list,
  ledger: async () => (await import("./commands/ledger.js")).ledger,
  export: async () => (await import("./commands/export.js")).exportCommand,
  acknowledge: async () => (await import("./commands/acknowledge.js")).acknowledge,
  prune: async () => (await import("./commands/prune.js")).prune,
  staff: async () => (await import("./commands/staff.js")).staff,
  audit: async () => (await import("./commands/audit.js")).audit,
};

/** Loads the one command that is asked for, or all of them, for help and for errors. */
async function load(name = ""): Promise<readonly PosternCommand[]> {
  const asked = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  return Promise.all((asked === undefined ? Object.values(COMMANDS) : [asked]).map((each) => each()));
}

async function main(): Promise<void> {
  // AWS's library warns of its later versions; this one is pinned.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
  const [, program = "dist/cli/main.js", name] = process.argv;
  const context = { program, readConfig: async () => (await import("./config.js")).readConfig(process.env) };
  const postern = new Command("postern")
    .description("an encrypted submission portal: the server stores submissions as OpenPGP ciphertext only")
    .exitOverride()
    .showHelpAfterError("run postern --help for the commands");
  try {
    for (const command of await load(name)) command.register(postern, context);
    await postern.parseAsync(process.argv);
  } catch (error) {
    if (!(error instanceof CommanderError)) process.exitCode = (await import("./report-error.js")).reportError(error);
    else process.exitCode = error.exitCode === 0 ? EXIT_CODE.done : EXIT_CODE.usage;
  }
}

await main();
