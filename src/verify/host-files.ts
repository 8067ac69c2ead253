import type { DescribedResponse } from "./create-manifest.js";

/** Settings for each kind of static host: the headers of each path, and which paths are missing. */
export function hostFiles(
  responses: readonly DescribedResponse[],
  languages: readonly string[],
  fileOf: (path: string) => string,
): readonly (readonly [name: string, contents: Uint8Array])[] {
  const write = (lines: readonly string[]) => Buffer.from(`${lines.join("\n")}\n`);
  return [
    [
      "_headers",
      write([...responses, ...languages.flatMap((language) => missingPages(responses, language))].flatMap(headerLines)),
    ],
    ["_redirects", write(languages.map((language) => `/${language}/leave ${exitUrl(language)} 303`))],
    ["_nginx.conf", write(nginx(responses, languages, fileOf))],
    ["_Caddyfile", write(caddy(responses, languages, fileOf))],
  ];
}

/** The portal's forms: pages link to them, but a copy does not have them. */
const MISSING = ["encrypted", "form/alone", "plain", "replies/plain"];

/** Another page may frame the page that replaces a missing one, so it needs that page's headers. */
function missingPages(responses: readonly DescribedResponse[], language: string): DescribedResponse[] {
  const notFound = responses.find(({ path }) => path === `/${language}/404.html`);
  if (notFound === undefined) return [];
  const { "onion-location": _itself, ...headers } = notFound.headers;
  return MISSING.map((page) => ({ ...notFound, path: `/${language}/${page}`, headers }));
}

/** Where the quick exit leads. */
function exitUrl(language: string): string {
  return `https://${language}.wikipedia.org/`;
}

/** The format of Netlify and Cloudflare Pages. It names each path in full, because overlapping rules add up. */
function headerLines({ path, headers }: DescribedResponse): string[] {
  return [path, ...Object.entries(headers).map(([name, value]) => `  ${name}: ${value}`)];
}

/** For inclusion in a `server` whose `root` is this folder. */
function nginx(
  responses: readonly DescribedResponse[],
  languages: readonly string[],
  fileOf: (path: string) => string,
): string[] {
  const headersOf = (headers: DescribedResponse["headers"]) =>
    Object.entries(headers)
      .filter(([name]) => name !== "content-type")
      .map(([name, value]) => `  add_header ${name} '${value.replaceAll("'", "\\'")}' always;`);
  return [
    "# Made by postern site. In a server { } with: root THIS-FOLDER; include THIS-FOLDER/_nginx.conf;",
    "server_tokens off;",
    "access_log off;",
    "location = / { return 302 /index.html; }",
    ...responses.flatMap(({ path, headers }) => [
      `location = ${path} {`,
      "  types { }",
      `  default_type '${headers["content-type"] ?? "application/octet-stream"}';`,
      ...headersOf(headers),
      `  try_files /${fileOf(path)} =404;`,
      "}",
    ]),
    "location /.well-known/webcat/ { default_type application/json; }",
    ...languages.flatMap((language) => [
      `location = /${language}/leave { return 303 ${exitUrl(language)}; }`,
      `location /${language}/ {`,
      `  error_page 404 405 /${language}/404.html;`,
      ...headersOf(missingPages(responses, language)[0]?.headers ?? {}),
      "  return 404;",
      "}",
    ]),
    "location / { return 404; }",
  ];
}

/** For import into a site whose `root` is this folder. */
function caddy(
  responses: readonly DescribedResponse[],
  languages: readonly string[],
  fileOf: (path: string) => string,
): string[] {
  const header = (headers: DescribedResponse["headers"]) =>
    Object.entries(headers).map(([name, value]) => `  header ${name} \`${value}\``);
  return [
    "# Made by postern site. In a site with: root * THIS-FOLDER and import THIS-FOLDER/_Caddyfile",
    "header -Server",
    // Outside a route Caddy sorts directives, and /ru/ would be a missing page.
    "route {",
    "redir / /index.html 302",
    ...responses.flatMap(({ path, headers }) => [
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
      `redir /${language}/leave ${exitUrl(language)} 303`,
      `handle /${language}/* {`,
      ...header(missingPages(responses, language)[0]?.headers ?? {}),
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
