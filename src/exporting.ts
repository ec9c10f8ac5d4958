import { eq } from 'drizzle-orm';
import type { Logger } from 'pino';
import type { Audit } from './access/audit.ts';
import type { Persons } from './access/persons.ts';
import type { Config } from './config.ts';
import { encodeId } from './graph/ids.ts';
import { createExports, type Exports } from './index/exports/exports.ts';
import { grantOf, type Orderer } from './index/exports/job.ts';
import { createJobs } from './index/exports/jobs.ts';
import { exportedLists, type ExportedList, type GivenList, listSource } from './index/exports/list.ts';
import { exportedStatistics, type ExportedStatistics, type GivenStatistics, statisticsSource } from './index/exports/statistics.ts';
import { createRunner, type Runner } from './index/exports/runner.ts';
import { ExportFault } from './index/exports/source.ts';
import type { Statistics } from './index/statistics/statistics.ts';
import type { Database } from './store/database.ts';
import { sharedSecret } from './store/secret.ts';
import { apiKey } from './store/tables.ts';

export interface ExportingOptions {
  readonly database: Database;
  readonly statistics: Statistics;
  readonly config: Pick<Config, 'EXPORT_OPEN' | 'EXPORT_ROWS' | 'EXPORT_KEEP_HOURS' | 'EXPORT_LINK_MINUTES'>;
  readonly audit: Audit;
  readonly persons: Persons;
  readonly restricted: ReadonlySet<string>;
  /** In the order in which their words count. */
  readonly agencies: readonly string[];
  readonly logger: Logger;
  readonly now: () => Date;
}

export interface Exporting extends AsyncDisposable {
  readonly exports: Exports;
  readonly runner: Runner;
}

const sweepMs = 60_000;
const isStatistics = (of: string): of is ExportedStatistics => Object.hasOwn(exportedStatistics, of);
const isList = (of: string): of is ExportedList => Object.hasOwn(exportedLists, of);

/** Puts the parts of exports together; the runner is started by whoever wants jobs run. */
export async function openExporting(options: ExportingOptions): Promise<Exporting> {
  const { database, statistics, config, audit, persons, restricted, agencies, logger, now } = options;
  const jobs = createJobs({ database, now, mostOpen: config.EXPORT_OPEN, keepMs: config.EXPORT_KEEP_HOURS * 3_600_000 });
  const secret = await sharedSecret(database, 'export-links');
  const exports = createExports({ jobs, secret, linkMs: config.EXPORT_LINK_MINUTES * 60_000, restricted, audit: (entry) => audit.append(entry), now });

  /** Whether the key that ordered it still works; tokens of staff end by themselves within the hour. */
  async function stillThere({ kind, id }: Orderer): Promise<boolean> {
    if (kind !== 'KEY') return true;
    const [key] = await database.run((q) => q.select({ revokedAt: apiKey.revokedAt, expiresAt: apiKey.expiresAt }).from(apiKey).where(eq(apiKey.id, id)));
    return key !== undefined && key.revokedAt === null && key.expiresAt > now();
  }

  const runner = createRunner({
    jobs,
    database,
    async open({ caller, order }) {
      if (!(await stillThere(caller))) throw new ExportFault('DENIED');
      if (isList(order.of)) return listSource(order.of, order.given as GivenList, grantOf(caller), { database, agencies, restricted, idOf: (id) => encodeId('Worker', id) });
      if (isStatistics(order.of)) return statisticsSource(order.of, order.given as GivenStatistics, grantOf(caller), { statistics });
      throw new ExportFault('INPUT');
    },
    audit: (entry) => audit.append(entry),
    mayRead({ caller }, workers) {
      persons.saw(caller.id, new Set(workers), caller.personsPerDay);
      return persons.blockedUntil(caller.id, caller.personsPerDay) === null;
    },
    mostRows: config.EXPORT_ROWS,
    logger,
    now,
  });
  const sweep = () => void jobs.sweep().catch((error: unknown) => logger.error({ fault: error }, 'could not remove exports that are over'));
  sweep();
  const sweeping = setInterval(sweep, sweepMs);
  sweeping.unref();
  return {
    exports,
    runner,
    async [Symbol.asyncDispose]() {
      clearInterval(sweeping);
      await runner.close();
    },
  };
}
