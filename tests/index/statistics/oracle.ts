import { getTableName, sql } from 'drizzle-orm';
import { fieldsOf, type Entity } from '../../../src/index/fields.ts';
import { indexTables } from '../../../src/index/keep.ts';
import { type GroupKey, keyName } from '../../../src/index/statistics/keys.ts';
import type { Question } from '../../../src/index/statistics/plan.ts';
import type { Leaf, Where } from '../../../src/index/statistics/where.ts';
import type { Database } from '../../../src/store/database.ts';

/*
 * Statistics in plain loops over the rows of the index, as slow and as simple as can be: what the facts must agree with. Nothing of how facts are made or read is used.
 */

type Row = Readonly<Record<string, unknown>> & { readonly worker_id: string };
type Value = string | number | boolean | null;

/** Rows of all tables of the index as they were known at a moment. */
export type Known = Readonly<Record<'worker' | 'record' | Exclude<Entity, 'worker'>, readonly Row[]>>;

export async function knownAt(database: Database, moment: Date | null): Promise<Known> {
  const entries = Object.entries(indexTables).map(async ([name, table]) => {
    const when = moment === null ? sql`recorded_to is null` : sql`recorded_from <= ${moment.toISOString()}::timestamptz and (recorded_to is null or recorded_to > ${moment.toISOString()}::timestamptz)`;
    const rows = await database.run((q) => q.execute<Row>(sql`select t.* from ${sql.identifier(getTableName(table))} t where ${when} and t.worker_id not in (select worker_id from restriction)`));
    return [name, rows.map(plainRow)] as const;
  });
  const gaps = await gapsKnown(database, moment);
  return { ...Object.fromEntries(await Promise.all(entries)), gap: gaps } as unknown as Known;
}

const plainRow = (row: Row): Row => Object.fromEntries(Object.entries(row).map(([key, value]) => [key, value instanceof Date ? value.toISOString().slice(0, 10) : value])) as unknown as Row;
const inJakarta = (moment: string) => new Date(Date.parse(moment) + 7 * 3_600_000).toISOString().slice(0, 10);

/** Gaps keep one row each: before one was closed, it was the same and open. */
async function gapsKnown(database: Database, moment: Date | null): Promise<Row[]> {
  const rows = await database.run((q) => q.execute<{ gap: Row & { opened_at: string; closed_at: string | null } }>(sql`select to_jsonb(g) gap from gap g where worker_id not in (select worker_id from restriction)`));
  return rows.flatMap(({ gap }) => {
    if (moment !== null && Date.parse(gap.opened_at) > moment.getTime()) return [];
    const over = gap.closed_at !== null && (moment === null || Date.parse(gap.closed_at) <= moment.getTime());
    return [{ ...gap, found_on: inJakarta(gap.opened_at), closed_on: over ? inJakarta(gap.closed_at!) : null }];
  });
}

/** Everything known of a worker. */
interface Person {
  readonly id: string;
  readonly row: Row;
  readonly of: Readonly<Record<Exclude<Entity, 'worker'>, readonly Row[]>>;
}

interface Fact {
  readonly row: Row;
  readonly person: Person;
}

const dayOf = (value: unknown) => value as string | null;
const within = (from: unknown, to: unknown, day: string) => from !== null && (from as string) <= day && (to === null || (to as string) >= day);
const number = (value: unknown) => (value === null ? null : Number(value));
const between = (from: unknown, to: unknown): number | null => (from === null || to === null ? null : Math.round((Date.parse(to as string) - Date.parse(from as string)) / 86_400_000));
const notNegative = (value: number | null) => (value === null || value < 0 ? null : value);

function covered({ of }: Person, programme: string, day: string): boolean {
  return of.coverage.some((row) => row['programme'] === programme && within(row['covers_from'], row['covers_to'], day));
}

