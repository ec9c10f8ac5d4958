/** Why a wait or an attempt ended early. */
export type Ending = 'TIMEOUT' | 'CANCELLED';

/**
 * The time that one call may take. It keeps at most one timer and one abort listener, whatever the number of attempts, because a call under load
 * should cost little. One thing is watched at a time: the wait in the queue, an attempt, or the pause before the next.
 */
export class Deadline {
  readonly #endsAt: number;
  readonly #signal: AbortSignal | undefined;
  #timer: NodeJS.Timeout | undefined;
  #onEnd: ((ending: Ending) => void) | undefined;
  #listening = false;

  constructor(totalMs: number, signal: AbortSignal | undefined) {
    this.#endsAt = performance.now() + totalMs;
    this.#signal = signal;
  }

  get cancelled(): boolean {
    return this.#signal?.aborted === true;
  }

  /** Time left, milliseconds, never negative. */
  get left(): number {
    return Math.max(0, this.#endsAt - performance.now());
  }

  /** Calls `onEnd` once, after `ms` or when the caller gives up, unless {@link unwatch} comes first. */
  watch(ms: number, onEnd: (ending: Ending) => void): void {
    if (this.cancelled) return onEnd('CANCELLED');
    this.#onEnd = onEnd;
    this.#timer = setTimeout(() => this.#end('TIMEOUT'), ms);
    if (this.#signal !== undefined && !this.#listening) {
      this.#listening = true;
      this.#signal.addEventListener('abort', this.#onAbort);
    }
  }

  unwatch(): void {
    clearTimeout(this.#timer);
    this.#onEnd = undefined;
  }

  /** Pauses for `ms`; false when the caller gave up meanwhile. */
  pause(ms: number): Promise<boolean> {
    return new Promise((resolve) => this.watch(ms, (ending) => resolve(ending === 'TIMEOUT')));
  }

  /** Lets go of timer and signal. */
  close(): void {
    this.unwatch();
    if (this.#listening) this.#signal?.removeEventListener('abort', this.#onAbort);
  }

  readonly #onAbort = (): void => this.#end('CANCELLED');

  #end(ending: Ending): void {
    const onEnd = this.#onEnd;
    this.unwatch();
    onEnd?.(ending);
  }
}
