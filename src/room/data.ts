/** What the index page carries; `src/desk/cases.ts` writes it. */
export interface RoomDocument {
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
  readonly type: string | null;
  readonly picture: boolean;
  readonly warnings: readonly string[];
}

export interface RoomSubmission {
  readonly folder: string;
  readonly day: string;
  readonly letter: string;
  readonly documents: readonly RoomDocument[];
}

export interface RoomCase extends RoomSubmission {
  readonly id: string;
  readonly language: string;
  readonly answerable: boolean;
  readonly choices: Readonly<Record<string, { readonly question: string; readonly chosen: readonly string[] }>>;
  readonly followUps: readonly RoomSubmission[];
  readonly status: string;
  readonly note: string;
}

export interface RoomData {
  /** Words by message id, by language. */
  readonly words: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly cases: readonly RoomCase[];
}

/** How many documents a case has, those added later with it. */
export function countDocuments({ documents, followUps }: RoomCase): number {
  return followUps.reduce((sum, each) => sum + each.documents.length, documents.length);
}

/** Everything in a case that is searched, and how each answer that was chosen is told from others. */
export function textOf({ letter, followUps, note, folder, documents }: RoomCase): string {
  return [folder, note, letter, ...documents.map(({ name }) => name), ...followUps.map((each) => each.letter)].join(
    "\n",
  );
}
