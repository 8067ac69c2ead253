import { STAFF } from "./mail.js";
import type { Random } from "./seed.js";

export interface AwkwardMail {
  readonly kind: string;
  readonly message: Buffer;
  /** The text that a case of it must have, where the message says one. */
  readonly text?: string;
  /** Names that its documents must have, in order, before the message itself. */
  readonly names?: readonly string[];
}

const TEXT = "Помогите нам, пожалуйста";
const CYRILLIC: Readonly<Record<string, (code: number) => number>> = {
  "windows-1251": (code) => code - 0x410 + 0xc0,
  "iso-8859-5": (code) => code - 0x410 + 0xb0,
};
const KOI8 = "юабцдефгхийклмнопярстужвьызшэщчъЮАБЦДЕФГХИЙКЛМНОПЯРСТУЖВЬЫЗШЭЩЧЪ";
/** "你好，我的儿子" in GB 18030. */
const CHINESE = Buffer.from("c4e3bac3a3acced2b5c4b6f9d7d3", "hex");

type Make = (random: Random, index: number) => Omit<AwkwardMail, "kind">;

const KINDS: Readonly<Record<string, Make>> = {
  "koi8-r": (_random, index) => ({ message: inCharset("koi8-r", koi8(TEXT), index), text: TEXT }),
  "windows-1251": (_random, index) => single("windows-1251", index),
  "iso-8859-5": (_random, index) => single("iso-8859-5", index),
  gb18030: (_random, index) => ({ message: inCharset("gb18030", CHINESE, index), text: "你好，我的儿子" }),
  "an unknown charset": (random, index) => ({
    message: inCharset(`x-${random.integer(0, 99)}`, Buffer.from(TEXT), index),
  }),
  "raw UTF-8 in headers": (_random, index) => ({
    message: join(head(index), "Subject: Тема без кодировки", "Content-Type: text/plain; charset=utf-8", "", TEXT, ""),
    text: TEXT,
  }),
  "names of RFC 2047 and 2231": (random, index) => {
    const name = `справка ${random.integer(1, 999)}.pdf`;
    const encoded = encodeURIComponent(name);
    const half = Math.floor(encoded.length / 6) * 3;
    const continued = `filename*0*=utf-8''${encoded.slice(0, half)};\r\n filename*1*=${encoded.slice(half)}`;
    const word = `=?UTF-8?B?${Buffer.from(name).toString("base64")}?=`;
    return {
      message: multipart(index, [
        ["Content-Type: text/plain; charset=utf-8", TEXT],
        [`Content-Type: application/pdf\r\nContent-Disposition: attachment; ${continued}`, "%PDF"],
        [`Content-Type: application/pdf; name="${word}"`, "%PDF"],
      ]),
      text: TEXT,
      names: [name, name],
    };
  },
  "names that lead elsewhere": (_random, index) => ({
    message: multipart(index, [
      ["Content-Type: text/plain; charset=utf-8", TEXT],
      ['Content-Type: text/csv\r\nContent-Disposition: attachment; filename="../../etc/passwd"', "x"],
      ["Content-Type: text/csv\r\nContent-Disposition: attachment; filename*=utf-8''%00%0d%0a%e2%80%aegpj.exe", "x"],
      [`Content-Type: text/csv; name="${"длинное".repeat(80)}.pdf"`, "x"],
    ]),
    text: TEXT,
  }),
  "winmail.dat": (random, index) => ({
    message: multipart(index, [
      ["Content-Type: text/plain", "see the attachment"],
      [
        "Content-Type: application/ms-tnef; name=winmail.dat\r\nContent-Transfer-Encoding: base64",
        Buffer.concat([Buffer.from("789f3e22", "hex"), random.bytes(2_000)]).toString("base64"),
      ],
    ]),
    names: ["winmail.dat"],
  }),
  "messages in messages": (random, index) => {
    let inner = join("Subject: inmost", "", TEXT, "").toString();
    for (let depth = random.integer(1, 30); depth > 0; depth -= 1) {
      inner = `Subject: ${depth}\r\nContent-Type: message/rfc822\r\n\r\n${inner}`;
    }
    return {
      message: multipart(index, [
        ["Content-Type: text/plain; charset=utf-8", TEXT],
        ["Content-Type: message/rfc822", inner],
      ]),
      text: TEXT,
      names: ["forwarded.eml"],
    };
  },
  "hundreds of parts": (random, index) => ({
    message: multipart(
      index,
      Array.from({ length: 500 + random.integer(0, 50) }, (_, part): [string, string] => [
        `Content-Type: text/csv; name=${part}.csv`,
        "x",
      ]),
    ),
    names: [],
  }),
  "multiparts in multiparts": (random, index) => ({ message: nestedMultiparts(random.integer(2, 400), index) }),
  "ten thousand headers": (random, index) => ({
    message: join(
      head(index),
      ...Array.from({ length: 10_000 }, (_, header) => `X-Header-${header}: ${random.integer(0, 1e6)}`),
      "Content-Type: text/plain; charset=utf-8",
      "",
      TEXT,
      "",
    ),
    text: TEXT,
  }),
  "a header of many lines": (random, index) => ({
    message: join(head(index), `Subject: a${"\r\n b".repeat(random.integer(10, 20_000))}`, "", "text", ""),
  }),
  "base64 with rubbish": (random, index) => {
    const bytes = random.bytes(3_000);
    const noisy = Buffer.from(bytes)
      .toString("base64")
      .replace(/.{7}/g, (part) => `${part}${"!* \t\r\n"[random.integer(0, 5)]}`);
    return {
      message: multipart(index, [
        ["Content-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: base64", `${noisy}=\r\n====\r\n??`],
      ]),
      names: ["a.pdf"],
    };
  },
  "quoted-printable that breaks off": (random, index) => ({
    message: join(
      head(index),
      "Content-Type: text/plain; charset=utf-8",
      "Content-Transfer-Encoding: quoted-printable",
      "",
      `=D0=9F=${"=".repeat(random.integer(1, 50))}=ZZ=D`,
    ),
  }),
  "no last boundary": (_random, index) => {
    const whole = multipart(index, [["Content-Type: text/plain; charset=utf-8", TEXT]]).toString();
    return { message: Buffer.from(whole.slice(0, whole.lastIndexOf("\r\n--b--"))), text: TEXT };
  },
  "bare line feeds": (_random, index) => ({
    message: Buffer.from(
      multipart(index, [["Content-Type: text/plain; charset=utf-8", TEXT]])
        .toString()
        .replaceAll("\r\n", "\n"),
    ),
    text: TEXT,
  }),
  "sequences that smuggle": (random, index) => {
    const ends = ["\n.\n", "\n.\r\n", "\r\n.\n", "\r.\r", "\n.\r", "\r\n.\r", "\r\n\0.\r\n"];
    const end = ends[random.integer(0, ends.length - 1)] ?? "";
    return { message: join(head(index), "", `before${end}MAIL FROM:<x@y>${end}RCPT TO:<${STAFF}>${end}DATA`, "") };
  },
  "HTML without an end": (random, index) => ({
    message: join(
      head(index),
      "Content-Type: text/html; charset=utf-8",
      "",
      `${"<div>".repeat(random.integer(1, 30_000))}${TEXT}`,
      "",
    ),
  }),
  "HTML and text": (_random, index) => ({
    message: join(
      head(index),
      "Content-Type: multipart/alternative; boundary=b",
      "",
      "--b",
      "Content-Type: text/plain; charset=utf-8",
      "",
      TEXT,
      "--b",
      "Content-Type: text/html; charset=utf-8",
      "",
      `<p>${TEXT}</p>${"<table>".repeat(2_000)}`,
      "--b--",
      "",
    ),
    text: TEXT,
  }),
  "a boundary in each line": (random, index) => ({
    message: join(
      head(index),
      "Content-Type: multipart/mixed; boundary=b",
      "",
      "--b\r\n".repeat(random.integer(1, 20_000)),
    ),
  }),
  noise: (random) => ({ message: Buffer.from(random.bytes(random.integer(0, 50_000))) }),
  "lines of every length": (random, index) => ({
    message: join(head(index), "", ...Array.from({ length: 200 }, () => "x".repeat(random.integer(0, 5_000))), ""),
  }),
  "dots at the beginning of lines": (random, index) => {
    const text = Array.from({ length: 500 }, () => ".".repeat(random.integer(0, 4))).join("\n");
    return { message: join(head(index), "", ...text.split("\n"), ""), text: text.trim() };
  },
};

