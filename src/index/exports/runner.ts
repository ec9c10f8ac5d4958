import type { Logger } from 'pino';
import type { AuditEntry } from '../../access/auditEntry.ts';
import type { Database } from '../../store/database.ts';
import { csvFormat, ndjsonFormat } from './formats.ts';
import type { ExportJob } from './job.ts';
import { type Claim, exportChannel, type Jobs, LostJob } from './jobs.ts';
import { createParquetWriter } from './parquet.ts';
import { type Batch, ExportFault, type ExportRow, type ExportSource } from './source.ts';

export interface RunnerOptions {
  readonly jobs: Jobs;
  readonly database: Pick<Database, 'listen'>;
  /** Opens what a job exports, with its owner's rights as they are now. Throws {@link ExportFault}. */
  open(job: ExportJob): Promise<ExportSource>;
  /** Makes a row of the audit log durable: rows of the list are written to the file only then. */
  audit(entry: AuditEntry): Promise<unknown>;
  /** Counts persons against the owner's day; false where they are used up. */
  mayRead(job: ExportJob, workers: readonly string[]): boolean;
  /** Most rows of an export. */
  readonly mostRows: number;
  readonly logger: Logger;
  readonly now: () => Date;
  /** Size of the file's pieces in the database, bytes. Default 1 MiB. */
  readonly chunkSize?: number;
  /** Longest wait for a job whose notification was lost, milliseconds. Default 5000. */
  readonly pollMs?: number;
  /** How often an attempt says that it is alive, milliseconds. Default 5000. */
  readonly aliveMs?: number;
}

/** Runs exports, one at a time on each instance. */
export interface Runner {
  /** Runs what there is to run; resolves when nothing is left. */
  drain(): Promise<void>;
  start(): Promise<void>;
  /** Ends the attempt under way; another instance begins the job again. */
  close(): Promise<void>;
}

/** Most persons in a row of the audit log. */
const personsAtOnce = 5_000;

/** What a job's rows in the audit log say, but for the persons. `how` is `export` when they are read into the file, `download` when the file is handed out. */
export function exportEntry({ caller, order }: ExportJob, how: 'export' | 'download', classes: readonly string[], at: Date): Omit<AuditEntry, 'workers'> {
  return {
    at,
    requestId: caller.requestId,
    callerKind: caller.kind,
    callerId: caller.id,
    callerName: caller.name,
    purpose: caller.purpose,
    caseReference: caller.caseReference,
    operation: how,
    operationName: order.of,
    documentHash: null,
    clientName: null,
    clientVersion: null,
    outcome: 'ANSWERED',
    codes: [],
    notFound: 0,
    classes,
    denied: [],
    agencies: [],
  };
}

/** The file of an attempt: takes rows, writes pieces. */
interface Writer extends AsyncDisposable {
  write(rows: readonly ExportRow[]): Promise<void>;
  end(): Promise<void>;
  readonly bytes: number;
}

export function createRunner(options: RunnerOptions): Runner {
  const { jobs, mostRows, logger, now, chunkSize = 1_048_576, aliveMs = 5_000 } = options;
  const stop = new AbortController();
  let timer: NodeJS.Timeout | null = null;
  let running: Promise<void> | null = null;
  let again = false;

  async function writerOf(claim: Claim, { columns }: ExportSource, rows: () => number): Promise<Writer> {
    const { format, byteOrderMark } = claim.job;
    let [number, bytes] = [0, 0];
    const add = async (piece: Uint8Array) => {
      await jobs.addChunk(claim, number, piece, rows());
      number += 1;
      bytes += piece.length;
    };
    if (format === 'PARQUET') {
      const parquet = await createParquetWriter(columns);
      return {
        write: (batch) => parquet.write(batch),
        async end() {
          for await (const piece of parquet.pieces(chunkSize)) await add(piece);
        },
        get bytes() {
          return bytes;
        },
        [Symbol.asyncDispose]: () => parquet[Symbol.asyncDispose](),
      };
    }
    const text = format === 'CSV' ? csvFormat(columns, byteOrderMark) : ndjsonFormat(columns);
    let waiting = text.head;
    return {
      async write(batch) {
        waiting += text.text(batch);
        if (waiting.length < chunkSize) return;
        const piece = Buffer.from(waiting);
        waiting = '';
        await add(piece);
      },
      async end() {
        if (waiting !== '') await add(Buffer.from(waiting));
      },
      get bytes() {
        return bytes;
      },
      [Symbol.asyncDispose]: async () => {},
    };
  }

  async function attempt(claim: Claim): Promise<void> {
    const { job } = claim;
    const source = await options.open(job);
    let [rows, aliveAt, personBatch] = [0, now().getTime(), 0];
    await using writer = await writerOf(claim, source, () => rows);
    let persons = new Set<string>();
    const notePersons = async () => {
      if (persons.size === 0) return;
      const workers = [...persons];
      persons = new Set();
      if (!options.mayRead(job, workers)) throw new ExportFault('TOO_MANY_PERSONS');
      await options.audit({ ...exportEntry(job, 'export', source.classes, now()), workers });
      await jobs.addPersons(claim, personBatch, workers);
      personBatch += 1;
    };
    await source.read(async ({ rows: batch, workers }: Batch) => {
      if (stop.signal.aborted) throw new LostJob();
      rows += batch.length;
      if (rows > mostRows) throw new ExportFault('TOO_MANY_ROWS');
      for (const worker of workers) persons.add(worker);
      if (persons.size >= personsAtOnce) await notePersons();
      await writer.write(batch);
      if (now().getTime() - aliveAt < aliveMs) return;
      aliveAt = now().getTime();
      await jobs.alive(claim, rows);
    });
    await notePersons();
    // Turning rows into Parquet says nothing for a while.
    const pulse = setInterval(() => void jobs.alive(claim, rows).catch(() => {}), aliveMs);
    try {
      await writer.end();
    } finally {
      clearInterval(pulse);
    }
    // An export without persons, such as a statistic, has its row too.
    if (personBatch === 0) await options.audit({ ...exportEntry(job, 'export', source.classes, now()), workers: [] });
    await jobs.finish(claim, rows, writer.bytes);
  }

  async function run(claim: Claim): Promise<void> {
    try {
      await attempt(claim);
    } catch (error) {
      if (error instanceof LostJob && !stop.signal.aborted) return;
      if (!(error instanceof ExportFault) && !(error instanceof LostJob)) logger.error({ fault: error, job: claim.job.id }, 'an export failed; it is begun again');
      const ended = error instanceof ExportFault ? jobs.fail(claim, error.code) : jobs.giveBack(claim, error instanceof LostJob);
      await ended.catch((fault: unknown) => {
        if (!(fault instanceof LostJob)) throw fault;
      });
    }
  }

  async function runAll(): Promise<void> {
    do {
      again = false;
      for (let claim = await jobs.claim(); claim !== null; claim = stop.signal.aborted ? null : await jobs.claim()) await run(claim);
    } while (again && !stop.signal.aborted);
  }

  const runner: Runner = {
    drain() {
      if (running) again = true;
      return (running ??= runAll().finally(() => (running = null)));
    },
    async start() {
      const drain = () => {
        if (stop.signal.aborted) return;
        runner.drain().catch((error: unknown) => logger.error({ fault: error }, 'could not run exports; they wait'));
      };
      await options.database.listen(exportChannel, drain, drain);
      timer = setInterval(drain, options.pollMs ?? 5_000);
      timer.unref();
    },
    async close() {
      stop.abort();
      if (timer) clearInterval(timer);
      await running?.catch(() => {});
    },
  };
  return runner;
}
