import { expect, it } from 'vitest';
import { startTestHub } from '../support/hub.ts';

it('the case behind a claim is named to those only who may read every case', async () => {
  await using hub = await startTestHub({ people: 60 });
  const index = hub.world.cast.find(({ slug }) => slug === 'nur-dismissed')!.index;
  const { records, truth } = hub.world.person(index);
  const number = records.flatMap((r) => r.coverages.flatMap((c) => c.claims.flatMap((claim) => claim.caseNumber ?? [])))[0]!;
  const mission = records.flatMap((r) => r.cases).find((entry) => entry.number === number)?.mission ?? 'KJRI_HONG_KONG';
  const asked = async (scopes: readonly ('insurance:read' | 'case:read' | 'case:sensitive')[], missions?: string[]) => {
    const { key } = await hub.hub.keys.create({ name: 'x', scopes, bounds: missions ? { missions } : {}, expiresAt: new Date(Date.now() + 60_000), environment: 'test' });
    const { data, errors } = await hub.ask('query ($nik: NIK!) { worker(by: { nik: $nik }) { socialSecurity { coverages { claims { number caseNumber } } } } }', { nik: truth.nik }, { as: null, headers: { 'x-api-key': key } });
    return { names: JSON.stringify(data).includes(number), codes: errors.map(({ extensions }) => extensions.scope) };
  };
  expect(await asked(['insurance:read', 'case:read', 'case:sensitive'])).toEqual({ names: true, codes: [] });
  expect(await asked(['insurance:read', 'case:read'])).toEqual({ names: false, codes: [] });
  expect(await asked(['insurance:read', 'case:read', 'case:sensitive'], [mission])).toEqual({ names: false, codes: [] });
  expect(await asked(['insurance:read'])).toEqual({ names: false, codes: ['case:read'] });
});
