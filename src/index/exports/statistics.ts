import type { Grant } from '../../access/scopes.ts';
import type { Day } from '../../domain/time.ts';
import type { Measure } from '../dimension.ts';
import type { Entity } from '../fields.ts';
import { ListFault } from '../lists/fault.ts';
import { type Asked, askedOf, beyondReach, type GivenQuestion } from '../statistics/asked.ts';
import { type Fraction, fractions, type Shown } from '../statistics/figures.ts';
import { type GroupKey, keyName } from '../statistics/keys.ts';
import { arrange } from '../statistics/order.ts';
import { Refusal, type ShownGroup, type Statistics } from '../statistics/statistics.ts';
import { type ColumnType, type ExportColumn, ExportFault, type ExportSource, type ExportValue } from './source.ts';

/** Statistics that can be exported, by the name they are ordered under. */
export const exportedStatistics = {
  workerStatistics: 'worker', placementStatistics: 'placement', coverageStatistics: 'coverage', caseStatistics: 'case', healthStatistics: 'health', stayStatistics: 'stay', gapStatistics: 'gap',
} as const satisfies Record<string, Entity>;
export type ExportedStatistics = keyof typeof exportedStatistics;

/** A question whose answer is written to a file: the day is that of the order, whenever it is run. */
export interface GivenStatistics extends GivenQuestion {
  readonly asOf: Day;
  /** Names of the measures, as the catalogue has them. */
  readonly measures: readonly string[];
}

export interface StatisticsSourceOptions {
  readonly statistics: Pick<Statistics, 'ask'>;
  /** Groups written at once. Default 2000. */
  readonly batch?: number;
}

/** A column of the file, and how a group fills it. */
interface Column extends ExportColumn {
  readonly read: (group: ShownGroup) => ExportValue;
}

function keyColumn(key: GroupKey): Column {
  const name = keyName(key);
  const { kind } = key.dimension.type;
  const type: ColumnType = key.grain === 'YEAR' || (key.grain === null && kind === 'number') ? 'integer' : key.grain === null && kind === 'flag' ? 'boolean' : 'text';
  return { name, type, read: ({ keys }) => keys.get(name) ?? null };
}

/** Columns of a measure. Which currencies there are, the groups that are shown tell. */
function measureColumns({ name, is }: Measure, groups: readonly ShownGroup[]): Column[] {
  const column = (suffix: string, type: ColumnType, read: (shown: Shown) => ExportValue): Column => ({ name: `${name}${suffix}`, type, read: ({ figures }) => read(figures.get(name)!) });
  const value = column('', 'integer', (shown) => shown.value);
  switch (is.kind) {
    case 'facts':
    case 'persons':
      return [value];
    case 'count':
      return [value, column('Share', 'number', (shown) => shown.share)];
    case 'sum':
      return [value, column('PerThousand', 'number', (shown) => shown.perThousand)];
    case 'counts':
      return is.values.flatMap(({ value: of }, i) => [column(`_${of}`, 'integer', ({ counts }) => counts[i]?.count ?? null), column(`_${of}_share`, 'number', ({ counts }) => counts[i]?.share ?? null)]);
    case 'money': {
      const currencies = new Set(groups.flatMap(({ figures }) => figures.get(name)!.money.map(({ currency }) => currency)));
      return [...currencies].toSorted().flatMap((currency) => {
        const of = ({ money }: Shown) => money.find((one) => one.currency === currency);
        const each = `_${currency ?? 'unknown'}`;
        return [column(`${each}_count`, 'integer', (shown) => of(shown)?.count ?? null), column(`${each}_total`, 'number', (shown) => of(shown)?.total ?? null), column(`${each}_mean`, 'number', (shown) => of(shown)?.mean ?? null)];
      });
    }
    case 'quantity':
      return [
        column('Count', 'integer', ({ quantity }) => quantity?.count ?? null),
        column('Mean', 'number', ({ quantity }) => quantity?.mean ?? null),
        ...(Object.keys(fractions) as Fraction[]).map((fraction) => column(fraction[0]!.toUpperCase() + fraction.slice(1), 'number', ({ quantity }) => quantity?.[fraction] ?? null)),
      ];
  }
}

/** Statistics as the caller of the order may see them: asked once, by the same way as over GraphQL, and so under the same control and limits. */
export async function statisticsSource(name: ExportedStatistics, given: GivenStatistics, grant: Grant, { statistics, batch = 2_000 }: StatisticsSourceOptions): Promise<ExportSource> {
  if (!grant.scopes.has('statistics:read')) throw new ExportFault('DENIED');
  const { question, having, orderBy } = asked(name, given);
  if (beyondReach(question, grant) !== null) throw new ExportFault('DENIED');
  const { groups: all } = await statistics.ask(question, grant).catch((error: unknown) => {
    // Where others are just being answered, the job waits.
    if (error instanceof Refusal && error.reason !== 'BUSY') throw new ExportFault('TOO_EXPENSIVE');
    throw error;
  });
  const { groups } = arrange(all, having, orderBy);
  const wanted = new Set(given.measures);
  const columns: Column[] = [
    ...question.groupBy.map(keyColumn),
    ...(question.rollUp ? [{ name: 'subtotal', type: 'boolean', read: ({ subtotal }) => subtotal } satisfies Column, { name: 'groupedBy', type: 'integer', read: ({ groupedBy }) => groupedBy.length } satisfies Column] : []),
    ...question.measures.filter((measure) => wanted.has(measure.name)).flatMap((measure) => measureColumns(measure, groups)),
  ];
  return {
    columns: columns.map(({ name: of, type }) => ({ name: of, type })),
    classes: ['statistics:read'],
    async read(take) {
      for (let from = 0; from < groups.length; from += batch) await take({ rows: groups.slice(from, from + batch).map((group) => columns.map(({ read }) => read(group))), workers: [] });
    },
  };
}

function asked(name: ExportedStatistics, given: GivenStatistics): Asked {
  try {
    return askedOf(exportedStatistics[name], given, (measure) => given.measures.includes(measure.name), given.asOf);
  } catch (error) {
    if (error instanceof ListFault) throw new ExportFault('INPUT');
    throw error;
  }
}
