import type { WorldPerson } from '../../src/agencies/world/world.ts';
import type { AgencyRecord } from '../../src/domain/record.ts';
import { dayNumber } from '../../src/agencies/world/calendar.ts';
import { makeLife, makers } from '../../src/agencies/world/lives.ts';
import { createWorld } from '../../src/agencies/world/world.ts';
import { assess } from '../../src/protection/assess.ts';
import { protectionInput } from '../../src/protection/input.ts';
import { oracle } from './oracle.ts';
import { factsFrom } from './worldFacts.ts';

/** Gaps found and missed, rule by rule. */
export interface Score {
  readonly people: number;
  readonly rules: ReadonlyMap<string, { found: number; missed: number; wrong: number }>;
  /** Some who were missed or wronged, for looking into. */
  readonly examples: readonly string[];
}

/** Rules whose truth lies in how records disagree, not in a life; they have tests of their own. */
const aboutRecords = new Set(['IDENTITY_CONFLICT', 'COVER_UNDER_OTHER_NIK']);
/** Classes of mismatch by which facts are missing, doubled or another person's. */
const spoiling = new Set(['RECORD_MISSING', 'RECORD_DOUBLED', 'IDENTITY_BORROWED', 'PASSPORT_OLD']);

/** Whether BP2MI has every journey of the person and no class of mismatch spoils her facts. */
export function isClean(person: WorldPerson, journeys: number): boolean {
  const placements = person.records.flatMap((record) => record.placements);
  return placements.length === journeys && !person.mismatches.some((one) => spoiling.has(one));
}

export interface MeasureOptions {
  readonly seed: number;
  readonly today: string;
  readonly from: number;
  readonly to: number;
  /** Which people count. Default: all. */
  readonly people?: (person: WorldPerson, journeys: number) => boolean;
  /** Which of a person's records the hub is taken to have joined. Default: all of hers. */
  readonly joined?: (person: WorldPerson) => readonly AgencyRecord[];
}

/** Compares what the rules find with what is true. Gaps of a rule that says UNKNOWN are missed, not wrong. */
export function measure({ seed, today, from, to, people = () => true, joined = (person) => person.records }: MeasureOptions): Score {
  const world = createWorld({ seed, size: to, today });
  const all = makers(seed, today);
  const truth = oracle({ seed, today });
  const rules = new Map<string, { found: number; missed: number; wrong: number }>();
  const examples: string[] = [];
  let counted = 0;
  for (let index = from; index < to; index++) {
    const person = world.person(index);
    const journeys = makeLife(all, index).journeys.filter(({ registered }) => registered <= dayNumber(today)).length;
    if (!people(person, journeys)) continue;
    counted++;
    const found = new Set(assess(protectionInput(factsFrom(joined(person), today))).filter(({ status, rule }) => status === 'GAP' && !aboutRecords.has(rule.id)).map(({ rule }) => rule.id));
    const real = truth(index);
    for (const id of new Set([...found, ...real])) {
      const score = rules.get(id) ?? { found: 0, missed: 0, wrong: 0 };
      const outcome = !real.has(id) ? 'wrong' : found.has(id) ? 'found' : 'missed';
      score[outcome]++;
      rules.set(id, score);
      if (outcome !== 'found' && examples.length < 20) examples.push(`${outcome} ${id} of person ${index}`);
    }
  }
  return { people: counted, rules, examples };
}
