import { startOffline } from "./offline.js";
import { startOnline } from "./online.js";

// The client of every page with a form. The offline form has no first script that hands anything over.

if (window.postern === undefined) startOffline();
else startOnline(window.postern);
