import { userInfo } from "node:os";
import { toString as drawCode } from "qrcode";
import { AuditTrail, type Role, Staff, StaffFolder, totpLink } from "../pickup/index.js";
import type { Config } from "./config.js";
import { becomeOwnerOf } from "./owner.js";
import { askNewPassphrase, passphraseFromFile } from "./passphrase.js";

/** In a terminal dark on light whatever its own colours are: not every telephone reads the other way round. */
const CODE =
  process.stdout.isTTY === true
    ? ({ type: "terminal", small: true, errorCorrectionLevel: "M" } as const)
    : ({ type: "utf8", errorCorrectionLevel: "M" } as const);

export interface AddStaffOptions {
  readonly role: Role;
  readonly passphraseFile?: string;
}

async function open(config: Config) {
  const folder = await StaffFolder.open(config.staff);
  await becomeOwnerOf(config.staff);
  return { staff: new Staff(folder), audit: new AuditTrail(folder), who: `shell:${userInfo().username}` };
}

/** `postern staff add`: prints the QR code of the new account, once. */
export async function addStaff(config: Config, name: string, options: AddStaffOptions): Promise<void> {
  const { staff, audit, who } = await open(config);
  const { passphraseFile } = options;
  const passphrase = passphraseFile === undefined ? await askNewPassphrase() : await passphraseFromFile(passphraseFile);
  const account = await staff.add(name, options.role, passphrase);
  await audit.add({ who, action: "staff_added", whom: name });
  process.stderr.write(`scan this with an authenticator now; it is not shown again:\n`);
  process.stdout.write(`${await drawCode(totpLink(account), CODE)}\n`);
  process.stdout.write(`${account.totp.replace(/(.{4})(?=.)/g, "$1 ")}\n`);
}

/** `postern staff list`: one line each. */
export async function listStaff(config: Config): Promise<void> {
  const { staff } = await open(config);
  for (const { name, role } of await staff.list()) process.stdout.write(`${name}  ${role}\n`);
}

/** `postern staff remove`: who it is can do nothing more at once, also if signed in. */
export async function removeStaff(config: Config, name: string): Promise<void> {
  const { staff, audit, who } = await open(config);
  await staff.remove(name);
  await audit.add({ who, action: "staff_removed", whom: name });
  process.stdout.write(`${name} removed\n`);
}

/** `postern audit verify`: throws AuditError where the trail does not hold together. */
export async function verifyAudit(config: Config, options: { readonly head?: string }): Promise<void> {
  const { audit } = await open(config);
  const { count, head } = await audit.verify(options.head);
  process.stdout.write(`${count} entries hold together\n${head}\n`);
  process.stderr.write("note the last line down: with --head it shows later whether the end was cut off\n");
}
