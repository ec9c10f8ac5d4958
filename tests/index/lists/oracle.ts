import type { AgencyRecord } from '../../../src/domain/record.ts';
import { type Grant } from '../../../src/access/scopes.ts';
import { mayHearOf, maySeePlaced, sightOf } from '../../../src/access/sight.ts';
import type { EventReach } from '../../../src/domain/event.ts';
import { type Entity, fieldsOf, partsOf, periodsOf } from '../../../src/index/fields.ts';
import { type IndexRow, projectWorker } from '../../../src/index/project.ts';

/*
 * What lists must hold, worked out in memory from the records themselves: whom a caller sees is asked of `sightOf`, and conditions are evaluated on plain rows.
 */

/** A worker as a caller sees her: the rows of her sifted records, and her own attributes. */
export interface SeenWorker {
  readonly id: string;
  readonly attributes: IndexRow;
  readonly rows: Readonly<Record<Exclude<Entity, 'worker'>, readonly IndexRow[]>>;
}

const agenciesInOrder = (agencies: readonly string[]) => (a: AgencyRecord, b: AgencyRecord) => agencies.indexOf(a.agency) - agencies.indexOf(b.agency) || (a.recordId < b.recordId ? -1 : 1);

/** A row of the table of gaps, its id as its key, and what it rests on. */
export interface GapRow {
  readonly row: IndexRow;
  readonly reach: EventReach;
}

/** A gap is seen by whoever may hear of it; what it says of the placement concerned, by who may see that. */
function gapsSeen(grant: Grant, gaps: readonly GapRow[]): IndexRow[] {
  const placed = (row: IndexRow) => ({ mission: row['mission'] as string | null, p3mi: row['p3mi'] as string | null });
  return gaps.filter(({ reach }) => mayHearOf(grant, reach)).map(({ row }) => (maySeePlaced(grant, placed(row)) ? row : { ...row, country: null, mission: null, p3mi: null }));
}

export function seenBy(grant: Grant, id: string, records: readonly AgencyRecord[], agencies: readonly string[], gaps: readonly GapRow[] = []): SeenWorker | null {
  const sight = sightOf(grant);
  const sifted = sight ? records.flatMap((record) => sight.sift(record) ?? []) : [...records];
  if (sight ? !sight.includes(sifted) : records.length === 0) return null;
  const [golden] = projectWorker(id, records, agencies).worker;
  const rows = projectWorker(id, sifted, agencies);
  // Of a placement the index keeps the days abroad as all her placements say.
  const full = projectWorker(id, records, agencies);
  const placement = rows.placement.map((row) => full.placement.find((other) => other.agency === row.agency && other.record_id === row.record_id && other.key === row.key)!);
  return { id, attributes: sifted.length === records.length ? golden! : fromFirst(golden!, sifted.toSorted(agenciesInOrder(agencies))), rows: { placement, coverage: rows.coverage, case: rows.case, health: rows.health, stay: rows.stay, gap: gapsSeen(grant, gaps) } };
}

function fromFirst(golden: IndexRow, records: readonly AgencyRecord[]): IndexRow {
  const first = <T>(pick: (record: AgencyRecord) => T | null | undefined): T | null => records.map(pick).find((value) => value !== null && value !== undefined) ?? null;
  const area = (level: number) => first(({ person }) => (person.area !== null && person.area.split('.').length >= level ? person.area.split('.').slice(0, level).join('.') : null));
  return { ...golden, name: first(({ person }) => person.name), sex: first(({ person }) => person.sex), date_of_birth: first(({ person }) => person.dateOfBirth), province: area(1), regency: area(2), district: area(3) };
}

type Value = string | number | boolean | null;
type Filters = Readonly<Record<string, unknown>>;

function meets(value: Value, kind: string, comparator: string, given: unknown): boolean {
  if (comparator === 'has') return (value as unknown as readonly string[]).includes(given as string);
  if (comparator === 'isNull') return (value === null) === given;
  if (comparator === 'ne') return value === null || !same(value, given, kind);
  if (comparator === 'notIn') return value === null || !(given as unknown[]).some((one) => same(value, one, kind));
  if (value === null) return false;
  const text = (one: unknown) => String(one).toLowerCase();
  switch (comparator) {
    case 'eq':
      return same(value, given, kind);
    case 'in':
      return (given as unknown[]).some((one) => same(value, one, kind));
    case 'lt':
      return order(value, given, kind) < 0;
    case 'lte':
      return order(value, given, kind) <= 0;
    case 'gt':
      return order(value, given, kind) > 0;
    case 'gte':
      return order(value, given, kind) >= 0;
    case 'between': {
      const { from, to } = given as { from: unknown; to: unknown };
      return order(value, from, kind) >= 0 && order(value, to, kind) <= 0;
    }
    case 'contains':
      return text(value).includes(text(given));
    case 'startsWith':
      return text(value).startsWith(text(given));
    default:
      throw new Error(`unknown comparator ${comparator}`);
  }
}

const same = (a: Value, b: unknown, kind: string) => order(a, b, kind) === 0;
function order(a: Value, b: unknown, kind: string): number {
  if (kind === 'integer' || kind === 'decimal') return Number(a) - Number(b);
  return a === b ? 0 : String(a) < String(b) ? -1 : 1;
}

/** Whether the conditions hold for a row. */
export function holds(entity: Entity, row: IndexRow, worker: SeenWorker, where: Filters): boolean {
  return Object.entries(where).every(([name, value]) => {
    if (name === 'and') return (value as Filters[]).every((part) => holds(entity, row, worker, part));
    if (name === 'or') return (value as Filters[]).some((part) => holds(entity, row, worker, part));
    if (name === 'not') return !holds(entity, row, worker, value as Filters);
    if (entity !== 'worker' && name === 'worker') return holds('worker', worker.attributes, worker, value as Filters);
    if (entity === 'worker' && name in partsOf) {
      const part = partsOf[name as keyof typeof partsOf];
      return Object.entries(value as Filters).every(([quantifier, of]) => {
        const count = worker.rows[part].filter((fact) => holds(part, fact, worker, of as Filters)).length;
        return quantifier === 'some' ? count > 0 : quantifier === 'none' ? count === 0 : count === worker.rows[part].length;
      });
    }
    const period = periodsOf[entity];
    if (period?.name === name) {
      const [from, to, day] = [row[period.from] as string | null, row[period.to] as string | null, value as string];
      return from !== null && from <= day && (to === null || to >= day);
    }
    const field = fieldsOf[entity].find((one) => one.name === name)!;
    return Object.entries(value as Filters).every(([comparator, given]) => {
      if (field.kind !== 'area') return meets((row[field.column] ?? null) as Value, field.kind, comparator, given);
      if (comparator === 'isNull') return (row['province'] === null) === given;
      return (given as string[]).some((code) => [row['province'], row['regency'], row['district']].includes(code));
    });
  });
}
