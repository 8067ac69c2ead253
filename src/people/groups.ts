import { bucketsOf, signatureOf, similarity } from "./min-hash.js";
import { type Agreement, compare, ENOUGH, type Mention, placeKeys } from "./person.js";
import { readNames } from "./person-name.js";
import { neighbours } from "./similar.js";

/** What the desk knows of a letter. Everything in it is the submitter's. */
export interface Letter {
  readonly id: string;
  /** The line that names whom it is about. */
  readonly about: string;
  readonly place: string;
  /** What they wrote, without the form's own words. */
  readonly text: string;
  /** SHA-256 of each document, in hex. */
  readonly documents: readonly string[];
}

/** Letters that may be about one person, at least two of them. */
export interface PersonGroup {
  /** As most letters write it; empty where none names anybody. */
  readonly name: string;
  /** Ids of letters, in the order given. */
  readonly letters: readonly string[];
}

interface Node extends Mention {
  readonly letter: Letter;
  /** Position of the letter. */
  readonly at: number;
}

interface Edge {
  readonly left: number;
  readonly right: number;
  readonly score: number;
}

/** A document or text that more letters share is a form or a chain letter, and says nothing about a person. */
const MAX_SHARED = 12;
/** Beyond it a block is split, and each mention compared with some of it: thousands of letters bear one name. */
const MAX_BLOCK = 150;
const MAX_COMPARED = 30;
const MAX_GROUP = 200;
const MAX_NAME_CHARS = 200;
const SIMILAR = 0.6;
const SHARED_SCORE = 4;

/** Proposes which letters are about one person. Each letter may name several, and be in several groups. */
export function groupPeople(letters: readonly Letter[]): PersonGroup[] {
  const nodes = letters.flatMap(nodesOf);
  const found = new Map<string, Edge>();
  const propose = (left: number, right: number, shared: number) => {
    const [one, other] = [nodes[left], nodes[right]];
    if (one === undefined || other === undefined || one.at === other.at) return;
    const key = left < right ? `${left} ${right}` : `${right} ${left}`;
    const known = found.get(key);
    if (known !== undefined && shared === 0) return;
    const agreement = known?.score ?? compare(one, other);
    if (agreement === "never") return;
    found.set(key, { left, right, score: agreement + shared });
  };
  for (const block of nameBlocks(nodes)) pairs(block, (left, right) => propose(left, right, 0));
  for (const [left, right] of sharedPairs(nodes)) propose(left, right, SHARED_SCORE);
  const edges = [...found.values()].filter(({ score }) => score >= (SHARED_SCORE < ENOUGH ? SHARED_SCORE : ENOUGH));
  return join(
    nodes,
    edges.filter((edge) => edge.score >= enoughFor(nodes, edge)),
  );
}

/** What is shared is enough where a name is missing: then nothing but it can tell. */
function enoughFor(nodes: readonly Node[], { left, right }: Edge): number {
  const bare = [left, right].some((index) => nodes[index]?.name.surname.length === 0);
  return bare ? SHARED_SCORE : ENOUGH;
}

function nodesOf(letter: Letter, at: number): Node[] {
  const names = readNames(letter.about);
  const nameless = { surname: [], given: null, patronymic: null, year: null };
  const places = placeKeys(letter.place);
  return (names.length === 0 ? [nameless] : names).map((name) => ({ name, places, letter, at }));
}

/** Positions of mentions whose surnames may be the same, in blocks that are small enough to compare. */
function nameBlocks(nodes: readonly Node[]): number[][] {
  const blocks = new Map<string, number[]>();
  for (const [index, { name }] of nodes.entries()) {
    for (const key of new Set(name.surname.slice(0, 1).flatMap(neighbours))) put(blocks, key, index);
    for (const key of name.surname.slice(1)) put(blocks, key, index);
  }
  return [...blocks.values()].flatMap((block) => (block.length <= MAX_BLOCK ? [block] : smaller(nodes, block)));
}

/** A large block by initial, place and year. */
function smaller(nodes: readonly Node[], block: readonly number[]): number[][] {
  const parts = new Map<string, number[]>();
  for (const index of block) {
    const node = nodes[index];
    if (node === undefined) continue;
    const { given, year } = node.name;
    const initials = given === null ? ["?"] : [...given.initials];
    const rest = [...node.places, ...(year === null ? [] : [String(year)])];
    for (const initial of initials) for (const key of rest) put(parts, `${initial} ${key}`, index);
  }
  return [...parts.values()];
}

