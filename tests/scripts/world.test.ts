import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { createWorld } from '../../src/agencies/world/world.ts';
import type { WorldPerson } from '../../src/agencies/world/world.ts';

const script = fileURLToPath(new URL('../../scripts/world.ts', import.meta.url));

/** Runs the script; its exit code and what it printed. */
function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [script, ...args], { maxBuffer: 64 * 1024 * 1024 }, (error, out, err) => resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err }));
  });
}

describe('npm run world', () => {
  test('--cast --json prints the cast with story, truth and records', async () => {
    const { code, out } = await run('--cast', '--json', '--today', '2026-11-22');
    const world = createWorld({ today: '2026-11-22' });
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual(world.cast.map(({ index, story }) => ({ ...world.person(index), story })));
  });

  test('--people N --seed S --json prints the first people of that world', async () => {
    const { out } = await run('--people', '300', '--seed', '42', '--json', '--today', '2026-11-22');
    const world = createWorld({ seed: 42, size: 300, today: '2026-11-22' });
    const people: WorldPerson[] = JSON.parse(out);
    expect(people).toEqual(Array.from({ length: 300 }, (_, index) => ({ ...world.person(index), story: world.cast[index]?.story ?? null })));
  });

  test('without --json it prints a table that names the cast', async () => {
    const { code, out } = await run('--people', '30');
    expect(code).toBe(0);
    expect(out).toContain('siti-selangor: Domestic worker');
    expect(out.split('\n').filter((line) => /^\d+ +\d{12}9\d{3} /.test(line))).toHaveLength(30);
  });

  test('--help tells the options', async () => {
    const { code, out } = await run('--help');
    expect(code).toBe(0);
    for (const option of ['--cast', '--people N', '--seed S', '--today DAY', '--json']) expect(out).toContain(option);
  });

  test.each([
    [[]], [['--bogus']], [['--cast', '--people', '3']], [['--people', '0']], [['--people', 'many']], [['--people', '99999999']], [['--people', '3', '--seed', '1.5']], [['--people', '3', '--today', '2026-02-30']],
    [['--cast', '--today', '1999-01-01']], [['stray', '--cast']],
  ])('%j gives one clear line and exit code 2', async (args) => {
    const { code, out, err } = await run(...args);
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err.trimEnd().split('\n')).toHaveLength(1);
    expect(err).not.toMatch(/\bat .*:\d+/);
  });
});
