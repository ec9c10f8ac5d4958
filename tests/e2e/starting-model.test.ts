import { expect, it } from 'vitest';
import { installStartingModel, readStartingModel } from '../../src/identity/starting/install.ts';
import { startTestHub } from '../support/hub.ts';

it('the first reading of the feeds is linked by the starting model: at once by numbers, then by all else, and new records as they come', async () => {
  await using hub = await startTestHub({ people: 150, sync: false });
  const { database, syncing } = hub.hub;
  expect(await installStartingModel(database, new Date())).toBe(true);
  const { version } = (await readStartingModel()).model;
  await syncing.run();
  const count = async (query: string) => (await database.run((q) => q.execute<{ count: number }>(`select count(*)::int as count from ${query}`)))[0]!.count;
  const records = await count('agency_record');
  expect(await count('link_pending')).toBe(records);
  expect(await count('blocking_key')).toBe(0);
  const before = await count('worker where merged_into is null');
  await syncing.linkWaiting();
  expect(await count('link_pending')).toBe(0);
  expect(await count('blocking_key')).toBeGreaterThan(records);
  expect(await count('worker where merged_into is null')).toBeLessThan(before);
  expect(await count(`link where valid_to is null and model_version = '${version}'`)).toBeGreaterThan(records / 3);
  const text = await (await fetch(`${hub.hub.url}/metrics`)).text();
  expect(text).toContain(`payung_link_score_window ${records}\n`);
  expect(text).toContain(`payung_link_score_bits_count ${records}\n`);
  expect(text).toMatch(/^payung_link_score_expected\{le="30"\} 0\.\d/m);
  expect(text).toMatch(/^payung_link_changes_total\{change="moved"\} [1-9]/m);
});
