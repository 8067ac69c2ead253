import { toString as drawCode } from "qrcode";
import { AuditTrail, type Role, Staff, StaffFolder, totpLink } from "../pickup/index.js";
import { shellUser } from "./collection.js";
import type { Config } from "./config.js";
import { grouped } from "./grouped.js";
import { requireOwnerOf } from "./owner.js";
import { newPassphrase } from "./passphrase.js";

/** On a terminal dark on light, whatever its colours: some phones cannot read an inverted code. */
const CODE =
  process.stdout.isTTY === true
    ? ({ type: "terminal", small: true, errorCorrectionLevel: "M" } as const)
    : ({ type: "utf8", errorCorrectionLevel: "M" } as const);

export interface AddStaffOptions {
  readonly role: Role;
  readonly passphraseFile?: string;
}

/** `postern staff add`: prints the QR code of the new account. Nothing shows it again. */
export async function addStaff(config: Config, name: string, options: AddStaffOptions): Promise<void> {
  const { staff, audit } = await openStaff(config);
  const account = await staff.add(name, options.role, await newPassphrase(options.passphraseFile));
  await audit.add({ who: shellUser(), action: "staff_added", whom: name });
  process.stderr.write("scan this with an authenticator now; it is not shown again:\n");
  process.stdout.write(`${await drawCode(totpLink(account), CODE)}\n`);
  process.stdout.write(`${grouped(account.totp)}\n`);
}

/** `postern staff list`: one line per account. */
export async function listStaff(config: Config): Promise<void> {
  const { staff } = await openStaff(config);
  for (const { name, role } of await staff.list()) process.stdout.write(`${name}  ${role}\n`);
}

/** `postern staff remove`: the running portal ends the session of a removed account at its next request. */
export async function removeStaff(config: Config, name: string): Promise<void> {
  const { staff, audit } = await openStaff(config);
  await staff.remove(name);
  await audit.add({ who: shellUser(), action: "staff_removed", whom: name });
  process.stdout.write(`${name} removed\n`);
}

async function openStaff(config: Config) {
  const folder = await StaffFolder.open(config.staff);
  await requireOwnerOf(config.staff);
  return { staff: new Staff(folder), audit: new AuditTrail(folder) };
}
