import { readFileSync } from "node:fs";

const example = (name: string) => readFileSync(new URL(`../../docs/forms/${name}`, import.meta.url), "utf8");

/** The examples of docs/FORMS.md: the second has every kind of question. */
export const SHORT = example("short.json");
export const PRISONERS = example("prisoners.json");
