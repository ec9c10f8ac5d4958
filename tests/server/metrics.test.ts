import { expect, test } from 'vitest';
import { createMetrics } from '../../src/server/metrics.ts';

test('a call to an agency that has just ended is in the metrics', async () => {
  const metrics = createMetrics({ processMetrics: false });
  const call = { agency: 'BP2MI', operation: 'lookUp', attempts: 1, durationMs: 30, requestId: 'r' } as const;
  metrics.agencyCall({ ...call, outcome: 'OK' });
  metrics.agencyCall({ ...call, outcome: 'AGENCY_TIMEOUT' });
  const text = await metrics.text();
  expect(text).toContain('payung_agency_calls_total{agency="BP2MI",outcome="OK"} 1');
  expect(text).toContain('payung_agency_calls_total{agency="BP2MI",outcome="AGENCY_TIMEOUT"} 1');
  expect(text).toContain('payung_agency_call_duration_seconds_count{agency="BP2MI"} 2');
});
