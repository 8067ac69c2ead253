export { ManyWays, type ManyWaysParts } from "./many-ways.js";
