export interface SharingOptions<K, V> {
  /** Looks up the values of keys, by {@link keyOf}; those it has no value for may be left out. */
  readonly look: (keys: readonly K[]) => Promise<ReadonlyMap<string, V>>;
  readonly keyOf: (key: K) => string;
  /** Changes whenever what was looked up before may be out of date: a look-up that began under another version is not shared. */
  readonly version: () => number;
}

interface UnderWay<V> {
  readonly version: number;
  readonly values: Promise<ReadonlyMap<string, V>>;
}

/**
 * Lets all who ask for the same at the same time share one look-up. When something leaves the memory under load, every request misses it at once, and
 * without this each would ask the database. Answers in the order asked; null where nothing was found.
 */
export function shareLookUps<K, V>(options: SharingOptions<K, V>): (keys: readonly K[]) => Promise<(V | null)[]> {
  const underWay = new Map<string, UnderWay<V>>();

  function begin(keys: readonly K[]): UnderWay<V> {
    const entry: UnderWay<V> = { version: options.version(), values: options.look(keys) };
    const names = keys.map(options.keyOf);
    for (const name of names) underWay.set(name, entry);
    const end = () => {
      for (const name of names) if (underWay.get(name) === entry) underWay.delete(name);
    };
    entry.values.then(end, end);
    return entry;
  }

  return async (keys) => {
    const found = keys.map((key) => underWay.get(options.keyOf(key)));
    const version = options.version();
    const open = keys.filter((_, i) => found[i]?.version !== version);
    const own = open.length > 0 ? begin(open) : null;
    return Promise.all(keys.map(async (key, i) => (await (found[i]?.version === version ? found[i] : own!).values).get(options.keyOf(key)) ?? null));
  };
}
