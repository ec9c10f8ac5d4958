// Search and lists over a filled index. `BENCH_DATABASE_URL=postgres://... npm run bench -- lists`, the database filled by tests/bench/fill.ts.
import { asker, startFilledHub } from './filledHub.ts';
import { quantile } from './measure.ts';

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
export async function lists(quick: boolean): Promise<string> {
  const url = process.env['BENCH_DATABASE_URL'];
  if (url === undefined) return 'BENCH_DATABASE_URL names no filled database (tests/bench/fill.ts): not run.\n';
  const people = Number(process.env['BENCH_PEOPLE'] ?? 1_000_000);
  await using parts = new AsyncDisposableStack();
  // The client has the second core.
  const ask = asker(await startFilledHub({ url, people, cores: 0 }, parts));
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
  return [`${people.toLocaleString('en')} people; one request at a time over HTTP, with audit and limits.`, '', '| What | p50 ms | p95 ms |', '|---|---|---|', ...rows, ''].join('\n');
}
