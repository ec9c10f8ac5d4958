import { describe, expect, it } from 'vitest';
import { castSize } from '../../src/agencies/world/cast/size.ts';
import { createWorld } from '../../src/agencies/world/world.ts';
import { isPlaceholder } from '../../src/domain/identifier.ts';
import type { PersonClaim } from '../../src/domain/person.ts';
import { assess } from '../../src/protection/assess.ts';
import { protectionInput } from '../../src/protection/input.ts';
import { isClean, measure } from './measure.ts';
import { factsFrom } from './worldFacts.ts';

const today = '2026-11-22';
const hasNik = (claim: PersonClaim) => claim.identifiers.some((id) => id.kind === 'NIK' && !isPlaceholder(id));

describe('on the synthetic world', () => {
  it('finds every true gap and no other, where the records are there and clean', () => {
    const { people, rules, examples } = measure({ seed: 1, today, from: castSize, to: 2_000, people: isClean });
    expect(examples).toEqual([]);
    expect(people).toBeGreaterThan(1_000);
    // Rules that the world's lives can break; the others are in the cast.
    expect([...rules.keys()].toSorted()).toEqual([
      'CASE_OVERDUE', 'CONTRARY_TO_CONTRACT_UNCLAIMED', 'COVER_MISSING', 'DEATH_OR_ACCIDENT_UNCLAIMED', 'DISMISSAL_UNCLAIMED', 'EXTENSION_WITHOUT_COVER', 'FAILED_DEPARTURE_UNCLAIMED',
      'HEALTH_INSURANCE_INACTIVE', 'OLD_AGE_NOT_TAKEN', 'OUTSIDE_ONE_CHANNEL_SYSTEM', 'PAID_OUTSIDE_WINDOW', 'PASSPORT_ENDS_BEFORE_CONTRACT', 'PLACED_OUTSIDE_PROCEDURE', 'WINDOW_LAPSED_BEFORE_DEPARTURE',
    ]);
  });

  it('invents no gap of cover for who is missing from the placement register', () => {
    const { rules } = measure({ seed: 2, today, from: castSize, to: 1_500 });
    for (const id of ['COVER_MISSING', 'PAID_OUTSIDE_WINDOW', 'EXTENSION_WITHOUT_COVER', 'WINDOW_LAPSED_BEFORE_DEPARTURE']) expect(rules.get(id)?.wrong ?? 0).toBe(0);
  });

  it('takes cover for another person’s exactly where papers were borrowed and another agency knows her own NIK', () => {
    const world = createWorld({ seed: 1, size: 6_000, today });
    let borrowed = 0;
    for (let index = castSize; index < world.size; index++) {
      const { records, mismatches } = world.person(index);
      const insured = records.some(({ coverages, person }) => coverages.some(({ status }) => status !== 'SUPERSEDED') && hasNik(person));
      const own = records.some(({ agency, person }) => agency === 'BPJS_KESEHATAN' && hasNik(person));
      const expected = insured && own && mismatches.includes('IDENTITY_BORROWED');
      const found = assess(protectionInput(factsFrom(records, today))).some(({ rule, status }) => rule.id === 'COVER_UNDER_OTHER_NIK' && status === 'GAP');
      expect([index, found]).toEqual([index, expected]);
      if (expected) borrowed++;
    }
    expect(borrowed).toBeGreaterThan(5);
  });
});
