/** What an answer to anybody must not hold: places in the program, and what it is made with. */
export const OF_THE_PROGRAM = /node_modules|\bat \S+:\d+|Error:|\/tmp\/|express|x-powered-by|stack|src\//i;

const head = (path: string, method = "GET", ...more: readonly string[]) =>
  [`${method} ${path} HTTP/1.1`, "Host: x", "Connection: close", ...more, "", ""].join("\r\n");
const FORM = "Content-Type: application/x-www-form-urlencoded";
const post = (path: string, body: string, ...more: readonly string[]) =>
  head(path, "POST", "Origin: http://x", `Content-Length: ${body.length}`, ...more) + body;

/** Requests that a program may answer with too many words. @param form a path that takes a form */
export function oddRequests(form: string): readonly (readonly [what: string, request: string])[] {
  return [
    ["a broken escape", head("/en/%ff%")],
    ["a broken escape in an id", head("/en/downloads/%E0%A4%A")],
    ["a path that climbs", head("/en/../../etc/passwd")],
    ["a null byte", head("/en/%00")],
    ["an object's member", head("/en/?show=__proto__&page=constructor")],
    ["a query of objects", head("/en/?show[a][b]=1&page[]=2")],
    ["a cookie that cannot be decoded", head("/en/", "GET", "Cookie: __Host-postern=%E0%A4%A; __Host-device=%")],
    ["a long cookie", head("/en/", "GET", `Cookie: __Host-postern=${"a".repeat(20_000)}`)],
    ["an unknown method", head("/en/", "PROPFIND")],
    ["no method", "nonsense\r\n\r\n"],
    ["a Host that is none", "GET /en/ HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n"],
    ["a form that is too large", head(form, "POST", "Origin: http://x", FORM, "Content-Length: 99999999")],
    ["a form in another encoding", post(form, "a", `${FORM}; charset=x`)],
    ["a form that is compressed", post(form, "a", FORM, "Content-Encoding: gzip")],
    ["a form that is no form", post(form, "{", "Content-Type: application/json")],
    ["a multipart form that is none", post(form, "a", "Content-Type: multipart/form-data; boundary=b")],
  ];
}
