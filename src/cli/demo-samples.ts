import { createTransport } from "nodemailer";
import { Fault } from "../core/index.js";

export class DemoError extends Fault<"not_accepted" | "not_opened"> {}

const APPEAL = {
  message:
    "Здравствуйте. Моего сына арестовали за пост против войны. Суд дал ему семь лет.\n" +
    "Адвоката у нас больше нет. Прошу вас, помогите.",
  prisoner: "Иванов Пётр, 1999 года рождения",
  place: "СИЗО-1, Екатеринбург",
  charge: "Статья 207.3, с марта 2024 года",
  request: "Включить в списки на обмен, найти адвоката",
  writer: "Мать",
  contact: "Signal, номер скажу в ответ",
};

const DOCUMENTS = [
  new File(["ПРИГОВОР\nИменем Российской Федерации…\n"], "приговор.txt", { type: "text/plain" }),
  new File(
    [
      Buffer.from(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
        "base64",
      ),
    ],
    "паспорт.png",
    { type: "image/png" },
  ),
];

/** Sends the sample appeal to the mail server at `address`, a URL. @throws DemoError */
export async function mailSample(address: string, recipient: string): Promise<void> {
  const { hostname, port } = new URL(address);
  const transport = createTransport({ host: hostname, port: Number(port), ignoreTLS: true });
  const attachments = await Promise.all(
    DOCUMENTS.map(async (document) => ({
      filename: document.name,
      content: Buffer.from(await document.arrayBuffer()),
    })),
  );
  try {
    await transport.sendMail({
      from: "Мать <mother@example.com>",
      to: [recipient],
      subject: "Прошу помощи",
      text: APPEAL.message,
      attachments,
    });
  } catch (cause) {
    throw new DemoError("not_accepted", "the mail server did not take the sample mail", { cause });
  } finally {
    transport.close();
  }
}

/** Sends the sample appeal by the form of the portal at `address`, a URL. @throws DemoError */
export async function submitSample(address: string): Promise<void> {
  const form = new FormData();
  for (const [name, value] of Object.entries(APPEAL)) form.append(name, value);
  for (const document of DOCUMENTS) form.append("documents", document);
  const response = await fetch(new URL("/ru/submit", address), { method: "POST", body: form });
  await response.arrayBuffer();
  if (response.status !== 200) throw new DemoError("not_accepted", `the portal answered ${response.status}`);
}
