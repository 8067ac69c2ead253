import { embed, engineElements, pageWords, renderHtmlPage } from "./html-page.js";

/**
 * `desk.html`: the desk in one file, for a machine that only has a browser. It may start its own worker and may not
 * connect to anything. Keys whose passphrases use Argon2 need wasm.
 */
export function renderDeskPage(): string {
  return renderHtmlPage({
    script: "desk",
    worker: "open-worker",
    data: embed({ words: pageWords(["desk", "index", "people", "reading", "share", "status", "warning", "work"]) }),
    elements: engineElements(["picture", "heif", "pdf"]),
    policy: ["worker-src blob:", "img-src 'none'", "trusted-types postern postern-reading"],
  });
}
