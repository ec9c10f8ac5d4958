/**
 * Attempts at one event, or in a row at a receiver that does not answer, before it is given up: two to four days with {@link backoffMs}, so that a receiver that is
 * down overnight or over a weekend gets what it missed by itself.
 */
export const mostAttempts = 37;

const [first, longest] = [2_000, 4 * 3_600_000];

/** Wait after so many failed attempts: twice as long each time, with jitter, so that receivers that came down together are not asked together. */
export function backoffMs(attempts: number, random: () => number = Math.random): number {
  const full = Math.min(longest, first * 2 ** Math.max(0, attempts - 1));
  return full / 2 + (random() * full) / 2;
}
