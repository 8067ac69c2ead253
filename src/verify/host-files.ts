import type { DescribedAnswer } from "./manifest.js";

/** What each kind of host of static files has to know: which headers go with which path, and what is not there. */
export function hostFiles(
  answers: readonly DescribedAnswer[],
  languages: readonly string[],
  fileOf: (path: string) => string,
): readonly (readonly [name: string, contents: Uint8Array])[] {
  const write = (lines: readonly string[]) => Buffer.from(`${lines.join("\n")}\n`);
  return [
    [
      "_headers",
      write([...answers, ...languages.flatMap((language) => missing(answers, language))].flatMap(headerLines)),
    ],
    ["_redirects", write(languages.map((language) => `/${language}/leave ${elsewhere(language)} 303`))],
    ["_nginx.conf", write(nginx(answers, languages, fileOf))],
    ["_Caddyfile", write(caddy(answers, languages, fileOf))],
  ];
}

/** What pages lead to and a copy does not have: the portal's own forms. */
const MISSING = ["encrypted", "form/alone", "plain", "replies/plain"];

/** With these headers a page that stands for what is not there may be shown in the frame of another. */
function missing(answers: readonly DescribedAnswer[], language: string): DescribedAnswer[] {
  const nowhere = answers.find(({ path }) => path === `/${language}/404.html`);
  if (nowhere === undefined) return [];
  const { "onion-location": _itself, ...headers } = nowhere.headers;
  return MISSING.map((page) => ({ ...nowhere, path: `/${language}/${page}`, headers }));
}

/** Where somebody is led who wants to leave. */
function elsewhere(language: string): string {
  return `https://${language}.wikipedia.org/`;
}

/** As Netlify, Cloudflare Pages and others read it. Each path is named in full: rules that overlap would add up. */
function headerLines({ path, headers }: DescribedAnswer): string[] {
  return [path, ...Object.entries(headers).map(([name, value]) => `  ${name}: ${value}`)];
}

/** To be included in a `server` whose `root` is this folder. */
function nginx(
  answers: readonly DescribedAnswer[],
  languages: readonly string[],
  fileOf: (path: string) => string,
): string[] {
  const headersOf = (headers: DescribedAnswer["headers"]) =>
    Object.entries(headers)
      .filter(([name]) => name !== "content-type")
      .map(([name, value]) => `  add_header ${name} '${value.replaceAll("'", "\\'")}' always;`);
  return [
    "# Made by postern site. In a server { } with: root THIS-FOLDER; include THIS-FOLDER/_nginx.conf;",
    "server_tokens off;",
    "access_log off;",
    "location = / { return 302 /index.html; }",
    ...answers.flatMap(({ path, headers }) => [
      `location = ${path} {`,
      "  types { }",
      `  default_type '${headers["content-type"] ?? "application/octet-stream"}';`,
      ...headersOf(headers),
      `  try_files /${fileOf(path)} =404;`,
      "}",
    ]),
    "location /.well-known/webcat/ { default_type application/json; }",
    ...languages.flatMap((language) => [
      `location = /${language}/leave { return 303 ${elsewhere(language)}; }`,
      `location /${language}/ {`,
      `  error_page 404 405 /${language}/404.html;`,
      ...headersOf(missing(answers, language)[0]?.headers ?? {}),
      "  return 404;",
      "}",
    ]),
    "location / { return 404; }",
  ];
}

/** To be imported into a site whose `root` is this folder. */
function caddy(
  answers: readonly DescribedAnswer[],
  languages: readonly string[],
  fileOf: (path: string) => string,
): string[] {
  const header = (headers: DescribedAnswer["headers"]) =>
    Object.entries(headers).map(([name, value]) => `  header ${name} \`${value}\``);
  return [
    "# Made by postern site. In a site with: root * THIS-FOLDER and import THIS-FOLDER/_Caddyfile",
    "header -Server",
    // Caddy would sort them, and take /ru/ for a page that is not there.
    "route {",
    "redir / /index.html 302",
    ...answers.flatMap(({ path, headers }) => [
      `handle ${path} {`,
      ...header(headers),
      `  rewrite * /${fileOf(path)}`,
      "  file_server",
      "}",
    ]),
    "handle /.well-known/webcat/* {",
    "  file_server",
    "}",
    ...languages.flatMap((language) => [
      `redir /${language}/leave ${elsewhere(language)} 303`,
      `handle /${language}/* {`,
      ...header(missing(answers, language)[0]?.headers ?? {}),
      `  rewrite * /${language}/404.html`,
      "  file_server {",
      "    status 404",
      "  }",
      "}",
    ]),
    "handle {",
    "  respond 404",
    "}",
    "}",
  ];
}
