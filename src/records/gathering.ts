export interface GatheringOptions<K, V> {
  /** Two keys of one name are one. */
  readonly nameOf: (key: K) => string;
  /** Most keys in one call. */
  readonly limit: number;
  /** Answers by name. */
  readonly call: (keys: readonly K[]) => Promise<ReadonlyMap<string, V>>;
}

export interface Gathering<K, V> {
  /** Answers for keys, by name; may hold more than was asked for. Each key is asked for once, however often it is wanted. */
  get(keys: readonly K[]): Promise<ReadonlyMap<string, V>>;
  /** Lets go of all answers. A key that is wanted afterwards is asked for again. */
  forget(): void;
}

interface Wave<K, V> {
  readonly keys: K[];
  readonly answers: Promise<ReadonlyMap<string, V>>;
}

/**
 * Gathers all keys that are wanted in the same turn of the event loop into as few calls as the limit allows. What dataloader does, but with one promise for
 * all the keys of a reader instead of one for each: for 25 workers and four agencies that is what reading them costs most.
 */
export function createGathering<K, V>({ nameOf, limit, call }: GatheringOptions<K, V>): Gathering<K, V> {
  const waves = new Map<string, Wave<K, V>['answers']>();
  let next: Wave<K, V> | null = null;

  function begin(): Wave<K, V> {
    const keys: K[] = [];
    const answers = turnsEnd().then(() => {
      next = null;
      return callAll(keys);
    });
    return { keys, answers };
  }

  async function callAll(keys: readonly K[]): Promise<ReadonlyMap<string, V>> {
    if (keys.length <= limit) return call(keys);
    const parts = Array.from({ length: Math.ceil(keys.length / limit) }, (_, i) => keys.slice(i * limit, (i + 1) * limit));
    return merged(await Promise.all(parts.map(call)));
  }

  return {
    async get(keys) {
      const wanted = new Set<Wave<K, V>['answers']>();
      for (const key of keys) {
        const name = nameOf(key);
        let wave = waves.get(name);
        if (!wave) {
          next ??= begin();
          next.keys.push(key);
          waves.set(name, (wave = next.answers));
        }
        wanted.add(wave);
      }
      const [first] = wanted;
      return wanted.size === 1 ? first! : merged(await Promise.all(wanted));
    },
    forget: () => waves.clear(),
  };
}

/** When everything that is ready to run has run, and so has asked for what it wants. */
function turnsEnd(): Promise<void> {
  return new Promise((resolve) => void Promise.resolve().then(() => process.nextTick(resolve)));
}

function merged<V>(parts: readonly ReadonlyMap<string, V>[]): ReadonlyMap<string, V> {
  return new Map(parts.flatMap((part) => [...part]));
}
