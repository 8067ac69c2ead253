import { Client } from "./client.js";
import { offerDrafts } from "./draft-offer.js";
import { startOnline } from "./online.js";
import { showReceipt, showSaved } from "./receipt-view.js";

// The client of every page with a form. In the offline form no first script hands anything over; a last one starts it.

if (window.postern === undefined) window.posternClient = { Client, offerDrafts, showReceipt, showSaved };
else startOnline(window.postern);
