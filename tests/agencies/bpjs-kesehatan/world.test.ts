import { expect, it } from 'vitest';
import { bpjsKesehatan } from '../../../src/agencies/bpjs-kesehatan/index.ts';
import { createWorld } from '../../../src/agencies/world/world.ts';
import { defaultLimits } from '../../../src/agencies/transport/transport.ts';
import { inOrder } from '../arbitrary.ts';
import { demo, now, today } from './members.ts';

it('brings every member of the world through the wire as she is today', async () => {
  const world = createWorld({ size: 400, today });
  const mock = await bpjsKesehatan.startMock({ world, settings: demo, port: 0, now });
  const agency = bpjsKesehatan.open({ url: mock.url, mock: true, settings: demo, limits: defaultLimits, now });
  try {
    let members = 0;
    for (let index = 0; index < world.size; index++) {
      for (const record of world.person(index).records) {
        if (record.agency !== bpjsKesehatan.name) continue;
        members++;
        const results = await agency.fetch([{ ref: 'her', identifiers: record.person.identifiers }], { requestId: 'q' });
        // Her history stays at the agency, and VClaim does not say when a record was changed.
        const sent = { ...record, asOf: null, healthMemberships: [{ ...record.healthMemberships[0]!, serviceDate: today }] };
        const result = results.get('her');
        expect(result?.status === 'found' ? result.records.map(inOrder) : result).toEqual([inOrder(sent)]);
      }
    }
    expect(members).toBeGreaterThan(200);
  } finally {
    await agency.close();
    await mock.close();
  }
});
