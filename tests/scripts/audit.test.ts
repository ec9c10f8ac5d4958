import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bare } from '../support/bare.ts';
import { startTestHub, type TestHub } from '../support/hub.ts';

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub({ people: 60 });
});
afterAll(() => hub[Symbol.asyncDispose]());

async function run(script: string, args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const ports = Object.fromEntries(Object.entries(hub.mocks).map(([name, mock]) => [`AGENCY_${name}_MOCK_PORT`, new URL(mock.url).port]));
  const file = new URL(`../../scripts/${script}.ts`, import.meta.url).pathname;
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [file, ...args], { env: { ...bare, DATABASE_URL: hub.databaseUrl, ...ports }, maxBuffer: 10_000_000 });
    return { code: 0, out: stdout, err: stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, out: stdout, err: stderr };
  }
}

describe('npm run subject-report', { timeout: 60_000 }, () => {
  it('tells a person what is held about her, from where, and who looked, and is in her trail itself', async () => {
    const { nik } = hub.world.person(0).truth;
    await hub.ask('query ($nik: NIK!) { worker(by: { nik: $nik }) { name } }', { nik }, { headers: { 'x-purpose': 'SERVICE' } });
    const { code, out, err } = await run('subject-report', [nik]);
    expect([code, err]).toEqual([0, '']);
    const report = JSON.parse(out) as { worker: string; numbers: { value: string }[]; sources: { agency: string; state: string; records: object[] }[]; trail: { callerName: string; purpose: string }[]; referrals: object[] };
    expect(report.numbers.map(({ value }) => value)).toContain(nik);
    expect(report.sources.map(({ agency }) => agency)).toEqual(['BP2MI', 'BPJS_KETENAGAKERJAAN', 'BPJS_KESEHATAN', 'PERWAKILAN']);
    expect(report.sources.find(({ agency }) => agency === 'BP2MI')).toMatchObject({ state: 'OK', records: [{ record: { agency: 'BP2MI' } }] });
    expect(report.trail[0]).toMatchObject({ callerName: 'desk', purpose: 'SERVICE', classes: ['identity:read'] });
    expect(report.referrals).toEqual([]);
    expect((await hub.hub.audit.about(report.worker, { first: 1 }))[0]).toMatchObject({ callerKind: 'OPERATOR', purpose: 'SUBJECT_REQUEST' });
  });

  it('has her cases that were handed over, with what was written', async () => {
    const member = hub.world.cast.find(({ slug }) => slug === 'dewi-other-work')!;
    const { number } = hub.world.person(member.index).records.flatMap(({ cases }) => cases)[0]!;
    const refer = 'mutation ($number: String!) { referCase(input: {case: {number: $number}, to: BPJS_KETENAGAKERJAAN, note: "Catatan.", idempotencyKey: "report-1"}) { referral { reference } } }';
    const { data } = await hub.ask<{ referCase: { referral: { reference: string } } }, object>(refer, { number });
    const report = JSON.parse((await run('subject-report', [member.nik])).out) as { referrals: object[] };
    expect(report.referrals).toMatchObject([{ reference: data!.referCase.referral.reference, caseNumber: number, steps: [{ state: 'SENT', text: 'Catatan.' }] }]);
  });

  it('says in one line, without the key, that nobody is known by it', async () => {
    for (const key of ['3507104101909999', '!!']) {
      const { code, out, err } = await run('subject-report', [key]);
      expect([code, out, err.trim().split('\n').length]).toEqual([1, '', 1]);
      expect(err).not.toContain(key);
    }
  });
});

describe('npm run audit:verify', { timeout: 60_000 }, () => {
  it('prints a digest that can be anchored, and names the first bad row', async () => {
    const { code, out } = await run('audit-verify', []);
    expect(code).toBe(0);
    const anchor = /^\d+ rows hold .*\n(\d+:[0-9a-f]{64})\n$/.exec(out)![1]!;
    expect((await run('audit-verify', ['--anchor', anchor])).code).toBe(0);
    expect(await run('audit-verify', ['--anchor', `1:${'0'.repeat(64)}`])).toMatchObject({ code: 1, out: expect.stringContaining('Row 1 does not have the digest') });
    expect(await run('audit-verify', ['--anchor', 'x'])).toMatchObject({ code: 1, out: '', err: expect.stringContaining('--anchor is SEQ:DIGEST') });
    await hub.hub.database.run((q) => q.execute(sql`update audit_entry set purpose = 'OVERSIGHT' where seq = 1`));
    expect(await run('audit-verify', [])).toMatchObject({ code: 1, out: expect.stringMatching(/^Row 1 is not what was written/) });
  });
});

describe('npm run audit:prune', { timeout: 60_000 }, () => {
  it('deletes what is older than it is told, and nothing from a log that does not hold', async () => {
    expect(await run('audit-prune', [])).toMatchObject({ code: 1, out: '', err: expect.stringContaining('AUDIT_KEEP_DAYS') });
    expect(await run('audit-prune', ['--days', '0'])).toMatchObject({ code: 1, err: expect.stringContaining('--days is a whole number') });
    expect((await run('audit-prune', ['--days', '30'])).err).toMatch(/^Nothing was deleted: the log does not hold at row 1;/);
    await hub.hub.database.run((q) => q.execute(sql`truncate audit_entry`));
    await hub.ask('query ($nik: NIK!) { worker(by: { nik: $nik }) { name } }', { nik: hub.world.person(0).truth.nik });
    expect((await run('audit-prune', ['--days', '30'])).out).toBe('No row is older than 30 days.\n');
    expect((await run('audit-verify', [])).code).toBe(0);
  });
});
