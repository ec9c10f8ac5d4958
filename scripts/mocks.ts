import { parseArgs } from 'node:util';
import { z } from 'zod';
import { agencies } from '../src/agencies/index.ts';
import type { MockServer } from '../src/agencies/mocking/server.ts';
import { createWorld, largestWorld, servedAtHand } from '../src/agencies/world/world.ts';
import { readConfig } from '../src/config.ts';
import { todayInJakarta } from '../src/domain/time.ts';

const usage = `npm run mocks -- [--people N] [--seed S] [--only NAME]

  --people N   people in the synthetic world, 30 to ${largestWorld} (default: WORLD_PEOPLE)
  --seed S     seed of that world (default: WORLD_SEED)
  --only NAME  start one agency: ${agencies.map((definition) => definition.name).join(', ')}

Ports and credentials are settings: AGENCY_<NAME>_MOCK_PORT and those printed at the start.`;

const numbers = z.object({
  people: z.coerce.number().int().min(30).max(largestWorld).optional(),
  seed: z.coerce.number().int().min(0).max(2 ** 31).optional(),
  only: z.enum(agencies.map((definition) => definition.name)).optional(),
});

function fail(message: string): never {
  console.error(`${message}\n\n${usage}`);
  process.exit(1);
}

function readOptions(): z.infer<typeof numbers> & { readonly help: boolean } {
  try {
    const { values } = parseArgs({ options: { people: { type: 'string' }, seed: { type: 'string' }, only: { type: 'string' }, help: { type: 'boolean', default: false } } });
    const parsed = numbers.safeParse(values);
    if (!parsed.success) return fail(parsed.error.issues.map((issue) => `--${issue.path.join('.')}: ${issue.message}`).join('\n'));
    return { ...parsed.data, help: values.help };
  } catch (error) {
    return fail((error as Error).message);
  }
}

const options = readOptions();
if (options.help) {
  console.log(usage);
  process.exit(0);
}
const running: MockServer[] = [];

async function stop(): Promise<void> {
  await Promise.all(running.map((mock) => mock.close()));
}

try {
  const config = readConfig(process.env);
  const { people: size = config.WORLD_PEOPLE, seed = config.WORLD_SEED } = options;
  const world = createWorld({ size, seed, today: todayInJakarta(new Date()), remember: servedAtHand });
  for (const { definition, mockPort: port, settings } of config.agencies) {
    if (options.only !== undefined && definition.name !== options.only) continue;
    const mock = await definition.startMock({ world, settings, port });
    running.push(mock);
    console.log(`${definition.name.padEnd(22)} ${mock.url}   switches: ${mock.url}/_mock/faults`);
    for (const [key, value] of Object.entries(settings)) console.log(`  AGENCY_${definition.name}_${key}=${value}`);
  }
  console.log(`\n${size} people, seed ${seed}. Ctrl-C stops.`);
} catch (error) {
  await stop();
  fail((error as Error).message);
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void stop());
}
