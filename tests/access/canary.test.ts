import { sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { createLogger } from '../../src/logger.ts';
import { startTestHub } from '../support/hub.ts';
import { startReceiver } from '../support/otlp.ts';

/** Tables that hold what agencies answered: the last known records, the crosswalk and the index. Everything else must be free of personal data. */
const personal = new Set(['agency_record', 'identifier', 'indexed_worker', 'indexed_record', 'indexed_placement', 'indexed_coverage', 'indexed_health', 'indexed_case', 'indexed_stay', 'indexed_name']);

it('a NIK, a name and a passport reach no log, no span, no metric, no error and no table that is not for them', { timeout: 60_000 }, async () => {
  const lines: string[] = [];
  const logger = createLogger('trace', { write: (line) => void lines.push(line) });
  await using receiver = await startReceiver();
  await using hub = await startTestHub({ people: 60, logger, settings: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url } });
  const { nik } = hub.world.person(0).truth;
  const known = await hub.ask<{ worker: { name: string; identifiers: { kind: string; value: string }[] } }, object>('query ($nik: NIK!) { worker(by: { nik: $nik }) { name identifiers { kind value } } }', { nik });
  const { name, identifiers } = known.data!.worker;
  const passport = identifiers.find(({ kind }) => kind === 'PASSPORT')!.value;
  const planted = [nik, name, passport, '3507104101909998', 'SRI KENARI BERNYANYI', 'K9998887'];
  const told: string[] = [];
  const ask = async (query: string, variables: object = {}, headers: Record<string, string> = {}) => {
    const response = await fetch(`${hub.hub.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', 'x-purpose': 'SERVICE', authorization: `Bearer ${hub.keys.desk}`, ...headers }, body: JSON.stringify({ query, variables }) });
    const { data, ...rest } = (await response.json()) as { data?: unknown };
    told.push(JSON.stringify(rest), JSON.stringify([...response.headers]));
    return data;
  };

  // In inputs: right and wrong, as literals, variables, names and headers.
  await ask(`{ worker(by: { nik: "${planted[3]}" }) { name } }`);
  await ask(`{ worker(by: { nik: "${planted[4]}" }) { name } }`);
  await ask('query ($by: WorkerKey!) { worker(by: $by) { name } }', { by: { nik: planted[4], passport: planted[5] } });
  await ask('query ($by: WorkerKey!) { worker(by: $by) { name } }', { by: { passport: `${planted[5]} ${planted[4]}` } });
  await ask(`query N${planted[3]} { worker(by: { nik: "${nik}" }) { name } }`, {}, { 'apollographql-client-name': `desk ${nik}`, 'apollographql-client-version': planted[3]! });
  await ask('query ($nik: NIK!) { worker(by: { nik: $nik }) { name } }', { nik }, { 'x-request-id': nik, traceparent: `00-${nik}${nik}-${nik}-01`, tracestate: `desk=${nik}`, baggage: `name=${planted[4]!.replaceAll(' ', '%20')},passport=${planted[5]}` });
  await ask(`{ worker(by: { nik: "${nik}" }) { name "${planted[4]}" } }`);
  await ask('{ nodes(ids: $x) { id } }', { x: planted });
  // In what agencies answer: whole, then broken in every way.
  for (const fault of [{ garbage: true }, { truncated: true }, { wrongContentType: true }, { down: true }] as const) {
    for (const mock of Object.values(hub.mocks)) mock.faults.set(fault);
    await ask('query ($nik: NIK!) { worker(by: { nik: $nik }) { name placements { job } socialSecurity { kpjs } healthInsurance { status } cases { status } } }', { nik }, { 'cache-control': 'no-cache' });
  }
  hub.reset();
  // In faults of the database, whose driver puts parameters into its errors.
  const { database } = hub.hub;
  for (const table of ['identifier', 'audit_entry']) {
    await database.run((q) => q.execute(sql.raw(`alter table ${table} rename to ${table}_gone`)));
    await ask('query ($by: WorkerKey!) { worker(by: $by) { name } }', { by: { passport: planted[5] } });
    await ask('query ($nik: NIK!) { worker(by: { nik: $nik }) { name } }', { nik });
    await database.run((q) => q.execute(sql.raw(`alter table ${table}_gone rename to ${table}`)));
  }
  await hub.hub.flush();

  const tables = await database.run((q) => q.execute<{ name: string }>(sql`select table_name as name from information_schema.tables where table_schema = 'public'`));
  expect(tables.length).toBeGreaterThan(5);
  const stored: Record<string, string> = {};
  for (const { name: table } of tables) stored[table] = (await database.run((q) => q.execute<{ row: string }>(sql.raw(`select row_to_json(t)::text as row from "${table}" t`)))).map(({ row }) => row).join('\n');
  const metrics = await (await fetch(`${hub.hub.url}/metrics`)).text();
  // Closing sends what is waiting.
  await hub[Symbol.asyncDispose]();
  const spans = JSON.stringify(receiver.spans());
  const places: Record<string, string> = { log: lines.join(''), metrics, spans: receiver.text() + spans, told: told.join('\n'), ...Object.fromEntries(Object.entries(stored).filter(([table]) => !personal.has(table))) };
  expect(Object.entries(places).flatMap(([place, text]) => planted.filter((value) => text.includes(value)).map((value) => `${place}: ${value}`))).toEqual([]);
  // The search itself works, and there was something to search.
  expect(stored['identifier']).toContain(nik);
  expect(lines.length).toBeGreaterThan(10);
  expect(metrics).toContain('payung_requests_total');
  expect(new Set(receiver.spans().map(({ name }) => name))).toEqual(new Set(['POST /graphql', 'query', 'postgresql run', 'postgresql transaction', 'BP2MI lookUp', 'BPJS_KETENAGAKERJAAN lookUp', 'BPJS_KESEHATAN lookUp', 'PERWAKILAN lookUp']));
});
