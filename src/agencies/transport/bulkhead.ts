import type { Deadline } from './deadline.ts';

/**
 * Caps how many calls are under way at once and how many wait for a place. Cockatiel's bulkhead keeps a call in its queue although its time is over,
 * so this is the hub's own.
 */
export class Bulkhead {
  readonly #concurrency: number;
  readonly #queue: number;
  readonly #waiting = new Set<() => void>();
  #active = 0;

  constructor(concurrency: number, queue: number) {
    this.#concurrency = concurrency;
    this.#queue = queue;
  }

  /** Takes a place if one is free. Whoever got one must {@link leave}. */
  tryEnter(): boolean {
    if (this.#active >= this.#concurrency) return false;
    this.#active++;
    return true;
  }

  /** Waits for a place, first come first served; false when the queue is full, the time is over or the caller gave up. */
  enter(deadline: Deadline): Promise<boolean> {
    if (this.tryEnter()) return Promise.resolve(true);
    if (this.#waiting.size >= this.#queue) return Promise.resolve(false);
    return new Promise((resolve) => {
      const admit = () => {
        deadline.unwatch();
        resolve(true);
      };
      this.#waiting.add(admit);
      deadline.watch(deadline.left, () => {
        this.#waiting.delete(admit);
        resolve(false);
      });
    });
  }

  leave(): void {
    const [next] = this.#waiting;
    if (next === undefined) {
      this.#active--;
      return;
    }
    // The place goes straight to the one who waited longest.
    this.#waiting.delete(next);
    next();
  }
}
