/**
 * Makes a database with several times as many people of one that `fill.ts` has filled: every worker of its index again and again, under another id and with keys of
 * their own for the noise. For statistics and lists without text only: records, numbers and links are left out.
 *
 *     node tests/bench/multiply.ts --from postgres://user:password@127.0.0.1:5432/name --to other_name [--times 5]
 *
 * Nobody may be connected to the first database meanwhile. Five times a million takes some ten minutes and 30 GB.
 */
import { parseArgs } from 'node:util';
import postgres from 'postgres';
import { strip } from './fill.ts';

const leftOut = ['agency_record', 'identifier', 'link', 'link_pending', 'changed_worker'];
const tables = ['indexed_coverage', 'indexed_record', 'indexed_placement', 'gap', 'indexed_worker', 'indexed_health', 'indexed_stay', 'indexed_case', 'indexed_change'];

/** The id of a worker's, or of one of her gaps', copy. */
const another = (column: string) => `md5(${column}::text || n)::uuid`;

export async function multiply(from: string, to: string, times: number): Promise<void> {
  const server = postgres(Object.assign(new URL(from), { pathname: '/postgres' }).href, { max: 1, onnotice: () => {} });
  await server`drop database if exists ${server(to)}`;
  await server`create database ${server(to)} template ${server(new URL(from).pathname.slice(1))}`;
  await server.end();
  const sql = postgres(Object.assign(new URL(from), { pathname: `/${to}` }).href, { max: 2, onnotice: () => {} });
  try {
    await sql`truncate ${sql(leftOut)}`;
    const restore = await strip(sql, ['worker', ...tables]);
    const [last] = await sql<{ serial: string }[]>`select max(serial) as serial from worker`;
    const step = Number(last!.serial);
    const copies = `generate_series(1, ${times - 1}) n`;
    await sql.unsafe(`insert into worker (id, created_at, links_version, serial, cell_key) overriding system value
      select ${another('id')}, created_at, links_version, serial + n * ${step}, hashtextextended(id::text, n) & 4294967295 from worker, ${copies}`);
    const waiting = tables.values();
    await Promise.all([1, 2].map(async () => {
      for (const table of waiting) {
        const columns = await sql<{ name: string }[]>`select attname as name from pg_attribute where attrelid = ${table}::regclass and attnum > 0 and not attisdropped and attgenerated = '' order by attnum`;
        const names = columns.map(({ name }) => name);
        await sql.unsafe(`insert into ${table} (${names.join(', ')}) select ${names.map((name) => (name === 'worker_id' || name === 'id' ? another(name) : name)).join(', ')} from ${table}, ${copies}`);
        process.stderr.write(`${(performance.now() / 1000).toFixed(0)} s  ${table}\n`);
      }
    }));
    await restore();
    await sql`analyze`;
    process.stderr.write(`${(performance.now() / 1000).toFixed(0)} s  done\n`);
  } finally {
    await sql.end();
  }
}

const { values } = parseArgs({ options: { from: { type: 'string' }, to: { type: 'string' }, times: { type: 'string', default: '5' } } });
if (values.from === undefined || values.to === undefined) throw new Error('--from and --to are needed');
await multiply(values.from, values.to, Number(values.times));
