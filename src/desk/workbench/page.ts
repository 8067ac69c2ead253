import { builtEngines, embed, pageWords, renderHtmlPage } from "../html/index.js";

/** The same in both: the policy of the page, and of its answer. */
const POLICY = ["worker-src 'self'", "img-src 'none'", "trusted-types postern-reading"];

export interface WorkbenchPage {
  readonly html: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
}

/** The page of the workbench. It holds no case: it asks for them with its token. */
export function renderWorkbenchPage(): WorkbenchPage {
  const words = pageWords(["answer", "index", "people", "reading", "status", "warning", "work"]);
  const data = embed({ words, engines: builtEngines() });
  const html = renderHtmlPage({ script: "workbench", data, policy: POLICY, connect: "'self'" });
  const policy =
    /<meta http-equiv="Content-Security-Policy" content="([^"]+)">/.exec(html)?.[1] ?? "default-src 'none'";
  return {
    html: new TextEncoder().encode(html),
    headers: {
      ...ANSWER_HEADERS,
      "Content-Type": "text/html; charset=utf-8",
      "Content-Security-Policy": `${policy}; frame-ancestors 'none'; sandbox allow-scripts allow-same-origin allow-downloads allow-modals`,
      "Cross-Origin-Embedder-Policy": "require-corp",
      "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), serial=(), usb=()",
    },
  };
}

/** Of an engine's script: a worker's policy is that of its script, and this one allows nothing. */
export const ENGINE_HEADERS: Readonly<Record<string, string>> = {
  "Content-Type": "text/javascript; charset=utf-8",
  "Content-Security-Policy": "default-src 'none'",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

/** Of every answer: no other page may read, frame or keep it. */
export const ANSWER_HEADERS: Readonly<Record<string, string>> = {
  "Cache-Control": "no-store",
  "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Origin-Agent-Cluster": "?1",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
};
