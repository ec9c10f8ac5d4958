import type { Bounds } from '../../access/bounds.ts';
import type { Purpose } from '../../access/purposes.ts';
import type { Caller, Scope } from '../../access/scopes.ts';
import type { ExportFormat } from './formats.ts';
import type { ExportFaultCode } from './source.ts';

export const exportStates = ['QUEUED', 'RUNNING', 'DONE', 'FAILED', 'CANCELLED', 'EXPIRED'] as const;
export type ExportState = (typeof exportStates)[number];

/** What is exported: the kind of list or statistic, and what it was given, as its source understands it. */
export interface ExportOrder {
  readonly of: string;
  readonly given: unknown;
}

/** Who ordered an export, as of then: it is run with these rights, whenever that is, and noted in the audit log under this name. */
export interface Orderer {
  readonly kind: Caller['kind'];
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly bounds: Bounds;
  readonly purposes: readonly Purpose[] | null;
  readonly environment: Caller['environment'];
  readonly personsPerDay: number;
  readonly requestId: string;
  readonly purpose: string | null;
  readonly caseReference: string | null;
}

export interface ExportJob {
  readonly id: string;
  readonly caller: Orderer;
  readonly order: ExportOrder;
  readonly format: ExportFormat;
  readonly byteOrderMark: boolean;
  readonly state: ExportState;
  readonly fault: ExportFaultCode | null;
  readonly rows: number;
  readonly bytes: number;
  readonly createdAt: Date;
  readonly endedAt: Date | null;
  readonly expiresAt: Date | null;
}

/** The rights that an export is run with. */
export function grantOf({ scopes, bounds, purposes }: Orderer) {
  return { scopes: new Set(scopes), bounds, purposes: purposes && new Set(purposes) };
}
