import { setImmediate } from 'node:timers/promises';
import type { Grant } from '../../access/scopes.ts';
import { cellOf, mostFew } from '../disclosure/cell.ts';
import { withoutSmallParts } from '../disclosure/conditions.ts';
import { disclosureFor } from '../disclosure/disclosure.ts';
import type { Measure } from '../dimension.ts';
import type { Facts } from '../facts/facts.ts';
import { createEngine, EngineFault, type EngineOptions } from './engine.ts';
import { type Shown, shown } from './figures.ts';
import { type Group, mostGroups } from './fold.ts';
import { Spread } from './histogram.ts';
import { type GroupKey, keyName, valueAt } from './keys.ts';
import { type Ground, growingReadings, makePlan, mostCells, type Question, type Reckoned, reckon, sceneOf } from './plan.ts';
import { nobody } from './tally.ts';
import { isShown, itself, telling } from './told.ts';
import { type Scalar, type Where, whereSql } from './where.ts';

export interface StatisticsOptions extends EngineOptions {
  readonly facts: Facts;
  /** Most points that a question may be reckoned to cost, see {@link reckon}. */
  readonly costLimit: number;
}

/** A group as the caller may see it. */
export interface ShownGroup {
  /** What it is grouped by: fewer than asked for in a roll-up. */
  readonly groupedBy: readonly GroupKey[];
  readonly subtotal: boolean;
  /** By name of the key; left out where it is not grouped by it. */
  readonly keys: ReadonlyMap<string, string | number | boolean | null>;
  /** By name of the measure. */
  readonly figures: ReadonlyMap<string, Shown>;
}

export interface Answer {
  readonly groups: readonly ShownGroup[];
  readonly indexedThrough: string;
  readonly reckoned: Reckoned;
  /** Whether figures are protected against disclosure. */
  readonly protects: boolean;
}

/** Why a question is not answered. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly reason: 'TOO_EXPENSIVE' | 'BUSY' | 'TIMEOUT';
  constructor(reason: Refusal['reason'], message: string) {
    super(message);
    this.reason = reason;
  }
}

/** Groups made ready before others have a turn. */
const groupsAtOnce = 500;

export interface Statistics {
  ask(question: Question, grant: Grant): Promise<Answer>;
  close(): Promise<void>;
}

