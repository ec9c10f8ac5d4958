// From `npm start` to ready, with 2,000 people: the first time and a second time on the same data. `npm run bench -- startUp`
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median } from './measure.ts';

/** Milliseconds from the command to the line that tells the address. */
async function once(dataDir: string): Promise<number> {
  const began = performance.now();
  const free = { PORT: '0', AGENCY_BP2MI_MOCK_PORT: '0', AGENCY_BPJS_KETENAGAKERJAAN_MOCK_PORT: '0', AGENCY_BPJS_KESEHATAN_MOCK_PORT: '0', AGENCY_PERWAKILAN_MOCK_PORT: '0' };
  const child = spawn('npm', ['start'], { env: { ...process.env, ...free, DATA_DIR: dataDir }, stdio: ['ignore', 'pipe', 'inherit'] });
  const ms = await new Promise<number>((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes('Payung answers at')) resolve(performance.now() - began);
    });
    child.once('exit', () => reject(new Error('npm start ended before it was ready')));
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.removeAllListeners('exit').once('exit', () => {});
  child.kill('SIGINT');
  await Promise.race([ended, new Promise((resolve) => child.once('exit', resolve))]);
  return ms;
}

export async function startUp(quick: boolean): Promise<string> {
  const [first, second]: [number[], number[]] = [[], []];
  for (let round = 0; round < (quick ? 1 : 5); round += 1) {
    const dataDir = await mkdtemp(join(tmpdir(), 'payung-start-'));
    first.push(await once(dataDir));
    second.push(await once(dataDir));
    await rm(dataDir, { recursive: true, force: true });
  }
  return ['| start | seconds, median |', '|---|---|', `| first, on an empty folder | ${(median(first) / 1000).toFixed(1)} |`, `| again, on the same folder | ${(median(second) / 1000).toFixed(1)} |`, ''].join('\n');
}
