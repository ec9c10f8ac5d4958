import type { Agency, PersonKey } from '../agencies/agency.ts';
import { type Identifier, type IdentifierKind, identifierKey, isPlaceholder } from '../domain/identifier.ts';
import type { KnownRecord, KnownWorker } from '../identity/crosswalk.ts';

/** Numbers that a person brings to every agency. All others are given by one agency to one of its records. */
const papers: ReadonlySet<IdentifierKind> = new Set(['NIK', 'PASSPORT', 'KTKLN']);

/**
 * What to ask the agency for a worker by, best first; null when it can look up by none of her numbers.
 *
 * Her records at an agency that tells of changes are asked for by their own numbers, and besides by her NIKs, or by passports and KTKLN where she has no NIK:
 * what else the agency opens for her comes with its changes. An agency without a feed, or one that holds a record of hers which has no number of its own, is
 * asked by everything. So is one that has no record of her.
 */
export function keyFor(known: KnownWorker, agency: Agency): PersonKey | null {
  const [own, others]: [Identifier[], Identifier[]] = [[], []];
  let [records, nameless] = [0, 0];
  for (const record of known.records.values()) {
    const itsOwn = record.agency === agency.name;
    const usable = record.identifiers.filter((id) => agency.looksUpBy.includes(id.kind) && !isPlaceholder(id));
    (itsOwn ? own : others).push(...usable);
    if (!itsOwn) continue;
    records += 1;
    if (!hasNumber(record, agency)) nameless += 1;
  }
  const all = each([...own, ...others]);
  if (all.length === 0) return null;
  if (!agency.changes || records === 0 || nameless > 0) return { ref: known.id, identifiers: all };
  const numbers = each(own.filter(({ kind }) => !papers.has(kind)));
  const niks = all.filter(({ kind }) => kind === 'NIK');
  const papersToo = niks.length > 0 ? niks : all.filter(({ kind }) => papers.has(kind));
  return { ref: known.id, identifiers: [...numbers, ...papersToo] };
}

function hasNumber(record: KnownRecord, agency: Agency): boolean {
  return record.identifiers.some((id) => !papers.has(id.kind) && agency.looksUpBy.includes(id.kind) && !isPlaceholder(id));
}

function each(identifiers: readonly Identifier[]): Identifier[] {
  return [...new Map(identifiers.map((id) => [identifierKey(id), id])).values()];
}
