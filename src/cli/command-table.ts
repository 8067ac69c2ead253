import type { Commands } from "./run.js";

/** The commands of the offline machine, for the package that holds nothing else. */
export const OFFLINE_COMMANDS: Commands = {
  manifest: async () => (await import("./commands/manifest.js")).manifest,
  keys: async () => (await import("./commands/keys.js")).keys,
  open: async () => (await import("./commands/open.js")).open,
  index: async () => (await import("./commands/case-index.js")).caseIndex,
  case: async () => (await import("./commands/case.js")).caseNotes,
  notes: async () => (await import("./commands/notes.js")).notes,
  desk: async () => (await import("./commands/desk.js")).desk,
  dossier: async () => (await import("./commands/dossier.js")).dossier,
  rekey: async () => (await import("./commands/rekey.js")).rekey,
  reply: async () => (await import("./commands/reply.js")).reply,
};

/** All, in the order of `postern --help`. */
export const COMMANDS: Commands = {
  serve: async () => (await import("./commands/serve.js")).serve,
  mail: async () => (await import("./commands/mail.js")).mail,
  relay: async () => (await import("./commands/relay.js")).relay,
  demo: async () => (await import("./commands/demo.js")).demo,
  doctor: async () => (await import("./commands/doctor.js")).doctor,
  site: async () => (await import("./commands/site.js")).site,
  verify: async () => (await import("./commands/verify.js")).verify,
  ...OFFLINE_COMMANDS,
  replies: async () => (await import("./commands/replies.js")).replies,
  outbox: async () => (await import("./commands/outbox.js")).outbox,
  list: async () => (await import("./commands/list.js")).list,
  ledger: async () => (await import("./commands/ledger.js")).ledger,
  export: async () => (await import("./commands/export.js")).exportCommand,
  acknowledge: async () => (await import("./commands/acknowledge.js")).acknowledge,
  prune: async () => (await import("./commands/prune.js")).prune,
  store: async () => (await import("./commands/store.js")).store,
  staff: async () => (await import("./commands/staff.js")).staff,
  audit: async () => (await import("./commands/audit.js")).audit,
};
