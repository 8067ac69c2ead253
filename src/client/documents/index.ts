export type { DocumentPlace, DocumentTools, MakeDocumentTools, PictureTools } from "./document-tools.js";
