/** Waits for the next minute if this one is near its end (15 s), so that none ends within a test of limits that start anew each minute. */
export async function earlyInTheMinute(): Promise<void> {
  const left = 60_000 - (Date.now() % 60_000);
  if (left < 15_000) await new Promise((resolve) => setTimeout(resolve, left));
}
