import { CSP, digestOf, type Manifest } from "./manifest.js";
import type { StatedWays } from "./ways-differences.js";

/** One response, as the manifest describes it. */
export interface DescribedResponse {
  readonly path: string;
  /** Whether a copy of the site may have it. */
  readonly copied: boolean;
  readonly contents: Uint8Array;
  /** Without those of the transfer, by lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface ManifestInputs {
  /** Sorted by path. */
  readonly responses: readonly DescribedResponse[];
  readonly version: string;
  /** Address of the source, for WEBCAT's tools, or null. */
  readonly app: string | null;
  /** Which of the portal's two addresses gives these responses. */
  readonly address: "clear" | "onion";
  readonly fingerprints: readonly string[];
  /** How the offline form may send, or null. */
  readonly ways: StatedWays;
}

const INDEX = "index.html";
/** A browser with WEBCAT shows this page, which has no scripts, for a missing path. */
const FALLBACK = "/404.html";

export function createManifest({ responses, version, app, address, fingerprints, ways }: ManifestInputs): Manifest {
  const fallback = responses.find(({ path }) => path === FALLBACK);
  const defaultCsp = commonCsp(responses, fallback);
  const rest = new Map(responses.map(({ path, headers: { [CSP]: _policy, ...others } }) => [path, others]));
  const [some] = rest.values();
  const shared = Object.entries(some ?? {}).filter(([name, value]) =>
    [...rest.values()].every((each) => each[name] === value),
  );
  const defaults = Object.fromEntries(shared);
  const extra = [...rest].map(([path, each]) => {
    const own = Object.entries(each).filter(([name]) => !(name in defaults));
    return [path, Object.fromEntries(own)] as const;
  });
  return {
    manifest: {
      ...(app === null ? {} : { app }),
      version,
      default_csp: defaultCsp,
      default_index: INDEX,
      default_fallback: FALLBACK,
      extra_csp: extraCsp(responses, defaultCsp),
      files: Object.fromEntries(responses.map(({ path, contents }) => [path, digestOf(contents)])),
      wasm: [],
    },
    postern: {
      format: 1,
      address,
      not_copied: responses.filter(({ copied }) => !copied).map(({ path }) => path),
      keys: [...fingerprints].sort(),
      ...(ways === null ? {} : { ways }),
      default_headers: defaults,
      extra_headers: Object.fromEntries(extra.filter(([, own]) => Object.keys(own).length > 0)),
    },
  };
}

/** The most frequent policy. It also covers the redirect at the root, which no manifest lists. */
function commonCsp(responses: readonly DescribedResponse[], fallback: DescribedResponse | undefined): string {
  const counts = new Map<string, number>();
  for (const { headers } of responses) counts.set(headers[CSP] ?? "", (counts.get(headers[CSP] ?? "") ?? 0) + 1);
  const [most] = [...counts].sort(([, left], [, right]) => right - left);
  return most?.[0] ?? fallback?.headers[CSP] ?? "";
}

/**
 * WEBCAT looks a policy up by the path, then by its longest prefix among the entries, then takes the default. So a path
 * with the default policy needs an entry too if its prefix has another policy.
 */
function extraCsp(responses: readonly DescribedResponse[], defaultCsp: string): Record<string, string> {
  const own = responses.filter(({ headers }) => headers[CSP] !== defaultCsp);
  const covered = responses.filter(
    ({ path, headers }) => headers[CSP] === defaultCsp && own.some((each) => path.startsWith(each.path)),
  );
  return Object.fromEntries([...own, ...covered].map(({ path, headers }) => [path, headers[CSP] ?? ""]));
}
