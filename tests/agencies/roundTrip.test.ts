import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pmi } from '../../src/agencies/bp2mi/contract.ts';
import { toRecord as fromPmi } from '../../src/agencies/bp2mi/map.ts';
import { toPmi } from '../../src/agencies/bp2mi/mock.ts';
import { peserta } from '../../src/agencies/bpjs-ketenagakerjaan/contract.ts';
import { toRecord as fromPeserta } from '../../src/agencies/bpjs-ketenagakerjaan/map.ts';
import { toPeserta } from '../../src/agencies/bpjs-ketenagakerjaan/mock.ts';
import { berkas } from '../../src/agencies/perwakilan/contract.ts';
import { toRecord as fromBerkas } from '../../src/agencies/perwakilan/map.ts';
import { toBerkas } from '../../src/agencies/perwakilan/mock.ts';
import { createWorld } from '../../src/agencies/world/world.ts';
import type { AgencyRecord } from '../../src/domain/record.ts';
import { inOrder, recordsOf } from './arbitrary.ts';

/** A record over the wire and back: written by the mock, sent as JSON, validated and mapped by the adapter. */
const trips: Record<string, (record: AgencyRecord) => AgencyRecord> = {
  BP2MI: (record) => fromPmi(pmi.parse(JSON.parse(JSON.stringify(toPmi(record))))),
  BPJS_KETENAGAKERJAAN: (record) => fromPeserta(peserta.parse(JSON.parse(JSON.stringify(toPeserta(record))))),
  PERWAKILAN: (record) => fromBerkas(berkas.parse(JSON.parse(JSON.stringify(toBerkas(record))))),
};

const world = createWorld({ seed: 11, size: 1_500, today: '2026-11-22' });

describe.each(Object.entries(trips))('the wire form of %s', (agency, trip) => {
  it('loses nothing of a record, whatever is on it', () => {
    fc.assert(
      fc.property(fc.nat(900).chain((i) => recordsOf[agency]!(i)), (records) => {
        for (const record of records) expect(inOrder(trip(record))).toEqual(inOrder(record));
      }),
      { numRuns: 300 },
    );
  });

  it('loses nothing of the world’s records', () => {
    const records = Array.from({ length: world.size }, (_, i) => world.person(i).records.filter((record) => record.agency === agency)).flat();
    expect(records.length).toBeGreaterThan(300);
    for (const record of records) expect(inOrder(trip(record))).toEqual(inOrder(record));
  });
});
