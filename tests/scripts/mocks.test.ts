import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { agencies } from '../../src/agencies/index.ts';

const start = (args: readonly string[], environment: NodeJS.ProcessEnv = {}) =>
  spawn(process.execPath, ['scripts/mocks.ts', ...args], { env: { ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'pipe'] });

async function failing(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<string> {
  const child = start(args, environment);
  let told = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (told += text));
  expect((await once(child, 'close'))[0]).toBe(1);
  return told;
}

describe('npm run mocks', () => {
  it('starts every agency, prints where and with which credentials, and stops with Ctrl-C', async () => {
    const child = start(['--people', '40'], Object.fromEntries(agencies.map(({ name }) => [`AGENCY_${name}_MOCK_PORT`, '0'])));
    try {
      const lines: string[] = [];
      for await (const line of createInterface({ input: child.stdout })) {
        lines.push(line);
        if (line.includes('Ctrl-C')) break;
      }
      for (const { name, settings } of agencies) {
        const url = lines.find((line) => line.startsWith(`${name} `))?.split(/\s+/)[1];
        expect(((await (await fetch(`${url}/_mock/calls`)).json()) as { total: number }).total).toBe(0);
        for (const key of Object.keys(settings)) expect(lines.some((line) => line.startsWith(`  AGENCY_${name}_${key}=`))).toBe(true);
      }
      const closed = once(child, 'close');
      child.kill('SIGINT');
      expect(await closed).toEqual([0, null]);
    } finally {
      child.kill('SIGKILL');
    }
  });

  it('says what is wrong with an option or setting', async () => {
    expect(await failing(['--only', 'NOBODY'])).toContain('--only');
    expect(await failing(['--people', 'x'])).toContain('--people');
    expect(await failing([], { AGENCY_BP2MI_MOCK_PORT: 'x' })).toContain('AGENCY_BP2MI_MOCK_PORT');
    expect(await failing(['--only', 'BPJS_KESEHATAN'], { MOCK_BPJS_KESEHATAN_FAULTS: '{"slow":1}', AGENCY_BPJS_KESEHATAN_MOCK_PORT: '0' })).toContain('MOCK_BPJS_KESEHATAN_FAULTS');
  });
});
