// The parts of the docs that are made from something else; tests compare each of them. npm run docs
import { readFile, writeFile } from "node:fs/promises";
import { publish, readReport } from "./bench/publish.js";
import { withBlock } from "./support/block.js";
import { roomsTable } from "./support/rooms.js";

const map = new URL("../docs/ARCHITECTURE.md", import.meta.url);
await writeFile(map, withBlock(await readFile(map, "utf8"), "npm run docs", roomsTable()));
await publish(await readReport());
