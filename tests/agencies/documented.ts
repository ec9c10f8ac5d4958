import { z } from 'zod';
import type { AgencyDefinition } from '../../src/agencies/definition.ts';
import { faultsSchema, noFaults } from '../../src/agencies/mocking/faults.ts';

/** The table of each agency's settings for docs/agencies.md. */
export function defaultSettings(agencies: readonly AgencyDefinition[]): string {
  const rows = agencies.flatMap((definition) => {
    const defaults = z.object(definition.settings).parse({});
    return [
      `| \`AGENCY_${definition.name}_URL\` | Address of the real agency. Without it the hub asks its own mock. | |`,
      ...Object.entries(definition.settings).map(([key, schema]) => `| \`AGENCY_${definition.name}_${key}\` | ${schema.description} | \`${String(defaults[key])}\` |`),
    ];
  });
  return ['| Setting | Meaning | Default (fits the mock) |', '|---|---|---|', ...rows].join('\n');
}

const meanings: Record<keyof typeof noFaults, string> = {
  down: 'breaks every connection without an answer',
  slowMs: 'waits this long before each answer, milliseconds',
  slowJitterMs: 'waits up to this much more',
  errorRate: 'share of calls answered with HTTP 500 and an HTML page, 0 to 1',
  garbage: 'answers bytes that are no JSON',
  truncated: 'cuts the answer in half',
  wrongContentType: 'says `text/html` of a JSON answer',
  huge: 'streams 64 MiB instead of the answer',
  duplicated: 'sends each record twice',
  reordered: 'sends the records in another order',
  missing: 'leaves out every second record, the first one included',
  extra: 'adds records of people who were not asked for',
  clockOffsetMs: 'how far the agency’s clock is off, milliseconds',
  quotaSpent: 'answers that the quota is spent',
  retryAfterSeconds: 'the `retry-after` that goes with it; null sends none',
};

/** The table of failure switches for docs/agencies.md. */
export function switches(): string {
  const names = Object.keys(faultsSchema.shape) as (keyof typeof noFaults)[];
  return ['| Switch | Off | What it does |', '|---|---|---|', ...names.map((name) => `| \`${name}\` | \`${String(noFaults[name])}\` | ${meanings[name]} |`)].join('\n');
}
