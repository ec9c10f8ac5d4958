import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { createWorld, defaultSeed, largestSeed, largestWorld } from '../src/agencies/world/world.ts';
import type { World } from '../src/agencies/world/world.ts';
import { isDay, todayInJakarta } from '../src/domain/time.ts';

const help = `Prints people of the synthetic world: what is true of them, and what each agency has on record.

  npm run --silent world -- --cast [--json]               the named cast
  npm run --silent world -- --people N [--seed S] [--json]   the first N people, the cast included

  --cast          the cast only, with each member's story
  --people N      how many people, 1 to ${largestWorld}
  --seed S        seed of the world, a whole number (default ${defaultSeed}); the cast is the same in every world
  --today DAY     the day on which the world is seen, yyyy-MM-dd (default today in Jakarta)
  --json          a JSON array, one object per person: index, cast, story, truth, mismatches, records
  --help          this text

Everyone here is invented. No NIK can be a real one: all end in 9000 to 9999, which no district ever issues.
`;

interface Options {
  readonly world: World;
  readonly count: number;
  readonly json: boolean;
}

/** A wrong command line; the message is one line for the user. */
class UsageError extends Error {}

function whole(name: string, text: string, low: number, high: number): number {
  const value = Number(text);
  if (!/^\d{1,15}$/.test(text) || value < low || value > high) throw new UsageError(`--${name} takes a whole number from ${low} to ${high}, not "${text}".`);
  return value;
}

function readOptions(args: string[]): Options | 'help' {
  let values;
  try {
    ({ values } = parseArgs({
      args,
      options: { cast: { type: 'boolean' }, people: { type: 'string' }, seed: { type: 'string' }, today: { type: 'string' }, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
    }));
  } catch (error) {
    throw new UsageError((error instanceof Error ? error.message : String(error)).split('\n')[0]!);
  }
  if (values.help) return 'help';
  if (values.cast && values.people !== undefined) throw new UsageError('Say either --cast or --people N, not both: the cast are the first of the people.');
  if (!values.cast && values.people === undefined) throw new UsageError('Say whom to print: --cast, or --people N.');
  const seed = values.seed === undefined ? defaultSeed : whole('seed', values.seed, 0, largestSeed);
  const today = values.today ?? todayInJakarta(new Date());
  if (!isDay(today)) throw new UsageError(`--today takes a day as yyyy-MM-dd, not "${today}".`);
  const size = values.people === undefined ? largestWorld : whole('people', values.people, 1, largestWorld);
  let world;
  try {
    world = createWorld({ seed, size, today });
  } catch (error) {
    throw error instanceof RangeError ? new UsageError(error.message) : error;
  }
  return { world, count: values.cast ? world.cast.length : size, json: values.json ?? false };
}

async function print(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain');
}

async function printJson({ world, count }: Options): Promise<void> {
  for (let index = 0; index < count; index++) {
    const { cast, truth, mismatches, records } = world.person(index);
    const story = world.cast[index]?.story ?? null;
    await print(`${index === 0 ? '[\n' : ',\n'}${JSON.stringify({ index, cast, story, truth, mismatches, records })}`);
  }
  await print('\n]\n');
}

const columns = [['index', 7], ['NIK', 17], ['sex', 4], ['born', 11], ['name', 30], ['BP2MI', 6], ['BPJSTK', 7], ['JKN', 4], ['mission', 8], ['mismatches', 0]] as const;

async function printTable({ world, count }: Options): Promise<void> {
  const line = (cells: readonly string[]) => `${cells.map((cell, k) => cell.padEnd(columns[k]![1])).join('').trimEnd()}\n`;
  await print(line(columns.map(([title]) => title)));
  for (let index = 0; index < count; index++) {
    const { cast, truth, mismatches, records } = world.person(index);
    const held = (agency: string) => String(records.filter((record) => record.agency === agency).length);
    await print(line([
      String(index), truth.nik, truth.sex === 'FEMALE' ? 'P' : 'L', truth.dateOfBirth, truth.name.length > 29 ? `${truth.name.slice(0, 28)}.` : truth.name, held('BP2MI'), held('BPJS_KETENAGAKERJAAN'),
      held('BPJS_KESEHATAN'), held('PERWAKILAN'), mismatches.join(' '),
    ]));
    if (cast !== null) await print(`       ${cast}: ${world.cast[index]!.story}\n`);
  }
}

// A reader that has seen enough (`| head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : 1);
});

try {
  const options = readOptions(process.argv.slice(2));
  if (options === 'help') await print(help);
  else await (options.json ? printJson(options) : printTable(options));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(`${error.message} (--help says more)`);
  process.exitCode = 2;
}
