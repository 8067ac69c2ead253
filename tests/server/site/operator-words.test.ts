import { afterEach, describe, expect, it } from "vitest";
import type { ServerConfig } from "../../../src/server/index.js";
import { formOf, startTestPortal, type TestPortal } from "../../support/portal.js";

let portal: TestPortal;
afterEach(() => portal.stop());

const get = async (path: string) => (await fetch(`${portal.url}${path}`)).text();
const start = async (config: Partial<ServerConfig>) => {
  portal = await startTestPortal({ config });
};
const submit = async () =>
  (await fetch(`${portal.url}/ru/submit`, { method: "POST", body: formOf({ message: "x" }) })).text();

describe("what only the operator knows", () => {
  it("is said where people look for it", async () => {
    const about = { ru: "Мы — <команда> из Киева.", uk: "Ми — команда.", en: "We are a team." };
    await start({ answerDays: 7, retentionDays: 21, addresses: "t.me/example", about });
    const page = await get("/ru/about");
    expect(page).toContain("Мы — &lt;команда> из Киева.");
    for (const text of [page, await submit(), await get("/offline/ru.html")]) {
      expect(text).toContain("Обычно мы отвечаем в течение 7 дней.");
      expect(text).toContain("Ответ ждёт на сервере 21 день, потом стирается.");
    }
    for (const text of [page, await get("/ru/"), await get("/ru/form/alone")]) {
      expect(text).toContain("Наш адрес мы называем здесь: t.me/example.");
    }
    expect(await get("/en/about")).toContain("We usually answer within 7 days.");
  });

  it("is left out where the operator has not said it, in words that are whole", async () => {
    await start({});
    for (const text of [await get("/ru/about"), await submit()]) {
      expect(text).toContain("Заглядывайте раз в неделю. Ответ ждёт на сервере зашифрованным, пока вы его не удалите.");
    }
    for (const path of ["/ru/", "/ru/about", "/ru/form/alone"]) expect(await get(path)).not.toContain("Наш адрес");
  });
});
