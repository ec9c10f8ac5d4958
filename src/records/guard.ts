import type { Crosswalk } from '../identity/crosswalk.ts';
import type { RecordReader, WorkerKey } from './reader.ts';

export interface GuardOptions {
  readonly crosswalk: Crosswalk;
  /** Workers whose data may not be processed. */
  readonly restricted: ReadonlySet<string>;
  /** Told of every such worker that a key led to. */
  readonly onRestricted: (workerId: string) => void;
  /** Told whom each read led to; null for nobody. */
  readonly onRead: (workerIds: readonly (string | null)[]) => void;
}

/** A reader that tells whom it reads, and that asks nobody about a worker whose processing is restricted. */
export function guardReader(reader: RecordReader, { crosswalk, restricted, onRestricted, onRead }: GuardOptions): RecordReader {
  /** The restricted worker that each key leads to. */
  async function restrictedOf(keys: readonly WorkerKey[]): Promise<(string | null)[]> {
    const ids = keys.flatMap((key) => (key.kind === 'ID' ? [key.value] : []));
    const numbers = keys.flatMap((key) => (key.kind === 'ID' ? [] : [key]));
    const [byId, byNumber] = await Promise.all([crosswalk.byIds(ids), crosswalk.byIdentifiers(numbers)]);
    // Both came back in the order asked.
    return keys.map((key) => {
      const id = (key.kind === 'ID' ? byId.shift() : byNumber.shift())?.id;
      return id !== undefined && restricted.has(id) ? id : null;
    });
  }

  return {
    failures: reader.failures,
    forget: () => reader.forget(),
    async read(keys, facets, onKnown) {
      const blocked = restricted.size === 0 ? [] : await restrictedOf(keys);
      const found = await reader.read(keys.filter((_, i) => !blocked[i]), facets, blocked.some((id) => id !== null) ? undefined : onKnown);
      onRead(found.map((worker) => worker?.id ?? null));
      if (restricted.size === 0) return found;
      let next = 0;
      return keys.map((_, i) => {
        const worker = blocked[i] ? null : found[next++]!;
        // A number that was new to the hub may have led to her only now.
        const id = blocked[i] ?? (worker && restricted.has(worker.id) ? worker.id : null);
        if (id === null) return worker;
        onRestricted(id);
        return null;
      });
    },
  };
}
