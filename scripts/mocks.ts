import { parseArgs } from 'node:util';
import { z } from 'zod';
import type { AgencyDefinition } from '../src/agencies/definition.ts';
import { agencies } from '../src/agencies/index.ts';
import type { MockServer } from '../src/agencies/mocking/server.ts';
import { createWorld, defaultSeed, defaultSize, largestWorld } from '../src/agencies/world/world.ts';
import { todayInJakarta } from '../src/domain/time.ts';

const usage = `npm run mocks -- [--people N] [--seed S] [--only NAME]

  --people N   people in the synthetic world, 30 to ${largestWorld} (default ${defaultSize})
  --seed S     seed of that world (default ${defaultSeed})
  --only NAME  start one agency: ${agencies.map((definition) => definition.name).join(', ')}

Ports and credentials are settings: AGENCY_<NAME>_MOCK_PORT and those printed at the start.`;

const numbers = z.object({
  people: z.coerce.number().int().min(30).max(largestWorld).default(defaultSize),
  seed: z.coerce.number().int().min(0).max(2 ** 31).default(defaultSeed),
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

/** The agency's settings and port as the environment has them, by the names that the hub itself reads. */
function settingsOf(definition: AgencyDefinition): { port: number; settings: Record<string, string | number | boolean> } {
  const given = (key: string) => process.env[`AGENCY_${definition.name}_${key}`] || undefined;
  const shape = z.object({ ...definition.settings, MOCK_PORT: z.coerce.number().int().min(0).max(65_535).default(definition.mockPort) });
  const parsed = shape.safeParse(Object.fromEntries(Object.keys(shape.shape).map((key) => [key, given(key)])));
  if (!parsed.success) return fail(parsed.error.issues.map((issue) => `AGENCY_${definition.name}_${issue.path.join('.')}: ${issue.message}`).join('\n'));
  const { MOCK_PORT: port, ...settings } = parsed.data;
  return { port: port as number, settings };
}

const options = readOptions();
if (options.help) {
  console.log(usage);
  process.exit(0);
}
const world = createWorld({ size: options.people, seed: options.seed, today: todayInJakarta(new Date()) });
const running: MockServer[] = [];

async function stop(): Promise<void> {
  await Promise.all(running.map((mock) => mock.close()));
}

try {
  for (const definition of agencies) {
    if (options.only !== undefined && definition.name !== options.only) continue;
    const { port, settings } = settingsOf(definition);
    const mock = await definition.startMock({ world, settings, port });
    running.push(mock);
    console.log(`${definition.name.padEnd(22)} ${mock.url}   switches: ${mock.url}/_mock/faults`);
    for (const [key, value] of Object.entries(settings)) console.log(`  AGENCY_${definition.name}_${key}=${value}`);
  }
  console.log(`\n${options.people} people, seed ${options.seed}. Ctrl-C stops.`);
} catch (error) {
  await stop();
  fail((error as Error).message);
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void stop());
}
