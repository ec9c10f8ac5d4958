/** Whether the hub can serve, with what was looked at. */
export interface Readiness {
  readonly ready: boolean;
  /** One entry per check, such as `database: true`. No personal data: it is open to all. */
  readonly checks: Readonly<Record<string, boolean | string>>;
}

/** The latest readiness, so that a request need not wait for a check of its own. */
export interface ReadinessGate {
  /** A fresh check. One that throws means not ready. */
  check(): Promise<Readiness>;
  /**
   * Whether to serve. While all is well it answers at once from the latest check, made again in the background after `maxAgeMs`; after a failed
   * one each request waits for a new check, so that service resumes at once.
   */
  open(): boolean | Promise<boolean>;
}

export function createReadinessGate(ready: () => Promise<Readiness>, maxAgeMs: number): ReadinessGate {
  let latest: Readiness | null = null;
  let checkedAt = 0;
  let running: Promise<Readiness> | null = null;

  async function run(): Promise<Readiness> {
    try {
      latest = await ready();
    } catch {
      latest = { ready: false, checks: { check: 'failed' } };
    }
    checkedAt = performance.now();
    running = null;
    return latest;
  }
  const check = (): Promise<Readiness> => (running ??= run());

  return {
    check,
    open() {
      if (!latest?.ready) return check().then((result) => result.ready);
      if (performance.now() - checkedAt > maxAgeMs) void check();
      return true;
    },
  };
}
