import type { Case } from "../cases/index.js";
import type { Words } from "./words.js";

/** What the index page carries; `src/desk/html/case-index.ts` writes it. */
export interface RoomData {
  readonly words: Words;
  readonly cases: readonly Case[];
}

/** How many documents a case has, those added later with it. */
export function countDocuments({ documents, followUps }: Case): number {
  return followUps.reduce((sum, each) => sum + each.documents.length, documents.length);
}

/** Everything in a case that is searched: letters have the answers in them. */
export function textOf({ letter, followUps, note, folder, documents, choices }: Case): string {
  const names = [...documents, ...followUps.flatMap((each) => each.documents)].map(({ name }) => name);
  const chosen = Object.values(choices).flatMap((each) => each.chosen);
  return [folder, note, letter, ...followUps.map((each) => each.letter), ...names, ...chosen].join("\n");
}
