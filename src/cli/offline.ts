#!/usr/bin/env node
import { OFFLINE_COMMANDS } from "./command-table.js";
import { start } from "./start.js";

await start(OFFLINE_COMMANDS);
