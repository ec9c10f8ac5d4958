import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import type { LinkRecord } from '../src/identity/attributes.ts';
import { personSchema } from '../src/identity/attributes.ts';
import { explain, printExplanation } from '../src/identity/explain.ts';
import { parseMap, schemaOf } from '../src/identity/file/map.ts';
import { FileProblem } from '../src/identity/file/problem.ts';
import { readRecords } from '../src/identity/file/read.ts';
import { writeCsv } from '../src/identity/file/write.ts';
import type { LinkedPair, LinkResult } from '../src/identity/link.ts';
import { link } from '../src/identity/link.ts';

const usage = 'npm run link -- --input A.csv [--input B.csv ...] --map map.json --out clusters.csv [--pairs pairs.csv] [--explain 3]';

const say = (text: string) => process.stderr.write(`${text}\n`);

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        input: { type: 'string', multiple: true },
        map: { type: 'string' },
        out: { type: 'string' },
        pairs: { type: 'string' },
        explain: { type: 'string' },
      },
    });
    const { input, map, out, pairs, explain } = values;
    if (!input || !map || !out) throw new FileProblem(`--input, --map and --out are needed: ${usage}`);
    const count = explain === undefined ? 0 : Number(explain);
    if (!Number.isInteger(count) || count < 0) throw new FileProblem(`--explain takes a whole number of pairs: ${usage}`);
    const names = input.map((path) => basename(path));
    if (new Set(names).size < names.length) throw new FileProblem('two inputs have the same file name; rename one, since records are told apart by file');
    return { input, map, out, pairs, count };
  } catch (error) {
    if (error instanceof FileProblem) throw error;
    throw new FileProblem(`${(error as Error).message}: ${usage}`);
  }
}

async function main(): Promise<void> {
  const options = readOptions();
  const mapText = await readFile(options.map, 'utf8').catch(() => {
    throw new FileProblem(`the map ${options.map} cannot be read`);
  });
  const map = parseMap(mapText);
  const schema = schemaOf(map);
  if (schema.filter(({ name, kind }) => kind === 'name' && !personSchema.some((own) => own.name === name)).length > 1) {
    say('note: several columns are declared as names. Where they are parts of one name, map them together ("name": ["first", "last"]): words that changed places are found then');
  }
  const records: LinkRecord[] = [];
  const seen = new Map<string, string>();
  for (const path of options.input) {
    const report = await readRecords(path, map, seen, (record) => records.push(record), (rows) => say(`${basename(path)}: ${rows} rows`));
    say(`${report.file}: ${report.records} records, ${report.encoding}${report.shortRows > 0 ? `; ${report.shortRows} rows have fewer cells than the header, what they lack counts as missing` : ''}`);
  }
  seen.clear();
  let began = 0;
  const result = link(records, schema, {
    acrossOnly: map.linkOnly && options.input.length > 1,
    ...(map.thresholds ? { thresholds: map.thresholds } : {}),
    onStage(stage, state) {
      if (state === 'begin') began = performance.now();
      else say(`${stage}: ${((performance.now() - began) / 1_000).toFixed(1)} s`);
    },
  });
  await writeCsv(options.out, ['record_id', 'cluster'], clusterRows(result));
  if (options.pairs) await writeCsv(options.pairs, ['id_a', 'id_b', 'probability', 'zone'], pairRows(result.pairs));
  summarise(result);
  if (options.count > 0) process.stdout.write(explanations(result, options.count));
}

function* clusterRows({ clusters }: LinkResult): Iterable<readonly string[]> {
  for (const [index, members] of clusters.entries()) for (const id of members) yield [id, String(index + 1)];
}

function* pairRows(pairs: readonly LinkedPair[]): Iterable<readonly string[]> {
  for (const { a, b, probability, zone } of pairs) yield [a, b, probability.toFixed(6), zone];
}

function summarise({ report, clusters, pairs }: LinkResult): void {
  const share = report.possiblePairs === 0 ? 0 : (100 * report.candidatePairs) / report.possiblePairs;
  say(`${report.records} records; ${report.candidatePairs} pairs compared (${share.toFixed(4)} % of all)`);
  if (report.droppedKeys > 0) {
    const recipes = [...new Set(report.dropped.map(({ recipe }) => recipe))].join('; ');
    say(`${report.droppedKeys} blocking keys were too common and dropped, the largest shared by ${report.dropped[0]?.records} records (${recipes})`);
  }
  const review = pairs.filter(({ zone }) => zone === 'REVIEW').length;
  say(`${clusters.length} clusters, ${clusters.filter((members) => members.length > 1).length} of more than one record; ${review} pairs to review`);
}

/** The linked and the doubtful pairs that were hardest to decide: the lowest scores among links, those nearest to one half for review. */
function explanations(result: LinkResult, count: number): string {
  const { scorer, pairs } = result;
  const linked = pairs.filter(({ zone }) => zone === 'LINK').slice(-count);
  const doubtful = pairs.filter(({ zone }) => zone === 'REVIEW').toSorted((x, y) => Math.abs(x.bits) - Math.abs(y.bits)).slice(0, count);
  const blocks = [...linked, ...doubtful].map((pair) => printExplanation(explain(scorer, result.prepared(pair.a), result.prepared(pair.b)), pair));
  return blocks.map((block) => `${block}\n\n`).join('');
}

try {
  await main();
} catch (error) {
  if (!(error instanceof FileProblem)) throw error;
  say(`link: ${error.message}`);
  process.exitCode = 1;
}