function healthStatus({ of: { health } }: Person): string {
  if (health.length === 0) return 'NOT_FOUND';
  if (health.some((row) => row['active'])) return 'ACTIVE';
  const told = health.filter((row) => row['inactive_reason'] !== null).map((row) => [`${dayOf(row['start_on']) ?? '0001-01-01'} ${row['key'] as string}`, row['inactive_reason'] as string] as const);
  return told.toSorted(([a], [b]) => (a < b ? 1 : -1))[0]?.[1] ?? 'OTHER';
}

function age(born: string | null, day: string): number | null {
  if (born === null) return null;
  return Number(day.slice(0, 4)) - Number(born.slice(0, 4)) - (day.slice(5) < born.slice(5) ? 1 : 0);
}

const bands = [['UNDER_18', 18], ['18_24', 25], ['25_34', 35], ['35_44', 45], ['45_54', 55], ['55_UP', 10_000]] as const;

/** The placement that a case belongs to. */
function placementOf({ row, person }: Fact): Row | null {
  const begun = person.of.placement.filter((one) => one['abroad_from'] !== null && (one['abroad_from'] as string) <= (row['opened_on'] as string));
  const rank = (one: Row) => [within(one['abroad_from'], one['abroad_to'], row['opened_on'] as string) ? 1 : 0, one['abroad_from'], one['agency'], one['record_id'], one['key']].join(' ');
  return begun.toSorted((a, b) => (rank(a) < rank(b) ? 1 : -1))[0] ?? null;
}

const casesUnder = ({ row, person }: Fact) => person.of.case.filter((one) => placementOf({ row: one, person }) === row);

function endsEarly({ row, person }: Fact): boolean | null {
  const [start, end] = [dayOf(row['contract_start']), dayOf(row['contract_end'])];
  if (start === null || end === null) return null;
  const overlapping = person.of.coverage.filter((one) => one['programme'] === 'JKK' && one['covers_from'] !== null && (one['covers_from'] as string) <= end && ((one['covers_to'] ?? '9999-12-31') as string) >= start && one['covers_from'] as string <= ((one['covers_to'] ?? '9999-12-31') as string));
  if (overlapping.length === 0) return null;
  return overlapping.every((one) => one['covers_to'] !== null && (one['covers_to'] as string) < end);
}

/** Days on which a gap was open. */
function openDays(row: Row): { readonly from: string; readonly to: string | null } {
  const before = row['closed_on'] === null ? null : new Date(Date.parse(row['closed_on'] as string) - 86_400_000).toISOString().slice(0, 10);
  const ends = [dayOf(row['until']), before].filter((end) => end !== null).toSorted();
  return { from: dayOf(row['since']) ?? (row['found_on'] as string), to: ends[0] ?? null };
}
const gapOpen = (row: Row, day: string) => within(openDays(row).from, openDays(row).to, day);
const placedOf = ({ row, person }: Fact) => person.of.placement.find((one) => one['agency'] === row['placement_agency'] && one['record_id'] === row['placement_record'] && one['key'] === row['placement_number']);

const closed = (row: Row, day: string) => (row['closed_on'] === null ? ['CLOSED', 'REJECTED'].includes(row['status'] as string) : (row['closed_on'] as string) <= day);
const abroadOn = (person: Person, day: string) => person.of.placement.some((one) => within(one['abroad_from'], one['abroad_to'], day));

