import { embed, renderRoomPage, roomWords } from "./html-page.js";

/**
 * `desk.html`: the desk in one file, for a machine with nothing but a browser. It may start its own worker and connect to
 * nothing; wasm is for keys whose passphrase goes through Argon2.
 */
export function renderDeskPage(): string {
  return renderRoomPage({
    script: "desk",
    worker: "open-worker",
    data: embed({ words: roomWords(["desk", "index", "status", "warning"]) }),
    policy: ["worker-src blob:", "img-src 'none'", "trusted-types postern"],
  });
}
