import { once } from "node:events";
import { connect } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { eventually, startTestPortal, type TestPortal } from "../../support/portal.js";
import { beginPost, multipart, part } from "../../support/raw-request.js";

let portal: TestPortal;
beforeEach(async () => {
  portal = await startTestPortal();
});
afterEach(() => portal.stop());

async function newToken(language = "ru"): Promise<string> {
  const page = await (await fetch(`${portal.url}/${language}/plain`)).text();
  const token = /src="\/progress\/([0-9a-f]{32})\/soon"/.exec(page)?.[1];
  if (token === undefined) throw new Error("the page has no token");
  expect(page).toContain(`src="/${language}/form/${token}"`);
  return token;
}

/** Opens the endless page and gathers what comes. */
function watch(token: string): { text: () => string; ended: Promise<unknown>; close: () => void } {
  const { hostname, port } = new URL(portal.url);
  const socket = connect({ host: hostname, port: Number(port) });
  let text = "";
  socket.setEncoding("utf8").on("data", (chunk) => {
    text += chunk;
  });
  socket.write(`GET /progress/${token} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
  return { text: () => text, ended: once(socket, "close"), close: () => socket.destroy() };
}

const percents = (page: string) => [...page.matchAll(/<progress max="100" value="(\d+)"/g)].map(([, n]) => Number(n));

describe("progress without JavaScript", () => {
  it("moves while the upload with its token arrives, ends when it is stored, and only ever grows", async () => {
    const token = await newToken();
    const page = watch(token);
    const body = multipart(
      part('name="message"', "привет"),
      part('name="documents"; filename="a.bin"', Buffer.alloc(1024 * 1024), "image/jpeg"),
    );
    const socket = await beginPost(`${portal.url}/ru/submit?progress=${token}`, {
      "Content-Length": String(body.length),
      Connection: "close",
    });
    const closed = once(socket, "close");
    let answer = "";
    socket.setEncoding("utf8").on("data", (chunk) => {
      answer += chunk;
    });
    const pieces = 8;
    for (let piece = 0; piece < pieces; piece += 1) {
      const shown = percents(page.text()).at(-1) ?? -1;
      socket.write(body.subarray((piece * body.length) / pieces, ((piece + 1) * body.length) / pieces));
      if (piece === pieces - 1) continue;
      await eventually(async () => (percents(page.text()).at(-1) ?? -1) > shown, "the bar has moved");
    }
    await Promise.all([page.ended, closed]);
    const seen = percents(page.text());
    expect(seen.length).toBeGreaterThan(3);
    expect(seen).toEqual([...seen].sort((left, right) => left - right));
    expect(seen.some((percent) => percent > 20 && percent < 80)).toBe(true);
    expect(page.text()).toContain("Готово: письмо сохранено.");
    expect(page.text().trimEnd()).toMatch(/<\/html>\s+0$/);
    expect(answer).toContain("Письмо у нас");
  });

  it("speaks the language of its form", async () => {
    const page = watch(await newToken("uk"));
    await eventually(
      async () => page.text().includes("Тут буде видно, як триває надсилання."),
      "the page is in Ukrainian",
    );
    page.close();
  });

  it("says so when the submission is refused, and goes on for the next try", async () => {
    const token = await newToken("en");
    const page = watch(token);
    await eventually(async () => page.text().includes("<body"), "the page has begun");
    const send = (message: string) => {
      const form = new FormData();
      form.append("message", message);
      return fetch(`${portal.url}/en/submit?progress=${token}`, { method: "POST", body: form });
    };
    const refused = await send("");
    expect(refused.status).toBe(400);
    expect(await refused.text()).toContain(`action="/en/submit?progress=${token}"`);
    await eventually(async () => page.text().includes("Not stored."), "the refusal is told");
    expect((await send("hello")).status).toBe(200);
    await page.ended;
    expect(page.text()).toContain("Done: your letter is stored.");
  });

  it("is told to a page that opens late, and forgotten after that", async () => {
    const token = await newToken();
    const form = new FormData();
    form.append("message", "x");
    await (await fetch(`${portal.url}/ru/submit?progress=${token}`, { method: "POST", body: form })).text();
    expect(await (await fetch(`${portal.url}/progress/${token}`)).text()).toContain("Готово: письмо сохранено.");
    expect((await fetch(`${portal.url}/progress/${token}`)).status).toBe(404);
  });

  it.each(["unknown", "00000000000000000000000000000000", "%00", "<script>"])(
    "is not needed: a form with the token %j works all the same",
    async (token) => {
      const form = new FormData();
      form.append("message", "x");
      const url = `${portal.url}/ru/submit?progress=${encodeURIComponent(token)}`;
      const response = await fetch(url, { method: "POST", body: form });
      expect(response.status).toBe(200);
      expect(await response.text()).not.toContain("<script>");
    },
  );

  it("leads from a page that loads to the one that does not end", async () => {
    const token = await newToken();
    const page = await (await fetch(`${portal.url}/progress/${token}/soon`)).text();
    expect(page).toContain(`<meta http-equiv="refresh" content="1;url=/progress/${token}"/>`);
  });
});
