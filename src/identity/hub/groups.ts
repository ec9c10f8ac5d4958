import { linkIdOf } from '../record.ts';
import { refOf } from './evidence.ts';
import type { Verdicts } from './verdicts.ts';

/** Sets of things that belong together, found by joining pairs. */
class Sets {
  readonly #parent = new Map<string, string>();
  find(id: string): string {
    let root = id;
    for (let next = this.#parent.get(root); next !== undefined && next !== root; next = this.#parent.get(root)) root = next;
    this.#parent.set(id, root);
    return root;
  }
  join(a: string, b: string): void {
    const [x, y] = [this.find(a), this.find(b)].toSorted() as [string, string];
    this.#parent.set(y, x);
  }
}

/** Records that stewards have said are one person, by {@link linkIdOf}; only groups of several. */
function pinned(verdicts: Verdicts): string[][] {
  const sets = new Sets();
  const ids = new Set<string>();
  for (const { left, right, verdict } of verdicts.all) {
    if (verdict !== 'SAME') continue;
    sets.join(linkIdOf(left), linkIdOf(right));
    ids.add(linkIdOf(left)).add(linkIdOf(right));
  }
  return [...Map.groupBy(ids, (id) => sets.find(id)).values()];
}

/** All pairs that must stay apart: those that were rejected, and those that follow since one of them is one person with others. */
export function keepApart(verdicts: Verdicts): [string, string][] {
  const groupOf = new Map(pinned(verdicts).flatMap((group) => group.map((id) => [id, group] as const)));
  const pairs = new Map<string, [string, string]>();
  for (const { left, right, verdict } of verdicts.all) {
    if (verdict !== 'DIFFERENT') continue;
    const [a, b] = [linkIdOf(left), linkIdOf(right)];
    for (const x of groupOf.get(a) ?? [a]) for (const y of groupOf.get(b) ?? [b]) pairs.set(`${x}\n${y}`, [x, y]);
  }
  return [...pairs.values()];
}

/** The linker's clusters, with those joined that hold records which are one person by a steward's word. A join that would bring a rejected pair together takes the pinned records alone. */
export function groupsOf(clusters: readonly (readonly string[])[], verdicts: Verdicts): string[][] {
  const groupOf = new Map<string, Set<string>>();
  for (const cluster of clusters) {
    const group = new Set(cluster);
    for (const id of cluster) groupOf.set(id, group);
  }
  const apart = (a: Iterable<string>, b: Iterable<string>) => verdicts.apart([...a].map(refOf), [...b].map(refOf));
  for (const ids of pinned(verdicts)) {
    const here = ids.filter((id) => groupOf.has(id));
    const [head, ...rest] = here.toSorted();
    if (head === undefined) continue;
    const target = groupOf.get(head)!;
    for (const id of rest) {
      const group = groupOf.get(id)!;
      if (group === target) continue;
      const all = !apart(target, group);
      for (const other of all ? [...group] : here.filter((one) => group.has(one))) {
        group.delete(other);
        target.add(other);
        groupOf.set(other, target);
      }
    }
    // What was in the target by the machine's word and may not be with the pinned ones leaves.
    const leaving = [...target].filter((id) => !here.includes(id) && apart([id], here));
    for (const id of leaving) {
      target.delete(id);
      groupOf.set(id, new Set([id]));
    }
  }
  return [...new Set(groupOf.values())].filter((group) => group.size > 0).map((group) => [...group].toSorted());
}

export interface Target {
  readonly members: readonly string[];
  /** Worker that the group's records belong to. */
  readonly target: string;
  readonly created: boolean;
}

/**
 * The worker of each group: who has most of its records now keeps it, and each worker keeps her id for the group with most of hers. What is left gets a new
 * worker; ids are never used again.
 */
export function targetsOf(groups: readonly (readonly string[])[], workerOf: ReadonlyMap<string, string>): Target[] {
  const claims = groups.flatMap((members, group) => [...Map.groupBy(members, (id) => workerOf.get(id)!)].map(([workerId, theirs]) => ({ group, workerId, size: theirs.length })));
  const target = new Map<number, string>();
  const taken = new Set<string>();
  for (const { group, workerId } of claims.toSorted((a, b) => b.size - a.size || (a.workerId < b.workerId ? -1 : a.workerId > b.workerId ? 1 : a.group - b.group))) {
    if (target.has(group) || taken.has(workerId)) continue;
    target.set(group, workerId);
    taken.add(workerId);
  }
  return groups.map((members, group) => ({ members, target: target.get(group) ?? crypto.randomUUID(), created: !target.has(group) }));
}
