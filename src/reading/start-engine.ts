import { untilParsed } from "../dom/index.js";
import { RenderError } from "./render-error.js";

const ours = new Set<string>();
let policy: { readonly createScriptURL: (url: string) => unknown } | undefined;

/** Where the engines' scripts are: in the page, or at the workbench's server. */
export type EngineScript = (engine: string) => Promise<string>;

/**
 * The engine that the page holds in an element, compressed. It is unpacked when it is first asked for.
 * @throws RenderError `missing`
 */
export async function embeddedEngine(engine: string): Promise<string> {
  const known = embedded.get(engine);
  if (known !== undefined) return known;
  await untilParsed(document);
  const packed = document.getElementById(`reading-${engine}`)?.textContent ?? "";
  if (packed === "") throw missing(engine);
  const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
  const script = await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"))).text();
  const url = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  embedded.set(engine, url);
  return url;
}

const embedded = new Map<string, string>();

/** Those of `engines`, which this page's server has, each with a policy of its own that forbids every connection. */
export function servedEngine(engines: readonly string[]): EngineScript {
  return async (engine) => {
    if (!engines.includes(engine)) throw missing(engine);
    return `/reading/${engine}.js`;
  };
}

function missing(engine: string): RenderError {
  return new RenderError("missing", `this copy of postern has no ${engine} engine`);
}

/** Starts a worker. Under Trusted Types, only scripts asked for by this module can be started. */
export function startEngine(script: string): Worker {
  ours.add(script);
  policy ??= (globalThis as { trustedTypes?: TrustedTypePolicyFactory }).trustedTypes?.createPolicy("postern-reading", {
    createScriptURL: (wanted: string) => {
      if (ours.has(wanted)) return wanted;
      throw new TypeError("this script is not ours");
    },
  });
  const trusted = policy === undefined ? script : policy.createScriptURL(script);
  return new Worker(trusted as string, { name: "postern-reading" });
}

interface TrustedTypePolicyFactory {
  createPolicy(
    name: string,
    rules: { createScriptURL(url: string): string },
  ): { readonly createScriptURL: (url: string) => unknown };
}
