import { readFileSync } from "node:fs";
import { deflateSync } from "node:zlib";
import { Random } from "./seed.js";

export interface MadeDocument {
  readonly name: string;
  readonly contents: Uint8Array;
}

/** A PDF of these objects, numbered from 1, the first of which is its catalog. Readers make its table anew. */
export function pdfOf(...objects: readonly (string | Buffer)[]): Buffer {
  const numbered = objects.map((object, at) =>
    Buffer.concat([Buffer.from(`${at + 1} 0 obj\n`), Buffer.from(object), Buffer.from("\nendobj\n")]),
  );
  return Buffer.concat([Buffer.from("%PDF-1.4\n"), ...numbered, Buffer.from("trailer\n<</Root 1 0 R>>\n%%EOF\n")]);
}

export function streamOf(contents: string | Buffer, entries = ""): Buffer {
  const body = Buffer.from(contents);
  const head = Buffer.from(`<</Length ${body.length}${entries}>>\nstream\n`);
  return Buffer.concat([head, body, Buffer.from("\nendstream")]);
}

const CATALOG = "<</Type/Catalog/Pages 2 0 R>>";
const PAGES = "<</Type/Pages/Kids[3 0 R]/Count 1>>";
const page = (rest: string, box = "0 0 600 800") =>
  `<</Type/Page/Parent 2 0 R/MediaBox[${box}]/Contents 4 0 R ${rest}>>`;

/** Two pages: the first red at the left and blue at the right, the second green. */
export function goodPdf(): Buffer {
  return pdfOf(
    CATALOG,
    "<</Type/Pages/Kids[3 0 R 5 0 R]/Count 2>>",
    page("/Resources<</Font<</F 7 0 R>>>>"),
    streamOf("1 0 0 rg 0 0 300 800 re f 0 0 1 rg 300 0 300 800 re f BT 1 g /F 30 Tf 50 700 Td (Page) Tj ET"),
    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 6 0 R>>",
    streamOf("0 1 0 rg 0 0 600 800 re f"),
    "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
  );
}

/** A page of text in 1,000 fonts, each of which unfolds to little less than one stream may. */
function manyStreams(filter: string): Buffer {
  const fonts = Array.from({ length: 1_000 }, (_, at) => ({ name: `/F${at}`, at: 5 + 3 * at }));
  const font = Buffer.alloc(255 * 1024 ** 2);
  // As a TrueType font begins, so that all of it is read.
  font.writeUInt32BE(0x1_0000);
  const unfolding = streamOf(deflateSync(deflateSync(font)), filter);
  return pdfOf(
    CATALOG,
    PAGES,
    page(`/Resources<</Font<<${fonts.map(({ name, at }) => `${name} ${at} 0 R`).join("")}>>>>`),
    streamOf(fonts.map(({ name }) => `BT ${name} 9 Tf (A) Tj ET`).join("\n")),
    ...fonts.flatMap(({ at }) => [
      `<</Type/Font/Subtype/TrueType/BaseFont/F${at}/FirstChar 0/LastChar 255/FontDescriptor ${at + 1} 0 R>>`,
      `<</Type/FontDescriptor/FontName/F${at}/Flags 4/FontFile2 ${at + 2} 0 R>>`,
      unfolding,
    ]),
  );
}

