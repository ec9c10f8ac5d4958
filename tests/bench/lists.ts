// Search and lists over a filled index. `BENCH_DATABASE_URL=postgres://... npm run bench -- lists`, the database filled by tests/bench/fill.ts.
import { agencies } from '../../src/agencies/index.ts';
import { createWorld } from '../../src/agencies/world/world.ts';
import { readConfig } from '../../src/config.ts';
import { startProcess } from './measure.ts';

const places = 'pageInfo { hasNextPage endCursor } edges { node { id';
const uncovered = '{stage: {in: [DEPARTED, ARRIVED]}, country: {eq: "MY"}, worker: {coverages: {none: {programme: {eq: JKK}, activeOn: "2026-11-22"}}}}';
const search = (text: string) => `{ searchWorkers(text: ${JSON.stringify(text)}) { edges { score matchedOn { on how agencies } node { id name dateOfBirth } } } }`;
const queries: Readonly<Record<string, readonly string[]>> = {
  'search: names in any spelling': ['Siti Aminah', 'Sumiati', 'siit aminah', 'Moch. Ali bin Abdullah', 'nurhay', 'Wahyuni Lestari', 'Tjasmi', 'Suratmi', 'Agus Setiawan', 'Maria Nenohai'].map(search),
  'search: numbers, whole or in part': ['3507', '350719', '52021', '07199', '9001', 'C123', '20264', 'PEN-0001', '1990 01', 'KJRI'].map((text) => search(/\d/.test(text) ? text : `${text}1`)),
  'list: 50 placements without cover on a day, by the end of the contract': [`{ placements(where: ${uncovered}, orderBy: [{field: CONTRACT_END}], first: 50) { ${places} number contract { end } worker { name } } } } }`],
  'list: 50 open cases of workers placed in a country, newest first': [`{ cases(where: {closedOn: {isNull: true}, worker: {placements: {some: {country: {eq: "SA"}}}}}, orderBy: [{field: OPENED_ON, direction: DESC}], first: 50) { ${places} number } } } }`],
  'list: 50 cover periods that end in a month, of women of a regency': [`{ coverages(where: {windowEnd: {between: {from: "2026-12-01", to: "2026-12-31"}}, worker: {sex: {eq: FEMALE}, origin: {in: ["35.07"]}}}, orderBy: [{field: WINDOW_END}], first: 50) { ${places} kpj } } } }`],
  'list: 50 workers with a case and no placement': ['{ searchWorkers(where: {cases: {some: {}}, placements: {none: {}}}, first: 50) { edges { node { id name } } } }'],
};
/** Reads a whole table, and finds nothing. */
const heavy = '{ placements(where: {job: {contains: "no such job"}}, first: 50) { edges { node { id } } } }';

const quantile = (values: readonly number[], share: number) => values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))]!;

export async function lists(quick: boolean): Promise<string> {
  const url = process.env['BENCH_DATABASE_URL'];
  if (url === undefined) return 'BENCH_DATABASE_URL names no filled database (tests/bench/fill.ts): not run.\n';
  const people = Number(process.env['BENCH_PEOPLE'] ?? 1_000_000);
  await using parts = new AsyncDisposableStack();
  const world = createWorld({ seed: 1, size: people, today: '2026-11-22' });
  const config = readConfig({});
  const urls: Record<string, string> = {};
  for (const { definition, settings } of config.agencies) {
    const mock = parts.adopt(await definition.startMock({ world, settings, port: 0 }), (m) => m.close());
    urls[definition.name] = mock.url;
  }
  if (Object.keys(urls).length !== agencies.length) throw new Error('An agency has no mock.');
  const hub = await startProcess<{ url: string; key: string }>('hub.ts', 0, { DATABASE_URL: url, BENCH_URLS: JSON.stringify(urls), PORT: '0', REQUEST_TIMEOUT_MS: '60000' });
  parts.defer(() => void hub.child.kill('SIGKILL'));

  async function ask(query: string, variables: object = {}): Promise<{ ms: number; data: Record<string, { pageInfo?: { endCursor: string | null }; edges?: object[] } | null> }> {
    const began = performance.now();
    const response = await fetch(hub.ready.url, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${hub.ready.key}`, 'x-purpose': 'SERVICE' }, body: JSON.stringify({ query, variables }) });
    const { data, errors } = (await response.json()) as { data: never; errors?: object[] };
    if (errors) throw new Error(`${query.slice(0, 80)}: ${JSON.stringify(errors)}`);
    return { ms: performance.now() - began, data };
  }
  const rounds = quick ? 3 : 20;
  const rows: string[] = [];
  for (const [name, of] of Object.entries(queries)) {
    for (const query of of) await ask(query);
    const times: number[] = [];
    for (let round = 0; round < rounds * (of.length === 1 ? 5 : 1); round += 1) for (const query of of) times.push((await ask(query)).ms);
    rows.push(`| ${name} | ${quantile(times, 0.5).toFixed(1)} | ${quantile(times, 0.95).toFixed(1)} |`);
  }

  const paged = `query ($after: String) { placements(where: {country: {eq: "MY"}}, orderBy: [{field: CONTRACT_END}], first: 50, after: $after) { ${places} } } } }`;
  let after: string | null = null;
  const deep = quick ? 50 : 1_000;
  for (let page = 1; page < deep; page += 1) after = (await ask(paged, { after })).data['placements']!.pageInfo!.endCursor;
  const [firsts, lasts]: [number[], number[]] = [[], []];
  for (let i = 0; i < rounds * 3; i += 1) {
    firsts.push((await ask(paged)).ms);
    lasts.push((await ask(paged, { after })).ms);
  }
  rows.push(`| list: 50 placements of a country, page 1 | ${quantile(firsts, 0.5).toFixed(1)} | ${quantile(firsts, 0.95).toFixed(1)} |`);
  rows.push(`| the same, page ${deep.toLocaleString('en')} | ${quantile(lasts, 0.5).toFixed(1)} | ${quantile(lasts, 0.95).toFixed(1)} |`);

  const niks = Array.from({ length: 200 }, (_, i) => world.person((i * 4_999) % people).truth.nik);
  const byKey = 'query ($nik: NIK!) { worker(by: {nik: $nik}) { id name placements { number stage } socialSecurity { kpjs } } }';
  const reads = async () => {
    const times: number[] = [];
    for (const nik of niks) times.push((await ask(byKey, { nik })).ms);
    return times;
  };
  await reads();
  const alone = await reads();
  const stop = new AbortController();
  let done = 0;
  const load = Array.from({ length: 10 }, async () => {
    while (!stop.signal.aborted) {
      await ask(heavy);
      done += 1;
    }
  });
  const beside = await reads();
  stop.abort();
  await Promise.all(load);
  rows.push(`| a worker by NIK, with placements and cover, alone | ${quantile(alone, 0.5).toFixed(1)} | ${quantile(alone, 0.95).toFixed(1)} |`);
  rows.push(`| the same while ten heavy lists are under way (${done} ended) | ${quantile(beside, 0.5).toFixed(1)} | ${quantile(beside, 0.95).toFixed(1)} |`);
  return [`${people.toLocaleString('en')} people; one request at a time over HTTP, with audit and limits.`, '', '| What | p50 ms | p95 ms |', '|---|---|---|', ...rows, ''].join('\n');
}
