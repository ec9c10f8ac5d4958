import type { ExportJob, ExportState } from '../../index/exports/job.ts';
import type { ExportFormat } from '../../index/exports/formats.ts';
import { type ExportFaultCode, exportFaults } from '../../index/exports/source.ts';
import { builder } from '../builder.ts';
import { describedEnum } from '../enums.ts';

export const ExportFormatEnum = describedEnum<ExportFormat>('ExportFormat', 'Format of an exported file.', {
  CSV: 'RFC 4180 in UTF-8, with column names. A text that a spreadsheet would take for a formula begins with a quote.',
  NDJSON: 'A JSON object on each line.',
  PARQUET: 'Apache Parquet, for data tools.',
});

const ExportStateEnum = describedEnum<ExportState>('ExportState', 'How far an export is.', {
  QUEUED: 'It waits.',
  RUNNING: 'Its file is being made.',
  DONE: 'Its file can be fetched.',
  FAILED: 'It ended without a file: see `fault`.',
  CANCELLED: 'It was cancelled.',
  EXPIRED: 'Its file is gone.',
});

const ExportFaultEnum = describedEnum<ExportFaultCode>('ExportFault', 'Why an export ended without a file.', exportFaults);

const ExportLinkType = builder.objectRef<{ readonly path: string; readonly until: Date }>('ExportLink').implement({
  description: 'A link to the file of an export. It works for the caller who ordered it only, and with his key or token in the header, as for any request.',
  fields: (t) => ({
    path: t.string({ nullable: false, description: 'Path on this hub, with a signature in it. It tells nothing of persons.', resolve: (link) => link.path }),
    until: t.field({ type: 'DateTime', nullable: false, description: 'When it stops working; ask for a new one then.', resolve: (link) => link.until.toISOString() }),
  }),
});

export const ExportType = builder.objectRef<ExportJob>('Export').implement({
  description: 'A list, or statistics, that are written to a file.',
  fields: (t) => ({
    id: t.id({ nullable: false, description: 'Opaque id.', resolve: (job) => job.id }),
    of: t.string({ nullable: false, description: 'What is exported, such as `placements` or `placementStatistics`.', resolve: (job) => job.order.of }),
    format: t.field({ type: ExportFormatEnum, nullable: false, description: 'Format of the file.', resolve: (job) => job.format }),
    state: t.field({ type: ExportStateEnum, nullable: false, description: 'How far it is.', resolve: (job) => job.state }),
    rows: t.int({ nullable: false, description: 'Rows written so far.', resolve: (job) => job.rows }),
    bytes: t.float({ nullable: false, description: 'Size of the file so far, uncompressed.', resolve: (job) => job.bytes }),
    fault: t.field({ type: ExportFaultEnum, description: 'Why it failed; null while it did not.', resolve: (job) => job.fault }),
    createdAt: t.field({ type: 'DateTime', nullable: false, description: 'When it was ordered.', resolve: (job) => job.createdAt.toISOString() }),
    endedAt: t.field({ type: 'DateTime', description: 'When it was done, failed or cancelled.', resolve: (job) => job.endedAt?.toISOString() }),
    expiresAt: t.field({ type: 'DateTime', description: 'When its file goes; null where there is none.', resolve: (job) => job.expiresAt?.toISOString() }),
    link: t.field({ type: ExportLinkType, description: 'A new link to the file; null where there is none. Every download is noted in the audit log for all persons in the file.', resolve: (job, _args, context) => context.exports.link(job) }),
  }),
});

/** Most exports in one field. */
export const mostExports = 100;