/** Value of a dimension, by entity and name. */
export function valueOf(entity: Entity, name: string, fact: Fact, day: string): Value {
  const { row, person } = fact;
  const worker = person.row;
  switch (name) {
    case 'sex': case 'province': case 'regency':
      return worker[name] as Value;
    case 'district':
      return worker['district'] as Value;
    case 'agencies':
      return (worker['agencies'] as string[]).join('+');
    case 'healthStatus':
      return healthStatus(person);
    case 'ageGroup': {
      const years = age(dayOf(worker['date_of_birth']), day);
      return years === null ? null : bands.find(([, below]) => years < below)![0];
    }
    case 'coveredJkk': case 'coveredJkm': case 'coveredJht':
      return covered(person, name.slice(7).toUpperCase(), day);
    case 'abroad':
      return entity === 'worker' ? abroadOn(person, day) : within(row['abroad_from'], row['abroad_to'], day);
    case 'jkkEndsEarly':
      return endsEarly(fact);
    case 'active':
      return entity === 'health' ? (row['active'] as boolean) : within(row['covers_from'], row['covers_to'], day);
    case 'open':
      return entity === 'gap' ? gapOpen(row, day) : !closed(row, day);
    case 'exposed':
      return person.of.gap.some((one) => one['severity'] !== 'INFO' && gapOpen(one, day));
    case 'criticallyExposed':
      return person.of.gap.some((one) => one['severity'] === 'CRITICAL' && gapOpen(one, day));
    case 'ahead':
      return openDays(row).from > day;
    case 'sinceOn':
      return row['since'] as Value;
    case 'programmes':
      return (row['programmes'] as string[]).join('+') || null;
    case 'coveredAtOpening':
      return covered(person, 'JKK', row['opened_on'] as string);
    case 'placed':
      return abroadOn(person, row['reported_on'] as string);
    case 'placements':
      return person.of.placement.length;
    case 'stays':
      return person.of.stay.length;
    case 'districtAbroad':
      return row['district'] as Value;
  }
  if (entity === 'worker' && name === 'cases') return person.of.case.length;
  if (entity === 'case' && ['scheme', 'procedure', 'sector', 'job', 'p3miId'].includes(name)) return (placementOf(fact)?.[name === 'p3miId' ? 'p3mi_id' : name] ?? null) as Value;
  if (entity === 'gap' && ['scheme', 'procedure', 'sector', 'job', 'p3miName'].includes(name)) return (placedOf(fact)?.[name === 'p3miName' ? 'p3mi_name' : name] ?? null) as Value;
  const field = fieldsOf[entity].find((one) => one.name === name)!;
  return row[field.column] as Value;
}

