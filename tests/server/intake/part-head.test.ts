import { describe, expect, it } from "vitest";
import { readPartHead } from "../../../src/server/intake/part-head.js";

const FORM = "Content-Disposition: form-data; ";
const head = (text: string) => readPartHead(Buffer.from(text));

describe("the head of a part", () => {
  it.each<[text: string, field: string, fileName: string | null]>([
    ['name="message"', "message", null],
    ["name=message", "message", null],
    ['name = "message"', "message", null],
    ['NAME="message"', "message", null],
    ['name="message";', "message", null],
    ['name="message" ;  ', "message", null],
    ['name="a b"', "a b", null],
    ['name=""', "", null],
    ['filename="a.txt"; name="documents"', "documents", "a.txt"],
    ['name="documents"; filename="a.txt"', "documents", "a.txt"],
    ['name="documents"; filename=""', "documents", ""],
    ['name="documents"; filename="te"st.txt"', "documents", 'te"st.txt'],
    ['name="documents"; filename="te\\"st.txt"', "documents", 'te"st.txt'],
    ['name="documents"; filename="a;b.txt"', "documents", "a;b.txt"],
    ['name="documents"; filename="a.txt";', "documents", "a.txt"],
    ['name="documents"; filename="%22a%0D%0Ab%20.txt"', "documents", '"a\r\nb%20.txt'],
    ["name=documents; filename=мой паспорт.jpg", "documents", "мой паспорт.jpg"],
    ["name=documents; filename=a b.txt;", "documents", "a b.txt"],
    ['name="documents"; filename="C:\\дела\\a.txt"', "documents", "C:\\дела\\a.txt"],
    ["name=\"documents\"; filename*=UTF-8''%D0%B0.txt", "documents", "а.txt"],
    ["name=\"documents\"; filename*=windows-1251''%EF%F0%E8%E3%EE%E2%EE%F0.pdf", "documents", "приговор.pdf"],
    ['name="documents"; filename="a.txt"; filename*=UTF-8\'ru\'%D0%B0.txt', "documents", "а.txt"],
    ['name="documents"; filename="a.txt"; filename*=no-such-charset\'\'x', "documents", "a.txt"],
    ['name="documents"; filename="a.txt"; filename*=garbage', "documents", "a.txt"],
  ])("is read as a person means it: %s", (text, field, fileName) => {
    expect(head(FORM + text)).toMatchObject({ field, fileName });
  });

  it.each<[text: string, fileName: string | null, type: string]>([
    [`${FORM}name="a"\r\nContent-Type: text/plain`, null, "text/plain"],
    [`${FORM}name="a"\r\nContent-Type: text/plain; charset=windows-1251`, null, "text/plain"],
    [`${FORM}name="a"\r\nContent-Type: application/octet-stream`, "", "application/octet-stream"],
    [`${FORM}name="a"\r\ncontent-type:IMAGE/JPEG`, "", "image/jpeg"],
    [`${FORM}name="a";\r\n filename="b.txt"`, "b.txt", ""],
    [`Content-Type: text/plain\r\n${FORM}name="a"`, null, "text/plain"],
    ["Content-Type: image/png", "", "image/png"],
    ["", null, ""],
    ["no colon here", null, ""],
  ])("tells a document from a text: %j", (text, fileName, type) => {
    expect(head(text)).toMatchObject({ fileName, type });
  });

  it.each<[text: string, doubtful: boolean]>([
    ['name="message"', false],
    ['name="message";', true],
    ['name="message" ;  ', true],
    ['name="documents"; filename="a.txt";', false],
  ])("is doubtful where it is a text's and ends in a semicolon: %s", (text, doubtful) => {
    expect(head(FORM + text).doubtful).toBe(doubtful);
  });

  it("names the encoding of a text", () => {
    expect(head(`${FORM}name="a"\r\nContent-Type: text/plain; charset="koi8-r"`).charset).toBe("koi8-r");
  });

  it("is read where it is no UTF-8, as old Russian programs write it", () => {
    const name = Buffer.from([0xef, 0xe0, 0xf1, 0xef, 0xee, 0xf0, 0xf2]);
    const bytes = Buffer.concat([Buffer.from(`${FORM}name="documents"; filename="`), name, Buffer.from('.jpg"')]);
    expect(readPartHead(bytes).fileName).toBe("паспорт.jpg");
  });
});
