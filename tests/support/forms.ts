import { readFileSync } from "node:fs";

const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8");

/** The examples of docs/FORMS.md. */
export const SHORT = read("../../docs/forms/short.json");
export const EXAMPLE = read("../../docs/forms/prisoners.json");
/** A form about prisoners with every kind of question, some of them required. */
export const PRISONERS = read("every-kind.json");
