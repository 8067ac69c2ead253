// Writes dist/desk.html, the same bytes wherever it is built, and prints its digest.
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { renderDeskPage } from "../dist/desk/index.js";

const page = renderDeskPage();
writeFileSync(new URL("../dist/desk.html", import.meta.url), page);
process.stderr.write(`${createHash("sha256").update(page).digest("hex")}  dist/desk.html\n`);
