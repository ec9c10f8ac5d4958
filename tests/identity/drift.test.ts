import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { personSchema } from '../../src/identity/attributes.ts';
import { countScores, shareBelow, stabilityIndex } from '../../src/identity/drift.ts';
import { createDriftWatch } from '../../src/identity/hub/drift.ts';
import { type Learned, putInForce } from '../../src/identity/hub/model.ts';
import { link } from '../../src/identity/link.ts';
import { recordOf } from '../../src/identity/record.ts';
import { at, emptyIndex, worldRecords } from './hub/world.ts';

const scores = fc.array(fc.double({ min: -80, max: 80, noNaN: true }), { minLength: 200, maxLength: 600 });

describe('the population stability index', () => {
  it('is nothing between a distribution and itself, and never below nothing', () => {
    fc.assert(fc.property(scores, scores, (a, b) => {
      expect(stabilityIndex(countScores(a), countScores(a))).toBeCloseTo(0, 12);
      expect(stabilityIndex(countScores(a), countScores(b))).toBeGreaterThanOrEqual(0);
    }));
  });

  it('is the published sum: two bins of a half each, of which one has grown to three quarters', () => {
    const two = (low: number, high: number) => countScores([...Array.from({ length: low }, () => -30), ...Array.from({ length: high }, () => 30)]);
    const exact = (0.75 - 0.5) * Math.log(0.75 / 0.5) + (0.25 - 0.5) * Math.log(0.25 / 0.5);
    expect(stabilityIndex(two(50_000, 50_000), two(75_000, 25_000))).toBeCloseTo(exact, 4);
    expect(shareBelow(two(75, 25), 0)).toBe(0.75);
  });
});

describe('drift of what the hub links', () => {
  const people = worldRecords(300, 21);
  let learned: Learned;
  beforeAll(() => {
    const { model, report } = link(people.map(recordOf), personSchema);
    learned = { model, scores: report.best };
  });
  const late = worldRecords(250, 22);
  async function driftOf(records: typeof late) {
    const watched: number[][] = [];
    await using index = await emptyIndex({ onLinked: ({ scores }) => void watched.push([...scores]) });
    await index.database.transaction((q) => putInForce(q, learned, people.length, at));
    const watch = createDriftWatch(index.database, { least: 300 });
    expect((await watch.read())!.index).toBeNull();
    await index.database.transaction((q) => index.crosswalk.rememberIn(q, records, at, { defer: true }));
    await index.crosswalk.linkPending();
    watch.scored(watched.flat());
    const drift = (await watch.read())!;
    expect(drift.decisions).toBe(records.length);
    return drift.index!;
  }

  it('is small for other people of the same world, and large when what agencies write changes', async () => {
    expect(await driftOf(late)).toBeLessThan(0.1);
    // A form that lost its numbers: names and birthdays are all that is left to tell people by.
    const poor = late.map((record) => ({ ...record, person: { ...record.person, identifiers: [], raw: [], phone: null, motherName: null } }));
    expect(await driftOf(poor)).toBeGreaterThan(0.25);
  }, 120_000);

  it('begins anew with another model', async () => {
    await using index = await emptyIndex();
    const watch = createDriftWatch(index.database, { least: 10 });
    expect(await watch.read()).toBeNull();
    await index.database.transaction((q) => putInForce(q, learned, people.length, at));
    await watch.read();
    watch.scored(Array.from({ length: 20 }, () => 30));
    expect((await watch.read())!.decisions).toBe(20);
    await index.database.transaction((q) => putInForce(q, { ...learned, model: { ...learned.model, version: 'next' } }, people.length, at));
    expect(await watch.read()).toMatchObject({ decisions: 0, index: null });
  });
});
