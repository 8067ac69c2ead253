import { readHeif } from "../../pictures/index.js";

// Loaded when the first document is chosen.

window.posternLater = { ...window.posternLater, heif: readHeif };
