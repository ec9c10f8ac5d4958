import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { publishAddress } from '../../src/store/reach.ts';
import { bare } from '../support/bare.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';

const script = new URL('../../scripts/keys.ts', import.meta.url).pathname;
let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

async function keys(args: readonly string[], environment: Record<string, string> = { DATABASE_URL: database.url }): Promise<{ code: number; out: string; err: string }> {
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [script, ...args], { env: { ...bare, ...environment } });
    return { code: 0, out: stdout, err: stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, out: stdout, err: stderr };
  }
}

describe('npm run keys', { timeout: 120_000 }, () => {
  it('makes, lists, rotates and revokes', async () => {
    const made = await keys(['create', '--name', 'insurer', '--scopes', 'placement:read,insurance:read', '--p3mi', 'P3MI-017', '--purpose', 'COVER_CHECK', '--days', '30']);
    expect(made).toMatchObject({ code: 0, err: '' });
    const [key] = made.out.split('\n');
    const id = /^payung_test_(\w{8})_\w{33}$/.exec(key!)![1]!;
    const listed = await keys(['list']);
    expect(listed.out).toMatch(new RegExp(`^${id}  active   test  until .* insurer: placement:read,insurance:read p3mis=P3MI-017; never used\n$`));
    const set = await keys(['set', id, '--documents', 'listed', '--concurrent', '3', '--requests-per-minute', '60']);
    expect(set.out).toMatch(new RegExp(`^${id}  active .* p3mis=P3MI-017 documents=listed requestsPerMinute=60 concurrent=3; never used\n$`));
    expect((await keys(['set', id, '--concurrent', '0', '--documents', 'any'])).out).toContain('p3mis=P3MI-017 requestsPerMinute=60; never used');
    const next = /^payung_test_(\w{8})_/.exec((await keys(['rotate', id, '--overlap-minutes', '60'])).out)![1]!;
    expect((await keys(['revoke', next])).out).toContain(`${next}  revoked`);
    expect((await keys(['list'])).out).not.toContain(next);
    expect((await keys(['list', '--ended'])).out).toContain(next);
  });

  it('makes a key that acts for agencies', async () => {
    const { out } = await keys(['create', '--name', 'counter', '--scopes', 'referral:handle', '--agency', 'BPJS_KETENAGAKERJAAN', '--agency', 'BP2MI']);
    expect(out).toMatch(/counter: referral:handle agencies=BPJS_KETENAGAKERJAAN\|BP2MI; never used\n$/);
  });

  it('makes a live key where an agency is real', async () => {
    const { out } = await keys(['create', '--name', 'bank', '--scopes', 'insurance:read'], { DATABASE_URL: database.url, AGENCY_BP2MI_URL: 'https://bp2mi.example' });
    expect(out).toMatch(/^payung_live_/);
  });

  it.each([
    [['create', '--scopes', 'placement:read'], '--name is missing'],
    [['create', '--name', 'x', '--scopes', 'everything'], 'everything is no scope'],
    [['create', '--name', 'x', '--days', '400'], 'at most a year ahead'],
    [['create', '--name', 'x', '--agency', 'NOBODY'], '--agency: there is no NOBODY; there are BP2MI, BPJS_KETENAGAKERJAAN, BPJS_KESEHATAN, PERWAKILAN'],
    [['revoke'], 'needs the id of a key'],
    [['set', 'unknown1'], 'set needs what to change'],
    [['set', 'unknown1', '--documents', 'some'], '--documents is one of any, log, listed'],
    [['revoke', 'unknown1'], 'There is no such key.'],
    [['delete', 'x'], 'delete is no command'],
    [['list', '--nonsense'], "Unknown option '--nonsense'"],
  ])('says in one line what is wrong with %j', async (args, says) => {
    const { code, out, err } = await keys(args);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err.trim().split('\n')).toEqual([expect.stringContaining(says)]);
  });

  it('reaches the embedded database through the hub that runs it', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'payung-keys-'));
    const published = await publishAddress(dataDir, database.url);
    expect((await stat(join(dataDir, 'database-url'))).mode & 0o777).toBe(0o600);
    expect((await keys(['create', '--name', 'via-hub', '--scopes', 'placement:read'], { DATA_DIR: dataDir })).code).toBe(0);
    expect((await keys(['list'])).out).toContain('via-hub');
    await published.withdraw();
    await expect(stat(join(dataDir, 'database-url'))).rejects.toThrow('ENOENT');
    await rm(dataDir, { recursive: true });
  });

  it('starts the embedded database itself where no hub runs, also after one was killed', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'payung-keys-'));
    // As root, the server runs as another user, which must be able to pass.
    await chmod(dataDir, 0o711);
    await writeFile(join(dataDir, 'database-url'), 'postgres://payung:x@127.0.0.1:1/payung\n');
    expect(await keys(['list'], { DATA_DIR: dataDir, PATH: process.env['PATH'] ?? '' })).toMatchObject({ code: 0, out: 'No keys.\n' });
    await rm(dataDir, { recursive: true });
  });
});
