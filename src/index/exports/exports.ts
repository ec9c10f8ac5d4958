import type { AuditEntry } from '../../access/auditEntry.ts';
import { type Caller, grantWithin } from '../../access/scopes.ts';
import type { CallerLimits } from '../../access/terms.ts';
import type { ExportFormat } from './formats.ts';
import { fileTypes } from './formats.ts';
import { type ExportJob, type ExportOrder, grantOf, type Orderer } from './job.ts';
import type { Jobs } from './jobs.ts';
import { createDownloadLinks } from './link.ts';
import { exportEntry } from './runner.ts';

export interface ExportsOptions {
  readonly jobs: Jobs;
  /** Signs links; all instances have the same. */
  readonly secret: Uint8Array;
  /** How long a link works, milliseconds. */
  readonly linkMs: number;
  /** Workers whose data may not be processed. */
  readonly restricted: ReadonlySet<string>;
  audit(entry: AuditEntry): Promise<unknown>;
  readonly now: () => Date;
}

/** What an order says of the request that it came with. */
export interface Ordered {
  readonly caller: Caller;
  readonly limits: CallerLimits;
  readonly requestId: string;
  readonly purpose: string | null;
  readonly caseReference: string | null;
}

/** A file to be handed out. */
export interface Download {
  readonly name: string;
  readonly type: string;
  readonly bytes: number;
  readonly pieces: AsyncGenerator<Uint8Array>;
}

/** Exports as their owners deal with them. */
export interface Exports {
  /** Null where the caller has as many open as allowed. */
  start(by: Ordered, order: ExportOrder, format: ExportFormat, byteOrderMark: boolean): Promise<ExportJob | null>;
  find(id: string, owner: string): Promise<ExportJob | null>;
  list(owner: string, first: number): Promise<ExportJob[]>;
  cancel(id: string, owner: string): Promise<ExportJob | null>;
  /** A link to the file of a job that is done, and until when it works. */
  link(job: ExportJob): { readonly path: string; readonly until: Date } | null;
  /** The file that a link leads to: null where the link is not the caller's, or over, or the file is gone, or holds somebody whose data may no longer be processed. */
  download(link: { readonly id: string; readonly until: string; readonly signature: string }, caller: Caller): Promise<Download | null>;
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export function createExports(options: ExportsOptions): Exports {
  const { jobs, now } = options;
  const links = createDownloadLinks(options.secret);

  /** Whether nobody in the file has been restricted since. */
  async function allFree(id: string): Promise<boolean> {
    if (options.restricted.size === 0) return true;
    for await (const workers of jobs.persons(id)) if (workers.some((worker) => options.restricted.has(worker))) return false;
    return true;
  }

  return {
    start({ caller, limits, requestId, purpose, caseReference }, order, format, byteOrderMark) {
      const { kind, id, name, environment, bounds } = caller;
      const orderer: Orderer = {
        kind, id, name, environment, bounds, requestId, purpose, caseReference,
        scopes: [...caller.scopes],
        purposes: caller.purposes && [...caller.purposes],
        personsPerDay: limits.personsPerDay,
      };
      return jobs.add(orderer, order, format, byteOrderMark);
    },
    find: async (id, owner) => (uuid.test(id) ? jobs.find(id, owner) : null),
    list: (owner, first) => jobs.list(owner, first),
    cancel: async (id, owner) => (uuid.test(id) ? jobs.cancel(id, owner) : null),
    link(job) {
      if (job.state !== 'DONE' || job.expiresAt === null || job.expiresAt <= now()) return null;
      const until = new Date(Math.min(now().getTime() + options.linkMs, job.expiresAt.getTime()));
      return { path: links.write(job.id, job.caller.id, until), until };
    },
    async download(link, caller) {
      if (!uuid.test(link.id) || !links.holds(link, caller.id, now())) return null;
      const job = await jobs.find(link.id, caller.id);
      if (job?.state !== 'DONE' || job.expiresAt === null || job.expiresAt <= now()) return null;
      // What the file holds must still be what its owner may read.
      if (!grantWithin(grantOf(job.caller), caller) || !(await allFree(job.id))) return null;
      const entry = exportEntry(job, 'download', [], now());
      let noted = false;
      for await (const workers of jobs.persons(job.id)) {
        await options.audit({ ...entry, workers });
        noted = true;
      }
      if (!noted) await options.audit({ ...entry, workers: [] });
      const { type, ending } = fileTypes[job.format];
      return { name: `${job.order.of}-${job.createdAt.toISOString().slice(0, 10)}.${ending}`, type, bytes: job.bytes, pieces: jobs.chunks(job.id) };
    },
  };
}