/** What each measure is of a set of facts, to be compared as JSON. */
function measured(entity: Entity, name: string, facts: readonly Fact[], day: string): unknown {
  const counting = (test: (fact: Fact) => boolean) => ({ count: facts.filter(test).length });
  const summed = (value: (fact: Fact) => number) => ({ sum: facts.reduce((sum, fact) => sum + value(fact), 0) });
  const quantity = (value: (fact: Fact) => number | null) => {
    const values = facts.map(value).filter((one) => one !== null).toSorted((a, b) => a - b);
    const quantile = (q: number) => {
      const rank = q * (values.length - 1);
      const [low, high] = [values[Math.floor(rank)]!, values[Math.ceil(rank)]!];
      return low + (high - low) * (rank - Math.floor(rank));
    };
    return { count: values.length, mean: values.length === 0 ? null : values.reduce((a, b) => a + b, 0) / values.length, median: values.length === 0 ? null : quantile(0.5), p90: values.length === 0 ? null : quantile(0.9) };
  };
  const money = (amount: string, currency: (row: Row) => string | null) =>
    Object.fromEntries(
      [...Map.groupBy(facts.filter(({ row }) => row[amount] !== null), ({ row }) => currency(row))]
        .map(([code, of]) => [String(code), { count: of.length, total: Number((of.reduce((sum, { row }) => sum + Math.round(Number(row[amount]) * 100), 0) / 100).toFixed(2)) }] as const)
        .toSorted(([a], [b]) => (a < b ? -1 : 1)),
    );
  const jkk = (fact: Fact) => covered(fact.person, 'JKK', day);
  const [jkm, jht] = [(fact: Fact) => covered(fact.person, 'JKM', day), (fact: Fact) => covered(fact.person, 'JHT', day)];
  const jkn = (fact: Fact) => healthStatus(fact.person) === 'ACTIVE';
  const days = (until: string, from: string) => quantity(({ row }) => notNegative(between(row[from], row[until])));
  switch (name) {
    case 'count':
      return facts.length;
    case 'people':
      return new Set(facts.map(({ person }) => person.id)).size;
    case 'withJkk': return counting(jkk);
    case 'withJkm': return counting(jkm);
    case 'withJht': return counting(jht);
    case 'withoutCover': return counting((fact) => !(jkk(fact) && jkm(fact)));
    case 'withActiveJkn': return counting(jkn);
    case 'withGap': return counting((fact) => valueOf(entity, 'exposed', fact, day) === true);
    case 'withCriticalGap': return counting((fact) => valueOf(entity, 'criticallyExposed', fact, day) === true);
    case 'nowAbroad': return counting((fact) => valueOf(entity, 'abroad', fact, day) === true);
    case 'branches':
      return [jkn, () => false, () => false, jht, jkk, () => false, () => false, jkk, jkm].map((test) => facts.filter(test).length);
    case 'endingEarly': return counting((fact) => endsEarly(fact) === true);
    case 'cases': return summed((fact) => casesUnder(fact).length);
    case 'wageCases': return summed((fact) => casesUnder(fact).filter((one) => ['GAJI_TIDAK_DIBAYAR', 'GAJI_ABK'].includes(one['subcategory'] as string)).length);
    case 'benefitClaims': return summed(({ row }) => Number(row['claims']));
    case 'wage': return money('wage_amount', (row) => row['wage_currency'] as string | null);
    case 'contributions': return money('paid', () => 'IDR');
    case 'owed': return money('owed', () => 'IDR');
    case 'claimed': return money('claimed_amount', (row) => row['currency'] as string | null);
    case 'recovered': return money('recovered_amount', (row) => row['currency'] as string | null);
    case 'process': return days('departed_on', 'registered_on');
    case 'contract': return quantity(({ row }) => { const length = between(row['contract_start'], row['contract_end']); return length === null ? null : notNegative(length + 1); });
    case 'timeAbroad': return quantity(({ row }) => {
      const from = dayOf(row['abroad_from']);
      if (from === null || from > day) return null;
      const to = dayOf(row['abroad_to']);
      return between(from, to === null || to > day ? day : to)! + 1;
    });
    case 'age': return quantity(({ person }) => notNegative(age(dayOf(person.row['date_of_birth']), day)));
    case 'activeNow': return counting(({ row }) => within(row['covers_from'], row['covers_to'], day));
    case 'unpaid': return counting(({ row }) => row['payment_status'] !== 'PAID');
    case 'timeToPay': return days('paid_on', 'registered_on');
    case 'openNow': return counting(({ row }) => (entity === 'gap' ? gapOpen(row, day) : !closed(row, day)));
    case 'aheadNow': return counting(({ row }) => openDays(row).from > day);
    case 'coveredThen': return counting(({ row, person }) => covered(person, 'JKK', row['opened_on'] as string));
    case 'timeToClose': if (entity === 'gap') return quantity(({ row }) => { const { from, to } = openDays(row); return to !== null && to < day && to >= from ? between(from, to)! + 1 : null; });
      return quantity(({ row }) => (row['closed_on'] !== null && (row['closed_on'] as string) <= day ? notNegative(between(row['opened_on'], row['closed_on'])) : null));
    case 'timeOpen': if (entity === 'gap') return quantity(({ row }) => (gapOpen(row, day) ? between(openDays(row).from, day) : null));
      return quantity(({ row }) => (closed(row, day) ? null : notNegative(between(row['opened_on'], day))));
    case 'activeMembers': return counting(({ row }) => row['active'] === true);
    case 'outsidePlacement': return counting(({ row, person }) => !abroadOn(person, row['reported_on'] as string));
    case 'timeToVerify': return days('verified_on', 'reported_on');
    default: throw new Error(`no measure ${name}`);
  }
}

