import { DuckDBInstance } from '@duckdb/node-api';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { lastWithin, merged, spanNames } from '../../../src/index/facts/spans.ts';

const day = (n: number) => new Date(Date.UTC(2026, 0, 1 + n)).toISOString().slice(0, 10);

it('spans that touch or overlap are one, however many there are, and the last day within others is found', async () => {
  const duck = await (await DuckDBInstance.create(':memory:')).connect();
  const span = fc.tuple(fc.integer({ min: 0, max: 30 }), fc.integer({ min: -1, max: 6 })).map(([f, length]) => ({ f, t: f + length }));
  await fc.assert(fc.asyncProperty(fc.array(fc.array(span, { minLength: 1, maxLength: 9 }), { minLength: 1, maxLength: 20 }), span, async (persons, asked) => {
    const rows = persons.flatMap((spans, e) => spans.map(({ f, t }) => `(${e}, date '${day(f)}', date '${day(t)}')`)).join(', ');
    const found = await duck.runAndReadAll(`select e, "aMore", ${lastWithin('a', `date '${day(asked.f)}'`, `date '${day(asked.t)}'`)}, ${spanNames('a').slice(0, 6).map((name) => `"${name}"`).join(', ')}
      from (${merged('a', `select * from (values ${rows}) v(e, f, t)`, 'e')}) order by e`);
    const got = new Map(found.getRows().map(([e, more, last, ...slots]) => {
      const columns = slots.map(String);
      const kept = [0, 2, 4].map((i) => `${columns[i]}/${columns[i + 1]}`).filter((one) => !one.startsWith('10000'));
      return [e as number, { spans: [...kept, ...(more === '' ? [] : String(more).split(';'))], last: last === null ? null : String(last) }];
    }));
    for (const [e, spans] of persons.entries()) {
      const one: { f: number; t: number }[] = [];
      for (const { f, t } of spans.filter((each) => each.f <= each.t).toSorted((a, b) => a.f - b.f)) {
        const before = one.at(-1);
        if (before && f <= before.t + 1) before.t = Math.max(before.t, t);
        else one.push({ f, t });
      }
      const meeting = one.filter(({ f, t }) => f <= asked.t && t >= asked.f).map(({ t }) => Math.min(t, asked.t));
      const want = { spans: one.toReversed().map(({ f, t }) => `${day(f)}/${day(t)}`), last: meeting.length === 0 ? null : day(Math.max(...meeting)) };
      expect(got.get(e)).toEqual(one.length === 0 ? undefined : want);
    }
  }), { numRuns: 100 });
}, 60_000);
