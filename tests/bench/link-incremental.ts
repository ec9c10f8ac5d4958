// One changed record against an index of a million, in memory: keys, look-up and comparison of all candidates. `npm run bench -- linkIncremental`
import { createWorld } from '../../src/agencies/world/world.ts';
import { personSchema } from '../../src/identity/attributes.ts';
import type { LinkRecord } from '../../src/identity/attributes.ts';
import { createMatcher } from '../../src/identity/incremental.ts';
import { link } from '../../src/identity/link.ts';
import { memoryIndex } from '../../src/identity/memory-index.ts';
import { recordOf } from '../../src/identity/record.ts';


const seed = 1;
const today = '2026-11-22';

function* people(size: number): Iterable<LinkRecord> {
  const world = createWorld({ seed, size, today });
  for (let index = 0; index < size; index++) for (const record of world.person(index).records) yield recordOf(record);
}

export async function linkIncremental(quick: boolean): Promise<string> {
  const wanted = quick ? 30_000 : 1_000_000;
  const { model } = link([...people(4_000)], personSchema);

  // Records are kept as bytes, as a database would keep them: a million objects would make the garbage collector the thing measured.
  const chunks: Buffer[] = [];
  const sizes: Record<string, number> = {};
  for (const record of people(Math.ceil(wanted / 2.5))) {
    if (chunks.length === wanted) break;
    chunks.push(Buffer.from(JSON.stringify(record)));
    sizes[record.source] = (sizes[record.source] ?? 0) + 1;
  }
  const count = chunks.length;
  const starts = new Float64Array(count + 1);
  for (const [k, chunk] of chunks.entries()) starts[k + 1] = starts[k]! + chunk.length;
  const bytes = Buffer.concat(chunks);
  chunks.length = 0;
  const recordAt = (at: number): LinkRecord => JSON.parse(bytes.toString('utf8', starts[at], starts[at + 1])) as LinkRecord;

  const matcher = createMatcher(model, { sizes });
  const index = memoryIndex(count, recordAt, (at) => matcher.keys(recordAt(at)));
  const times: number[] = [];
  let found = 0;
  for (let k = 0; k < 1_000; k++) {
    const record = recordAt((k * 7_919) % count);
    const began = performance.now();
    // A changed record: the same person, an id of its own, so that her other records and the old state are all found.
    const matches = await matcher.match({ ...record, id: `${record.id}:changed` }, index);
    times.push(performance.now() - began);
    if (matches.length > 0) found++;
  }
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!.toFixed(1);
  return [
    '| records in the index | median | p95 | p99 | worst of 1,000 | found | peak memory |', '|---|---|---|---|---|---|---|',
    `| ${count} | ${at(0.5)} ms | ${at(0.95)} ms | ${at(0.99)} ms | ${at(1)} ms | ${found} of 1,000 | ${Math.round(process.resourceUsage().maxRSS / 1_024)} MB |`, '',
  ].join('\n');
}