/** PDFs made to break, hold up or betray what shows them. @param outside an address that nothing may ask */
export function hostilePdfs(outside: string): readonly MadeDocument[] {
  const random = new Random("hostile PDFs");
  const twice = "/Filter[/FlateDecode/FlateDecode]";
  const bomb = deflateSync(deflateSync(Buffer.alloc(300 * 1024 ** 2)));
  // Each form draws the next one ten times.
  const forms = Array.from({ length: 12 }, (_, at) => {
    const next = `/Subtype/Form/BBox[0 0 600 800]/Resources<</XObject<</X ${at + 6} 0 R>>>>`;
    return streamOf("/X Do ".repeat(10), next);
  });
  const one = (contents: string, resources = "", box?: string) =>
    pdfOf(CATALOG, PAGES, page(`/Resources<<${resources}>>`, box), streamOf(contents));
  const random32 = () => `<${Buffer.from(random.bytes(32)).toString("hex")}>`;
  const locked = pdfOf(CATALOG, PAGES, page(""), streamOf("0 0 9 9 re f")).toString("latin1");
  const made: Readonly<Record<string, Buffer>> = {
    bomb: pdfOf(CATALOG, PAGES, page(""), streamOf(bomb, twice)),
    "many-streams": manyStreams(twice),
    forms: pdfOf(CATALOG, PAGES, page("/Resources<</XObject<</X 5 0 R>>>>"), streamOf("/X Do"), ...forms),
    "huge-page": one("1 0 0 rg 0 0 100 100 re f", "", "0 0 1e9 1e9"),
    "long-page": one("1 0 0 rg 0 0 100 100 re f", "", "0 0 1 1e7"),
    "no-page": one("1 0 0 rg 0 0 100 100 re f", "", "0 0 0 0"),
    deep: pdfOf(CATALOG, PAGES, page(`/X ${"[".repeat(200_000)}`), streamOf("")),
    circle: pdfOf(CATALOG, "<</Type/Pages/Kids[2 0 R 2 0 R]/Count 9>>"),
    script: pdfOf(
      `<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(app.launchURL("${outside}/js"))>>` +
        `/AA<</WC<</S/URI/URI(${outside}/uri)>>>>/AcroForm<</XFA(${outside}/xfa)/Fields[]>>>>`,
      PAGES,
      page(`/Annots[<</Subtype/Link/Rect[0 0 600 800]/A<</S/URI/URI(${outside}/link)>>>>]`),
      `<</Length 0/F<</FS/URL/F(${outside}/stream)>>>>\nstream\n\nendstream`,
    ),
    font: pdfOf(
      CATALOG,
      PAGES,
      page("/Resources<</Font<</F 5 0 R>>>>"),
      streamOf("BT /F 40 Tf 50 700 Td (Hello) Tj ET"),
      "<</Type/Font/Subtype/TrueType/BaseFont/X/FirstChar 0/LastChar 255/FontDescriptor 6 0 R>>",
      "<</Type/FontDescriptor/FontName/X/Flags 4/FontFile2 7 0 R>>",
      streamOf(Buffer.concat([Buffer.from([0, 1, 0, 0, 0, 12]), random.bytes(4_000)])),
    ),
    "huge-image": pdfOf(
      CATALOG,
      PAGES,
      page("/Resources<</XObject<</X 5 0 R>>>>"),
      streamOf("600 0 0 800 0 0 cm /X Do"),
      streamOf("x", "/Subtype/Image/Width 60000/Height 60000/BitsPerComponent 8/ColorSpace/DeviceRGB"),
    ),
    locked: Buffer.from(
      locked.replace(
        "trailer\n<<",
        `trailer\n<</ID[${random32()}${random32()}]` +
          `/Encrypt<</Filter/Standard/V 1/R 2/P -4/O ${random32()}/U ${random32()}>>`,
      ),
      "latin1",
    ),
  };
  return [
    ...Object.entries(made).map(([name, contents]) => ({ name: `${name}.pdf`, contents })),
    ...damaged("pdf", goodPdf(), 6, random),
  ];
}

/** HEIC pictures cut off and changed, and one that says it is far larger. */
export function hostileHeics(): readonly MadeDocument[] {
  const good = readFileSync(new URL("../vectors/pictures/phone.heic", import.meta.url));
  const huge = Buffer.from(good);
  for (let at = huge.indexOf("ispe"); at !== -1; at = huge.indexOf("ispe", at + 4)) {
    huge.writeUInt32BE(60_000, at + 8);
    huge.writeUInt32BE(60_000, at + 12);
  }
  return [{ name: "huge.heic", contents: huge }, ...damaged("heic", good, 6, new Random("hostile HEICs"))];
}

/** Small files that say they are pictures of thousands of millions of pixels, and one that is none. */
export function hostilePictures(): readonly MadeDocument[] {
  const plain = readFileSync(new URL("../vectors/pictures/plain.png", import.meta.url));
  const png = Buffer.from(plain);
  png.writeUInt32BE(60_000, 16);
  png.writeUInt32BE(60_000, 20);
  const jpeg = Buffer.from(readFileSync(new URL("../vectors/pictures/plain.jpg", import.meta.url)));
  const frame = jpeg.indexOf(Buffer.from([0xff, 0xc0]));
  jpeg.writeUInt16BE(65_500, frame + 5);
  jpeg.writeUInt16BE(65_500, frame + 7);
  const gif = Buffer.from("GIF89a\xff\xff\xff\xff\x00\x00\x00,\x00\x00\x00\x00\xff\xff\xff\xff\x00\x02\x01;", "latin1");
  return [
    { name: "huge.png", contents: png },
    { name: "huge.jpg", contents: jpeg },
    { name: "huge.gif", contents: gif },
    { name: "cut.png", contents: plain.subarray(0, 60) },
  ];
}

/** Half of them cut off, half with some of their bytes changed; the first bytes, which say what they are, stay. */
function damaged(end: string, good: Uint8Array, count: number, random: Random): MadeDocument[] {
  return Array.from({ length: count }, (_, at) => {
    const contents = Buffer.from(good);
    const name = `damaged-${at}.${end}`;
    if (at % 2 === 0) return { name, contents: contents.subarray(0, random.integer(64, contents.length - 1)) };
    for (let change = 0; change < 12; change += 1) {
      contents[random.integer(64, contents.length - 1)] = random.integer(0, 255);
    }
    return { name, contents };
  });
}
