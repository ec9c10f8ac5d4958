import { setPriority } from 'node:os';
import { openDatabase } from '../../store/database.ts';
import type { Manifest } from './files.ts';
import { type Made, writeAll, type WriteOptions } from './write.ts';

/*
 * A process that makes all facts anew for the hub that started it (see makeAll.ts): taking in a whole register would hold up the hub's answers. It goes when the hub does.
 */

/** What it is given. */
export interface Order extends Omit<WriteOptions, 'database'> {
  readonly databaseUrl: string;
  readonly before: Manifest | null;
}
/** `fault` is what went wrong; it holds no value of a fact. */
export type Delivered = { readonly made: Made } | { readonly fault: string };

// Answers to desks come first.
setPriority(10);
process.once('message', ({ databaseUrl, before, ...options }: Order) => {
  const make = async (): Promise<Made> => {
    const database = await openDatabase({ url: databaseUrl, connections: 1 });
    try {
      return await writeAll({ ...options, database }, before);
    } finally {
      await database.close();
    }
  };
  const deliver = (delivered: Delivered) => process.send?.(delivered, () => process.disconnect());
  make().then(
    (made) => deliver({ made }),
    (error: unknown) => deliver({ fault: error instanceof Error ? error.message : 'unknown fault' }),
  );
});
process.on('disconnect', () => process.exit(0));
