import { Forward } from "./forward.js";

// The client of the page that takes a file which is encrypted already: it checks and sends, and encrypts nothing.

if (window.postern !== undefined) new Forward(window.postern);
