import { button, make } from "../dom/index.js";
import type { Boot } from "./boot.js";
import type { Client } from "./client.js";
import type { DraftsParts } from "./draft-dialog.js";
import type { Later } from "./later.js";

/**
 * Offers to stop and continue later. Nothing is kept, and nothing loaded, before somebody asks for it.
 * @param load the script that does it
 */
export function offerDrafts(
  parts: Omit<DraftsParts, "boot" | "client" | "place">,
  boot: Boot | null,
  client: Client,
  load: (which: "stop" | "resume") => Promise<Later["stop"] | undefined>,
): HTMLElement {
  const { say } = parts;
  const place = make("div");
  const offer = (which: "stop" | "resume") =>
    button(say(`draft-${which}`), () =>
      load(which)
        .then((act) => act?.({ ...parts, boot, client, place }))
        .catch(() => place.replaceChildren(say("client-fault-internal"))),
    );
  return make("section", { class: "drafts" }, make("p", { class: "actions" }, offer("stop"), offer("resume")), place);
}
