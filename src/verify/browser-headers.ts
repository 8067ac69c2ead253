/** What a browser asks for: a page by its address, a page by a link, a page in a frame, or a part of a page. */
export type ResourceKind =
  | "document"
  | "link"
  | "frame"
  | "style"
  | "script"
  | "worker"
  | "image"
  | "icon"
  | "font"
  | "fetch";

/** Header fields in the order in which they are sent. */
export type HeaderList = readonly (readonly [name: string, value: string])[];

const PAGE = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
const PICTURE = "image/avif,image/webp,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5";
const FONT = "application/font-woff2;q=1.0,application/font-woff;q=0.9,*/*;q=0.8";

interface KindHeaders {
  readonly accept: string;
  /** Values of Sec-Fetch-Dest, -Mode and -Site (Fetch Metadata Request Headers). */
  readonly fetch: readonly [dest: string, mode: string, site: string];
  /** RFC 9218. */
  readonly priority: string | null;
}

const KINDS: Readonly<Record<ResourceKind, KindHeaders>> = {
  document: { accept: PAGE, fetch: ["document", "navigate", "none"], priority: "u=0, i" },
  link: { accept: PAGE, fetch: ["document", "navigate", "same-origin"], priority: "u=0, i" },
  frame: { accept: PAGE, fetch: ["iframe", "navigate", "same-origin"], priority: "u=4" },
  style: { accept: "text/css,*/*;q=0.1", fetch: ["style", "no-cors", "same-origin"], priority: "u=2" },
  script: { accept: "*/*", fetch: ["script", "cors", "same-origin"], priority: null },
  worker: { accept: "*/*", fetch: ["worker", "same-origin", "same-origin"], priority: "u=4" },
  image: { accept: PICTURE, fetch: ["image", "no-cors", "same-origin"], priority: "u=5, i" },
  icon: { accept: PICTURE, fetch: ["image", "no-cors", "same-origin"], priority: "u=6" },
  font: { accept: FONT, fetch: ["font", "cors", "same-origin"], priority: null },
  fetch: { accept: "*/*", fetch: ["empty", "cors", "same-origin"], priority: "u=4" },
};

/** Most people use Tor Browser on Windows. Its version is that of the recording. */
const USER_AGENT = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:153.0) Gecko/20100101 Firefox/153.0";
const LANGUAGES: Readonly<Record<string, string>> = {
  en: "en-US,en;q=0.9",
  ru: "ru-RU,ru;q=0.9,en-US;q=0.8,en;q=0.7",
  uk: "uk-UA,uk;q=0.9,en-US;q=0.8,en;q=0.7",
};

export interface BrowserRequest {
  readonly kind: ResourceKind;
  /** Host and port as in the URL. */
  readonly host: string;
  /** Whether over TLS. */
  readonly secure: boolean;
  /** The browser's language; null means English, which Tor Browser asks for by default. */
  readonly language: string | null;
}

/**
 * All headers of a request by Tor Browser, in its order, so that a portal cannot tell the watchdog by them. They are
 * those of tests/vectors/browser-headers.json, but for the operating system.
 */
export function browserHeaders({ kind, host, secure, language }: BrowserRequest): HeaderList {
  const { accept, fetch, priority } = KINDS[kind];
  const [dest, mode, site] = fetch;
  const navigates = mode === "navigate";
  const tag = language ?? "en";
  return [
    ["Host", host],
    ["User-Agent", USER_AGENT],
    ["Accept", accept],
    ["Accept-Language", LANGUAGES[tag] ?? `${tag},en-US;q=0.9,en;q=0.8`],
    ["Accept-Encoding", secure ? "gzip, deflate, br, zstd" : "gzip, deflate"],
    ["Sec-GPC", "1"],
    ["Connection", "keep-alive"],
    ...(navigates ? [["Upgrade-Insecure-Requests", "1"] as const] : []),
    ["Sec-Fetch-Dest", dest],
    ["Sec-Fetch-Mode", mode],
    ["Sec-Fetch-Site", site],
    ...(navigates && kind !== "frame" ? [["Sec-Fetch-User", "?1"] as const] : []),
    ...(priority === null ? [] : [["Priority", priority] as const]),
    // The client fetches with `cache: "no-store"`.
    ...(kind === "fetch"
      ? ([
          ["Pragma", "no-cache"],
          ["Cache-Control", "no-cache"],
        ] as const)
      : []),
  ];
}

/** How a browser asks for a path of a portal. */
export function resourceKind(path: string): ResourceKind {
  if (path.endsWith(".css")) return "style";
  if (path.startsWith("/build/main-")) return "script";
  // The page's first script fetches all others, before they run.
  if (path.startsWith("/build/")) return "fetch";
  if (path === "/icon.svg") return "icon";
  if (path === "/keys.asc") return "fetch";
  if (/^\/progress\/|^\/[^/]+\/(?:plain$|form\/(?!alone$))/.test(path)) return "frame";
  // A front page is where people arrive. From it they follow links.
  return /^\/(?:[^/]+\/)?$/.test(path) ? "document" : "link";
}
