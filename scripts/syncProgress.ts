import type { CrawlStep } from '../src/sync/crawling.ts';
import type { SyncPage, SyncResult } from '../src/sync/sync.ts';

/** What `npm run sync` says while it works, and at the end. */
export interface SyncProgress {
  page(page: SyncPage): void;
  step(step: CrawlStep & { readonly left: number }): void;
  indexed(workers: number): void;
  /** Whether a crawl failed. */
  readonly failed: boolean;
  /** One line for each agency; begins anew. */
  summary(results: ReadonlyMap<string, SyncResult>, mocks: ReadonlySet<string>): string[];
}

/** A line for an agency is said at most this often, milliseconds. */
const everyMs = 1_000;

export function createProgress(say: (line: string) => void): SyncProgress {
  let began = performance.now();
  let failed = false;
  let indexed = 0;
  const sums = new Map<string, { records: number; found: number; saidAt: number; failure: string | null; left: number | null; crawled: boolean }>();
  const sumOf = (agency: string) => {
    let sum = sums.get(agency);
    if (!sum) sums.set(agency, (sum = { records: 0, found: 0, saidAt: 0, failure: null, left: null, crawled: false }));
    return sum;
  };
  const rate = (count: number) => `${Math.round(count / Math.max(0.001, (performance.now() - began) / 1000))}/s`;
  const clock = () => `${((performance.now() - began) / 1000).toFixed(1).padStart(7)} s`;

  return {
    page({ agency, saved, removed, more }) {
      const sum = sumOf(agency);
      sum.records += saved + removed;
      if (more && performance.now() - sum.saidAt < everyMs) return;
      sum.saidAt = performance.now();
      say(`${clock()}  ${agency.padEnd(22)} ${sum.records} records, ${rate(sum.records)}${more ? '' : ', at the end of the feed'}`);
    },
    step({ agency, asked, found, failure, left }) {
      const sum = sumOf(agency);
      sum.crawled = true;
      sum.records += asked;
      sum.found += found;
      sum.left = left;
      if (failure !== null) {
        failed = true;
        sum.failure = failure.message;
      }
      if (performance.now() - sum.saidAt < everyMs && left > 0) return;
      sum.saidAt = performance.now();
      const seconds = sum.records === 0 ? null : Math.round((left * (performance.now() - began)) / 1000 / sum.records);
      say(`${clock()}  ${agency.padEnd(22)} asked about ${sum.records}, ${rate(sum.records)}; ${left} are due${left > 0 && seconds !== null ? `, about ${seconds} s` : ''}`);
    },
    indexed(workers) {
      indexed = workers;
    },
    get failed() {
      return failed;
    },
    summary(results, mocks) {
      const lines = [...results].map(([agency, { saved, removed, held, rejected, outcome, failure }]) =>
        [
          `${agency.padEnd(22)} ${outcome}: ${saved} records saved, ${removed} removed`,
          ...(rejected > 0 ? [`${rejected} entries could not be read`] : []),
          ...(held > 0 ? [`${held} removals wait: look at the agency, then run again with --accept-removals`] : []),
          ...(failure ? [failure.message] : []),
          ...(failure?.code === 'AGENCY_UNREACHABLE' && mocks.has(agency) ? ['its mock does not run: start the hub, or npm run mocks'] : []),
        ].join('; '));
      for (const [agency, sum] of sums) if (sum.crawled) lines.push(`${agency.padEnd(22)} asked about ${sum.records} workers, ${sum.found} records found${sum.failure ? `; ${sum.failure}` : ''}`);
      lines.push(`indexed ${indexed} changed workers in ${((performance.now() - began) / 1000).toFixed(1)} s`);
      began = performance.now();
      sums.clear();
      failed = false;
      return lines;
    },
  };
}
