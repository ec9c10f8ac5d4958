import { type SQL, sql } from 'drizzle-orm';
import type { IdentifierKind } from '../../domain/identifier.ts';
import { allOf, exists, type NewRow } from '../lists/rows.ts';
import type { Making } from '../lists/where.ts';

/** How a number fits what was typed: it is it, begins with it, or has it inside. */
export type Tier = 'EXACT' | 'BEGINS' | 'CONTAINS';
export const tierScores: Readonly<Record<Tier, number>> = { EXACT: 1, BEGINS: 0.8, CONTAINS: 0.6 };
/** Least characters typed for each. */
const least: Readonly<Record<Tier, number>> = { EXACT: 4, BEGINS: 4, CONTAINS: 5 };

export function tiersFor(typed: string): Tier[] {
  return (Object.keys(least) as Tier[]).filter((tier) => typed.length >= least[tier]);
}

/** A number without blanks, dots, hyphens and slashes: what was typed is compared in the same form, so that neither's are of importance. Indexed in these words. */
export const compact = (value: SQL): SQL => sql`(regexp_replace(${value}, '[^A-Z0-9]', '', 'g') collate "C")`;

/** The same outside of the database. */
export function compactNumber(text: string): string {
  return text.toUpperCase().replace(/[^A-Z0-9]/g, '');
}

/** Typed text is letters and digits only, so it holds nothing that `like` would read otherwise. */
export function matches(tier: Tier, number: SQL, typed: string): SQL {
  switch (tier) {
    case 'EXACT':
      return sql`${number} = ${typed}`;
    case 'BEGINS':
      return sql`(${number} like ${`${typed}%`} and ${number} <> ${typed})`;
    case 'CONTAINS':
      return sql`(${number} like ${`%${typed}%`} and ${number} not like ${`${typed}%`})`;
  }
}

/** Whether a row of `identifier` stands where the caller may see it: on a record that is there, and not as the number of a fact that is hidden. */
export function numberVisible({ sight }: Making, newRow: NewRow, alias: string): SQL | null {
  if (sight.all) return null;
  const column = (name: string) => sql`${sql.identifier(alias)}.${sql.identifier(name)}`;
  const record = newRow('record');
  const onRecord = sql`${record.column('worker_id')} = ${column('worker_id')} and ${record.column('agency')} = ${column('agency')} and ${record.column('record_id')} = ${column('record_id')}`;
  const hidden = (kind: IdentifierKind, entity: 'case' | 'stay'): SQL | null => {
    const fact = newRow(entity);
    const allowed = sight.allows(entity, fact);
    if (!allowed) return null;
    const ofRecord = sql`${fact.column('worker_id')} = ${column('worker_id')} and ${fact.column('agency')} = ${column('agency')} and ${fact.column('record_id')} = ${column('record_id')}`;
    // The fact's number as `canonical` makes it; what follows a line break tells doubles apart.
    const number = sql`upper(regexp_replace(split_part(${fact.column('key')}, E'\\n', 1), '\\s', '', 'g'))`;
    return sql`not (${column('kind')} = ${kind}::text and ${exists(fact, allOf([ofRecord, sql`${number} = ${column('value')}`, sql`${allowed} is not true`]))})`;
  };
  return allOf([exists(record, allOf([onRecord, sight.shows(record)])), hidden('CASE_NUMBER', 'case'), hidden('LAPOR_DIRI', 'stay')]);
}

/** Whether the worker of row `i` has a visible number that fits better, so that she comes by that one. */
export function carriesAlready(making: Making, newRow: NewRow, tier: Tier, typed: string, kinds: readonly IdentifierKind[]): SQL {
  if (tier === 'EXACT') return sql`false`;
  const [theirs, mine] = [compact(sql`b.value`), compact(sql`i.value`)];
  const better = tier === 'BEGINS' ? matches('EXACT', theirs, typed) : sql`${theirs} like ${`${typed}%`}`;
  const alike = sql`(${matches(tier, theirs, typed)} and ${theirs} < ${mine})`;
  return sql`exists (select from identifier b where ${allOf([
    sql`b.worker_id = i.worker_id`,
    sql`b.kind in (${sql.join(kinds.map((kind) => sql`${kind}::text`), sql`, `)})`,
    sql`(${better} or ${alike})`,
    numberVisible(making, newRow, 'b'),
  ])})`;
}
