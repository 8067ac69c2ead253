import { deriveReplyAddress, fromHex } from "../../core/index.js";
import type { Command, Report } from "../messages.js";
import type { SealedMailbox } from "./sealed-mailbox.js";

/**
 * Fetches a mailbox before the worker gets a command about it. The worker's limits of time are those of one server; by
 * many ways it takes longer, and a reading has to end with questions that ask for nothing.
 */
export function fetchFirst(mailbox: SealedMailbox): void {
  const passed = new WeakSet<Event>();
  addEventListener("message", (event: MessageEvent<Command>) => {
    const command = event.data;
    if (passed.has(event) || (command.kind !== "read" && command.kind !== "remove")) return;
    event.stopImmediatePropagation();
    obey(mailbox, command).then(
      () => {
        const again = new MessageEvent("message", { data: command });
        passed.add(again);
        dispatchEvent(again);
      },
      () => postMessage({ kind: "unreachable" } satisfies Report),
    );
  });
}

async function obey(mailbox: SealedMailbox, command: Extract<Command, { kind: "read" | "remove" }>): Promise<void> {
  if (command.kind === "remove") return mailbox.remove(command.reply);
  const address = await deriveReplyAddress(command.code, fromHex(command.portalSalt));
  return mailbox.fetchAll(address.mailbox);
}
