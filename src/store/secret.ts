import { eq } from 'drizzle-orm';
import type { Database } from './database.ts';
import { hubSecret } from './tables.ts';

/** A secret that all instances on the database share; made by the first one that asks for it. */
export async function sharedSecret(database: Database, name: string): Promise<Uint8Array> {
  return database.run(async (q) => {
    await q.insert(hubSecret).values({ name }).onConflictDoNothing();
    const [row] = await q.select().from(hubSecret).where(eq(hubSecret.name, name));
    return row!.value;
  });
}
