import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { sql } from 'drizzle-orm';
import { type Verification, verifyAudit } from '../../src/access/auditVerify.ts';
import { openDatabase } from '../../src/store/database.ts';

export interface KillOptions {
  readonly databaseUrl: string;
  readonly agencyUrls: Readonly<Record<string, string>>;
  readonly niks: readonly string[];
  readonly rounds: number;
  /** Answers after which the hub is killed, in each round. */
  readonly answers: number;
}

export interface Killed {
  /** Requests that got an answer with data. */
  readonly answered: number;
  /** Of these, ids without a row in the audit log. */
  readonly missing: readonly string[];
  readonly verification: Verification;
}

/** Kills a hub under load with SIGKILL, again and again, and tells whether its audit log has every answer that left. */
export async function killUnderLoad({ databaseUrl, agencyUrls, niks, rounds, answers }: KillOptions): Promise<Killed> {
  const answered: string[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const hub = fork(fileURLToPath(new URL('../bench/servers/hub.ts', import.meta.url)), [], { env: { ...process.env, DATABASE_URL: databaseUrl, BENCH_URLS: JSON.stringify(agencyUrls), CACHE_MS: '0' }, stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    const gone = once(hub, 'exit');
    const [{ url, key }] = (await Promise.race([once(hub, 'message'), gone.then(() => Promise.reject(new Error('the hub did not start')))])) as [{ url: string; key: string }];
    let here = 0;
    const client = async (number: number): Promise<void> => {
      for (let i = 0; hub.signalCode === null; i += 1) {
        const id = `kill-${round}-${number}-${i}`;
        const body = JSON.stringify({ query: 'query ($by: [WorkerKey!]!) { workers(by: $by) { name placements { job } } }', variables: { by: niks.map((nik) => ({ nik })) } });
        const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${key}`, 'x-purpose': 'SERVICE', 'x-request-id': id }, body });
        const { data } = (await response.json()) as { data?: unknown };
        if (!data) throw new Error(`the hub answered ${response.status}`);
        answered.push(id);
        here += 1;
        if (here === answers + round) hub.kill('SIGKILL');
      }
    };
    // Requests that the kill cuts off end in a fault: they were not answered.
    const clients = await Promise.allSettled(Array.from({ length: 16 }, (_, number) => client(number)));
    if (here < answers) throw clients.find((ended) => ended.status === 'rejected')?.reason;
    await gone;
  }
  const database = await openDatabase({ url: databaseUrl, connections: 2 });
  try {
    const rows = await database.run((q) => q.execute<{ request_id: string }>(sql`select request_id from audit_entry where request_id like 'kill-%'`));
    const written = new Set(rows.map((row) => row.request_id));
    return { answered: answered.length, missing: answered.filter((id) => !written.has(id)), verification: await verifyAudit(database) };
  } finally {
    await database.close();
  }
}