function meets(leaf: Leaf, value: Value): boolean {
  const wanted = leaf.value;
  switch (leaf.comparator) {
    case 'ne': return !meets({ ...leaf, comparator: 'eq' }, value);
    case 'notIn': return !meets({ ...leaf, comparator: 'in' }, value);
    case 'isNull': return (value === null) === wanted;
  }
  if (value === null) return false;
  switch (leaf.comparator) {
    case 'eq': return value === wanted;
    case 'in': return (wanted as Value[]).some((one) => value === one || (['province', 'regency', 'district'].includes(leaf.dimension) && String(value).startsWith(`${String(one)}.`)));
    case 'lt': return value < (wanted as string);
    case 'lte': return value <= (wanted as string);
    case 'gt': return value > (wanted as string);
    case 'gte': return value >= (wanted as string);
    case 'between': { const { from, to } = wanted as { from: string; to: string }; return value >= from && value <= to; }
    case 'contains': return String(value).toLowerCase().includes(String(wanted).toLowerCase());
    case 'startsWith': return String(value).toLowerCase().startsWith(String(wanted).toLowerCase());
    default: throw new Error(`no comparator ${leaf.comparator}`);
  }
}

function holds(entity: Entity, where: Where, fact: Fact, day: string): boolean {
  if ('and' in where) return where.and.every((part) => holds(entity, part, fact, day));
  if ('or' in where) return where.or.some((part) => holds(entity, part, fact, day));
  if ('not' in where) return !holds(entity, where.not, fact, day);
  if ('always' in where) return where.always;
  return meets(where.is, valueOf(entity, where.is.dimension, fact, day));
}

function keyOf(entity: Entity, { dimension, grain }: GroupKey, fact: Fact, day: string): Value {
  const value = valueOf(entity, dimension.name, fact, day);
  if (grain === null || value === null) return value;
  const [year, month] = String(value).split('-') as [string, string];
  if (grain === 'YEAR') return Number(year);
  return grain === 'MONTH' ? `${year}-${month}` : `${year}-Q${Math.ceil(Number(month) / 3)}`;
}

const sinceOf = (entity: Entity, row: Row): string | null => {
  const first = (...names: string[]) => (names.map((name) => row[name]).find((value) => value !== null) ?? null) as string | null;
  return { worker: () => null, placement: () => first('registered_on', 'departed_on', 'contract_start'), coverage: () => first('registered_on', 'window_start'), case: () => first('opened_on'), health: () => first('start_on'), stay: () => first('reported_on'), gap: () => [row['since'], row['found_on']].filter((day) => day !== null).toSorted()[0] as string }[entity]();
};

/** The answer to a question, one entry for each group: its keys, and its measures. */
export function answer(known: Known, question: Question, reaches: (entity: Entity, row: Row, person: Person) => boolean = () => true): Map<string, Record<string, unknown>> {
  const { entity, day, groupBy } = question;
  const byWorker = (rows: readonly Row[]) => Map.groupBy(rows, ({ worker_id }) => worker_id);
  const parts = { placement: byWorker(known.placement), coverage: byWorker(known.coverage), case: byWorker(known.case), health: byWorker(known.health), stay: byWorker(known.stay), gap: byWorker(known.gap) };
  const persons = known.worker.map((row): Person => ({ id: row.worker_id, row, of: Object.fromEntries(Object.entries(parts).map(([name, rows]) => [name, rows.get(row.worker_id) ?? []])) as unknown as Person['of'] }));
  const facts = persons
    .flatMap((person): Fact[] => (entity === 'worker' ? [{ row: person.row, person }] : person.of[entity].map((row) => ({ row, person }))))
    .filter((fact) => (sinceOf(entity, fact.row) ?? '') <= day && reaches(entity, fact.row, fact.person) && holds(entity, question.where, fact, day));
  const groups = new Map<string, Record<string, unknown>>();
  const levels = question.rollUp ? groupBy.map((_, i) => i).concat(groupBy.length) : [groupBy.length];
  for (const level of levels) {
    const keys = groupBy.slice(0, level);
    const sets = Map.groupBy(facts, (fact) => JSON.stringify(keys.map((key) => [keyName(key), keyOf(entity, key, fact, day)])));
    if (level === 0 && sets.size === 0 && groupBy.length === 0) sets.set('[]', []);
    for (const [key, of] of sets) groups.set(key, Object.fromEntries(question.measures.map((measure) => [measure.name, measured(entity, measure.name, of, day)])));
  }
  return groups;
}

export { number };
