import { describe, expect, test } from 'vitest';
import { placeholderLimit } from '../../../src/agencies/world/find.ts';
import { createWorld, largestWorld } from '../../../src/agencies/world/world.ts';
import { isPlaceholder } from '../../../src/domain/identifier.ts';
import type { AgencyName } from '../../../src/domain/record.ts';
import type { World } from '../../../src/agencies/world/world.ts';
import type { Identifier } from '../../../src/domain/identifier.ts';

const today = '2026-11-22';
const agencies = ['BP2MI', 'BPJS_KETENAGAKERJAAN', 'BPJS_KESEHATAN', 'PERWAKILAN'];

describe('find', () => {
  /** Agency and identifier of everything on the person's records that is not a placeholder. */
  function numbersOf(world: World, index: number): [AgencyName, Identifier][] {
    return world.person(index).records.flatMap(({ agency, person }) => person.identifiers.filter((id) => !isPlaceholder(id)).map((id): [AgencyName, Identifier] => [agency, id]));
  }

  test('every identifier on every record leads to the person at that agency, right or wrong', () => {
    const world = createWorld({ seed: 11, size: 300_000, today });
    let asked = 0;
    const people = [...Array.from({ length: 600 }, (_, i) => i), ...Array.from({ length: 600 }, (_, i) => 299_999 - i)];
    for (const index of people) {
      for (const [agency, identifier] of numbersOf(world, index)) {
        expect(world.find(agency, identifier)).toContain(index);
        asked++;
      }
    }
    expect(asked).toBeGreaterThan(8_000);
  });

  test('finds in a small world exactly what a search through all records finds', () => {
    const size = 700;
    const world = createWorld({ seed: 5, size, today });
    const table = new Map<string, Set<number>>();
    const identifiers: Identifier[] = [];
    for (let index = 0; index < size; index++) {
      for (const { agency, person } of world.person(index).records) {
        for (const identifier of person.identifiers) {
          const key = `${agency} ${identifier.kind} ${identifier.value}`;
          table.set(key, (table.get(key) ?? new Set()).add(index));
          identifiers.push(identifier);
        }
      }
    }
    for (const identifier of identifiers) {
      for (const agency of agencies) {
        const expected = [...(table.get(`${agency} ${identifier.kind} ${identifier.value}`) ?? [])].toSorted((a, b) => a - b);
        expect(world.find(agency, identifier)).toEqual(isPlaceholder(identifier) ? expected.slice(0, placeholderLimit) : expected);
      }
    }
  });

  test('an unknown identifier leads to nobody, at any agency', () => {
    const world = createWorld({ seed: 5, size: 2_000, today });
    const unknown: Identifier[] = [
      { kind: 'NIK', value: '3507125506901234' }, { kind: 'NIK', value: '9999999999999999' }, { kind: 'NIK', value: '3507123113909000' }, { kind: 'PASSPORT', value: 'Z1234567' },
      { kind: 'PASSPORT', value: 'ZZ999999' }, { kind: 'KPJ', value: '99999999999' }, { kind: 'KPJ', value: '12345678' }, { kind: 'JKN_CARD', value: '9999999999999' }, { kind: 'PMI_ID', value: 'PMI-99999999' },
      { kind: 'PMI_ID', value: 'X-1' }, { kind: 'KTKLN', value: 'KTK999999999' }, { kind: 'KTKLN', value: 'NONE' }, { kind: 'LAPOR_DIRI', value: 'LD-999999999' }, { kind: 'CASE_NUMBER', value: 'KBRI/NOT/A/NUMBER' },
    ];
    for (const agency of [...agencies, 'NO_SUCH_AGENCY']) for (const identifier of unknown) expect(world.find(agency, identifier)).toEqual([]);
  });

  test('nobody outside the world is found: her number is unknown to a smaller one', () => {
    const large = createWorld({ seed: 5, size: 4_000, today });
    const small = createWorld({ seed: 5, size: 2_000, today });
    const beyond = Array.from({ length: 300 }, (_, k) => 2_000 + k);
    const found = beyond.filter((index) => numbersOf(large, index).some(([agency, identifier]) => small.find(agency, identifier).some((other) => other >= small.size)));
    expect(found).toEqual([]);
  });

  test('the largest world finds its last people too', () => {
    const world = createWorld({ seed: 3, size: largestWorld, today });
    const last = Array.from({ length: 50 }, (_, k) => largestWorld - 1 - k);
    const lost = last.filter((index) => numbersOf(world, index).some(([agency, identifier]) => !world.find(agency, identifier).includes(index)));
    expect(lost).toEqual([]);
  });
});
