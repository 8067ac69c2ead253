import type { Case } from "../cases/index.js";
import type { Words } from "./words.js";

/** What the index page carries; `src/desk/case-index.ts` writes it. */
export interface RoomData {
  readonly words: Words;
  readonly cases: readonly Case[];
}

/** How many documents a case has, those added later with it. */
export function countDocuments({ documents, followUps }: Case): number {
  return followUps.reduce((sum, each) => sum + each.documents.length, documents.length);
}

/** Everything in a case that is searched. */
export function textOf({ letter, followUps, note, folder, documents }: Case): string {
  return [folder, note, letter, ...documents.map(({ name }) => name), ...followUps.map((each) => each.letter)].join(
    "\n",
  );
}
