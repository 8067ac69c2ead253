import { ManyWays, type ManyWaysParts } from "./many-ways.js";

// What the worker of an offline form that sends runs first. No other page has it.

declare global {
  /** Written before this script by src/client/offline.ts. */
  var posternWays: ManyWaysParts | undefined;
}

if (globalThis.posternWays !== undefined) globalThis.posternFetch = new ManyWays(globalThis.posternWays).fetch;