/** Each pair of a block, but no more than some for each mention. */
function pairs(block: readonly number[], visit: (left: number, right: number) => void): void {
  const most = block.length <= MAX_BLOCK ? MAX_BLOCK : MAX_COMPARED;
  for (const [position, left] of block.entries()) {
    for (const right of block.slice(position + 1, position + 1 + most)) visit(left, right);
  }
}

/** Pairs whose letters share a document or nearly a text. Such evidence is about the first person that each names. */
function sharedPairs(nodes: readonly Node[]): [number, number][] {
  const firsts = nodes.flatMap(({ at }, index) => (nodes[index - 1]?.at === at ? [] : [index]));
  const signatures = new Map<number, Uint32Array>();
  const blocks = new Map<string, number[]>();
  for (const index of firsts) {
    const { documents = [], text = "" } = nodes[index]?.letter ?? {};
    for (const digest of new Set(documents)) put(blocks, `document ${digest}`, index);
    const signature = signatureOf(text);
    if (signature === null) continue;
    signatures.set(index, signature);
    for (const bucket of bucketsOf(signature)) put(blocks, bucket, index);
  }
  const found: [number, number][] = [];
  const seen = new Set<string>();
  for (const [key, block] of blocks) {
    if (block.length > MAX_SHARED) continue;
    pairs(block, (left, right) => {
      const [one, other] = [signatures.get(left), signatures.get(right)];
      const same = key.startsWith("document ") || (one && other && similarity(one, other) >= SIMILAR);
      if (same !== true || seen.has(`${left} ${right}`)) return;
      seen.add(`${left} ${right}`);
      found.push([left, right]);
    });
  }
  return found;
}

/** Joins mentions, the surest first, unless two of a group would be different people. */
function join(nodes: readonly Node[], edges: readonly Edge[]): PersonGroup[] {
  const groups = nodes.map((_, index) => [index]);
  /** Groups that hold different people, so that no pair of groups is compared twice. */
  const refused = new Map<readonly number[], Set<readonly number[]>>();
  const rivals = new Map<number, number[]>();
  for (const { left, right } of edges) {
    put(rivals, left, right);
    put(rivals, right, left);
  }
  for (const { left, right, score } of [...edges].sort((one, other) => other.score - one.score)) {
    const [one, other] = [groups[left] ?? [], groups[right] ?? []];
    if (one === other || one.length + other.length > MAX_GROUP || refused.get(one)?.has(other) === true) continue;
    if (one.some((each) => other.some((another) => agreement(nodes, each, another) === "never"))) {
      refused.set(one, (refused.get(one) ?? new Set()).add(other));
      continue;
    }
    if (score <= ENOUGH && ambiguous(left, other, rivals, nodes)) continue;
    if (score <= ENOUGH && ambiguous(right, one, rivals, nodes)) continue;
    const joined = [...one, ...other];
    for (const index of joined) groups[index] = joined;
  }
  return [...new Set(groups)]
    .map((group) => group.toSorted((one, other) => one - other).flatMap((index) => nodes[index] ?? []))
    .map((members) => ({
      name: mostFrequent(members.map(({ letter }) => letter.about.slice(0, MAX_NAME_CHARS).trim())),
      letters: [...new Set(members.map(({ letter }) => letter.id))],
    }))
    .filter(({ letters }) => letters.length > 1);
}

/** Whether a mention that says little agrees as well with somebody who is surely not in `group`. */
function ambiguous(
  mention: number,
  group: readonly number[],
  rivals: ReadonlyMap<number, readonly number[]>,
  nodes: readonly Node[],
): boolean {
  const others = (rivals.get(mention) ?? []).slice(0, MAX_SHARED * 4);
  return others.some((rival) => group.some((each) => agreement(nodes, rival, each) === "never"));
}

function agreement(nodes: readonly Node[], left: number, right: number): Agreement {
  const [one, other] = [nodes[left], nodes[right]];
  return one === undefined || other === undefined ? "never" : compare(one, other);
}

function mostFrequent(names: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + (name === "" ? 0 : 1));
  return [...counts].sort(([, left], [, right]) => right - left)[0]?.[0] ?? "";
}

function put<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [value]);
  else known.push(value);
}
