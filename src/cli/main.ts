#!/usr/bin/env node
import { COMMANDS } from "./command-table.js";
import { start } from "./start.js";

await start(COMMANDS);