/** Messages that are hard to read, each kind in turn: the same ones for the same seed. No two are the same. */
export function awkwardMails(count: number, random: Random): AwkwardMail[] {
  const kinds = Object.entries(KINDS);
  return Array.from({ length: count }, (_, index) => {
    const [kind, make] = kinds[index % kinds.length] ?? ["", () => ({ message: Buffer.alloc(0) })];
    return { kind, ...make(random, index) };
  });
}

function head(index: number): string {
  return `From: a@example.com\r\nMessage-ID: <awkward-${index}@example.com>`;
}

function join(...lines: readonly string[]): Buffer {
  return Buffer.from(lines.join("\r\n"));
}

function multipart(index: number, parts: readonly (readonly [string, string])[]): Buffer {
  const bodies = parts.flatMap(([about, contents]) => ["--b", about, "", contents]);
  return join(
    head(index),
    "MIME-Version: 1.0",
    "Content-Type: multipart/mixed; boundary=b",
    "",
    ...bodies,
    "--b--",
    "",
  );
}

function nestedMultiparts(depth: number, index: number): Buffer {
  const opening = Array.from(
    { length: depth },
    (_, level) => `Content-Type: multipart/mixed; boundary=b${level}\r\n\r\n--b${level}`,
  );
  return join(head(index), ...opening, "Content-Type: text/plain", "", "inmost", "");
}

function inCharset(charset: string, text: Buffer, index: number): Buffer {
  const about = [head(index), `Content-Type: text/plain; charset=${charset}`, "Content-Transfer-Encoding: 8bit"];
  return Buffer.concat([join(...about, "", ""), text, Buffer.from("\r\n")]);
}

function single(charset: string, index: number): Omit<AwkwardMail, "kind"> {
  const code = CYRILLIC[charset] ?? ((each: number) => each);
  const bytes = [...TEXT].map((letter) => {
    const point = letter.codePointAt(0) ?? 0;
    return point < 0x80 ? point : code(point);
  });
  return { message: inCharset(charset, Buffer.from(bytes), index), text: TEXT };
}

function koi8(text: string): Buffer {
  return Buffer.from(
    [...text].map((letter) => (KOI8.includes(letter) ? 0xc0 + KOI8.indexOf(letter) : letter.charCodeAt(0))),
  );
}