export function createStatistics(options: StatisticsOptions): Statistics {
  const engine = createEngine(options);
  const seconds = (options.timeoutMs / 1000).toFixed(0);

  function refuseExpensive(question: Question, reckoned: Reckoned, cells: number): void {
    const { points, rows, columns, groups } = reckoned;
    if (points <= options.costLimit && cells < mostCells) return;
    const size = `${rows.toLocaleString('en')} facts, ${columns} dimensions and measures, up to ${groups.toLocaleString('en')} groups`;
    throw new Refusal('TOO_EXPENSIVE', `Reckoned to cost ${points} points of at most ${options.costLimit} (${size}). Narrow it: group by fewer or wider dimensions (province for regency, year for month), ask for fewer measures${question.rollUp ? ', leave out rollUp' : ''}.`);
  }

  /** The condition as it is applied to a caller from whom persons are protected. */
  function protectedWhere(question: Question, grant: Grant, ground: Ground): Promise<Where> {
    const parts = growingReadings(question, grant, ground);
    if (parts.length === 0) return Promise.resolve(question.where);
    const scene = sceneOf(question, ground);
    return withoutSmallParts(expanded(question.where), async (condition, others) => {
      const holds = (one: Where) => `coalesce(${whereSql(one, scene)}, false)`;
      const here = holds(condition);
      const differs = others.map((other) => `${here} <> ${holds(other)}`);
      // Parts within parts are often the same condition.
      const different = [...new Set(differs)];
      const found = await engine.few(parts, different, mostFew + 1);
      return differs.map((sql) => cellOf(found[different.indexOf(sql)]!));
    });
  }

  async function answer(question: Question, grant: Grant, ground: Ground): Promise<Answer> {
    const disclosure = disclosureFor(grant);
    const reckoned = reckon(question, ground);
    const first = makePlan(question, grant, ground, disclosure.protects);
    refuseExpensive(question, reckoned, first.cells);
    const plan = disclosure.protects ? makePlan({ ...question, where: await protectedWhere(question, grant, ground) }, grant, ground, true) : first;
    const fold = await engine.fold(plan, mostGroups);
    if (fold === null) throw new Refusal('TOO_EXPENSIVE', `There are more than ${mostGroups.toLocaleString('en')} groups. Group by fewer or wider dimensions.`);
    let groups: Iterable<Group> = fold.groups === 0 && question.groupBy.length === 0 ? [emptyGroup(question)] : fold.finish();
    const scene = sceneOf(question, ground);
    let told = itself;
    if (disclosure.protects && question.rollUp) {
      const all = [...groups];
      [groups, told] = [all, telling(all)];
    }
    const currencies = ground.manifest.dictionaries['currency'] ?? [];
    const shownGroups: ShownGroup[] = [];
    let made = 0;
    for (const met of groups) {
      // Others have a turn in between.
      if ((made += 1) % groupsAtOnce === 0) await setImmediate();
      const group = told(met);
      if (!isShown(group, disclosure)) continue;
      shownGroups.push({
        groupedBy: question.groupBy.slice(0, group.level),
        subtotal: group.level < question.groupBy.length,
        keys: new Map(question.groupBy.slice(0, group.level).map((key, k) => [keyName(key), valueAt(key, group.places[k]!, scene)])),
        figures: new Map(question.measures.map((measure) => [measure.name, shown(measure, group, disclosure, question.entity === 'worker', currencies)])),
      });
    }
    return { indexedThrough: ground.manifest.through, reckoned, protects: disclosure.protects, groups: shownGroups };
  }

  return {
    async ask(question, grant) {
      const held = await options.facts.hold();
      try {
        return await answer(question, grant, held);
      } catch (error) {
        if (!(error instanceof EngineFault)) throw error;
        throw error.reason === 'BUSY'
          ? new Refusal('BUSY', 'Too many statistics are being asked for at the moment.')
          : new Refusal('TIMEOUT', `It took longer than ${seconds} s. Narrow it: group by fewer dimensions, ask for fewer measures.`);
      } finally {
        held.release();
      }
    },
    close: () => engine.close(),
  };
}

/** Lists of values as one comparison each, spans by their ends: so that each is a part of its own. */
export function expanded(where: Where): Where {
  if ('and' in where) return { and: where.and.map(expanded) };
  if ('or' in where) return { or: where.or.map(expanded) };
  if ('not' in where) return { not: expanded(where.not) };
  if (!('is' in where)) return where;
  const { dimension, comparator, value } = where.is;
  if (comparator === 'in' && Array.isArray(value)) return { or: value.map((each: Scalar) => ({ is: { dimension, comparator: 'in', value: [each] } })) };
  if (comparator === 'notIn' && Array.isArray(value)) return { not: expanded({ is: { dimension, comparator: 'in', value } }) };
  if (typeof value === 'object' && 'from' in value) return { and: [{ is: { dimension, comparator: 'gte', value: value.from } }, { is: { dimension, comparator: 'lte', value: value.to } }] };
  return where;
}

/** All facts together where there are none. */
function emptyGroup({ measures }: Question): Group {
  const figure = ({ is }: Measure) =>
    is.kind === 'money'
      ? ({ kind: 'money', byCurrency: [] } as const)
      : is.kind === 'quantity'
        ? ({ kind: 'quantity', sum: nobody, values: new Spread() } as const)
        : ({ kind: 'counted', sets: is.kind === 'counts' ? is.values.map(() => nobody) : [nobody] } as const);
  return { level: 0, places: [], all: nobody, figures: new Map(measures.map((measure) => [measure.name, figure(measure)])) };
}
