import postgres from 'postgres';

/** A database of its own with what another holds, for a benchmark that writes. Nobody may be connected to that one. */
export async function copied(url: string): Promise<AsyncDisposable & { readonly url: string }> {
  const server = Object.assign(new URL(url), { pathname: '/postgres' }).href;
  const from = new URL(url).pathname.slice(1);
  const name = `${from}_bench`;
  const run = async (work: (sql: postgres.Sql) => Promise<unknown>): Promise<void> => {
    const sql = postgres(server, { max: 1, onnotice: () => {} });
    try {
      await work(sql);
    } finally {
      await sql.end();
    }
  };
  const drop = () => run((sql) => sql`drop database if exists ${sql(name)} with (force)`);
  await drop();
  await run((sql) => sql`create database ${sql(name)} template ${sql(from)}`);
  return { url: Object.assign(new URL(url), { pathname: `/${name}` }).href, [Symbol.asyncDispose]: drop };
}
