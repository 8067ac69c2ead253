import type { Case } from "./case.js";
import type { NoteBook, NoteChange } from "./note-book.js";
import type { Person } from "./people.js";

/** What staff said of pairs of cases: about one person, or not. */
export interface PersonLinks {
  /** By case id, the ids of the cases about the same person. */
  readonly same: ReadonlyMap<string, ReadonlySet<string>>;
  readonly apart: ReadonlyMap<string, ReadonlySet<string>>;
}

/** The decisions in the notes. Where desks did not agree, both count, and the person is shown as disputed. */
export function linksIn(notes: NoteBook): PersonLinks {
  const links = { same: new Map<string, Set<string>>(), apart: new Map<string, Set<string>>() };
  for (const { case: one, set } of notes.allHeads()) {
    if (!("person" in set) || set.same === null) continue;
    const pairs = set.same ? links.same : links.apart;
    pairs.set(one, (pairs.get(one) ?? new Set()).add(set.person));
    pairs.set(set.person, (pairs.get(set.person) ?? new Set()).add(one));
  }
  return links;
}

/** Writes that all of `ids` are about one person, or takes that back with null. */
export function linkAll(ids: readonly string[], same: true | null): readonly NoteChange[] {
  const [first = "", ...others] = [...new Set(ids)].sort();
  return others.map((other) => ({ case: first, set: { person: other, same } }));
}

/** Writes that the case `id` is about another person than all of `others`, who remain one if they were confirmed. */
export function splitOff(id: string, others: readonly string[], confirmed: boolean): readonly NoteChange[] {
  const rest = [...new Set(others)].filter((other) => other !== id);
  const apart = rest.map((other): NoteChange => {
    const [one, two] = id < other ? [id, other] : [other, id];
    return { case: one, set: { person: two, same: false } };
  });
  return [...apart, ...(confirmed ? linkAll(rest, true) : [])];
}

/**
 * The people, as staff have decided, and as is proposed where they have not. Cases that staff put together are one
 * person, with those that a proposal puts with at least two of them. None is put with a case that staff set apart from
 * it, unless they also put the two together, directly or by others: that is disputed.
 */
export function decide(proposed: readonly Person[], cases: readonly Case[], links: PersonLinks): Person[] {
  if (links.same.size === 0 && links.apart.size === 0) return [...proposed];
  const byId = new Map(cases.map((one) => [one.id, one]));
  const order = new Map(cases.map((one, at) => [one, at]));
  const confirmed = componentsOf(links.same, byId);
  const componentOf = new Map(confirmed.flatMap((members) => [...members].map((one) => [one, members] as const)));
  const names = new Map<Set<Case>, string>();
  const rest: Person[] = [];
  for (const { name, cases: together } of proposed) {
    for (const cluster of clusters(together, links)) {
      const into = confirmed.filter((members) => overlap(members, cluster) >= Math.min(2, cluster.length));
      for (const members of into) {
        const ids = idsOf(members);
        for (const one of cluster) {
          // Another person's letter stays theirs, and what staff set apart stays apart.
          if (!componentOf.has(one) && !isApartFromAny(links, one, ids)) members.add(one);
        }
        if ((names.get(members) ?? "") === "") names.set(members, name);
      }
      const left = cluster.filter((one) => !into.some((members) => members.has(one)));
      if (left.length > 0 && (left.length === cluster.length || left.some((one) => !componentOf.has(one))))
        rest.push({ name, cases: left });
    }
  }
  const decided = confirmed.map((members): Person => {
    const sorted = [...members].sort((left, right) => (order.get(left) ?? 0) - (order.get(right) ?? 0));
    return { name: names.get(members) ?? "", cases: sorted, ...standing(sorted, links, componentOf) };
  });
  const people = [...decided, ...alone(rest, decided)];
  return people.sort((left, right) => right.cases.length - left.cases.length);
}

/** A case that is in a group of several needs no group of its own. */
function alone(rest: readonly Person[], decided: readonly Person[]): readonly Person[] {
  const grouped = new Set([...decided, ...rest].filter(({ cases }) => cases.length > 1).flatMap(({ cases }) => cases));
  const seen = new Set<Case>();
  return rest.filter(({ cases }) => {
    const [only] = cases;
    if (cases.length > 1 || only === undefined) return true;
    if (grouped.has(only) || seen.has(only)) return false;
    seen.add(only);
    return true;
  });
}

function standing(cases: readonly Case[], links: PersonLinks, componentOf: ReadonlyMap<Case, unknown>) {
  const together = idsOf(cases);
  const disputed = cases.some((one) => isApartFromAny(links, one, together));
  const confirmed = cases.every((one) => componentOf.has(one));
  return { ...(confirmed && { confirmed }), ...(disputed && { disputed }) };
}

/** The cases of a proposal, in groups of which no two were set apart. */
function clusters(cases: readonly Case[], links: PersonLinks): readonly (readonly Case[])[] {
  const found: { readonly cases: Case[]; readonly ids: Set<string> }[] = [];
  for (const one of cases) {
    const fitting = found.find(({ ids }) => !isApartFromAny(links, one, ids));
    if (fitting === undefined) found.push({ cases: [one], ids: new Set([one.id]) });
    else {
      fitting.cases.push(one);
      fitting.ids.add(one.id);
    }
  }
  return found.map((cluster) => cluster.cases);
}

function componentsOf(same: PersonLinks["same"], byId: ReadonlyMap<string, Case>): Set<Case>[] {
  const seen = new Set<string>();
  const components: Set<Case>[] = [];
  for (const start of same.keys()) {
    const members = new Set<Case>();
    const queue = [start];
    for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
      if (seen.has(id)) continue;
      seen.add(id);
      const one = byId.get(id);
      if (one !== undefined) members.add(one);
      queue.push(...(same.get(id) ?? []));
    }
    if (members.size > 1) components.push(members);
  }
  // Logs may come in any order.
  return components.sort((left, right) => (smallestId(left) < smallestId(right) ? -1 : 1));
}

function smallestId(members: ReadonlySet<Case>): string {
  return [...members].reduce((least, { id }) => (id < least ? id : least), "g");
}

function overlap(members: ReadonlySet<Case>, cluster: readonly Case[]): number {
  return cluster.filter((one) => members.has(one)).length;
}

function isApartFromAny({ apart }: PersonLinks, one: Case, others: ReadonlySet<string>): boolean {
  const ids = apart.get(one.id);
  if (ids === undefined) return false;
  const [fewer, more] = ids.size < others.size ? [ids, others] : [others, ids];
  return [...fewer].some((id) => more.has(id));
}

function idsOf(cases: Iterable<Case>): Set<string> {
  return new Set([...cases].map(({ id }) => id));
}
