import type { z } from 'zod';
import { failure } from './transport/failures.ts';
import type { Outcome } from './transport/transport.ts';

/** Validates the outer form of an answer. What exactly was wrong stays unsaid: the details could hold personal data. */
export function readForm<T>(schema: z.ZodType<T>, json: unknown): Outcome<T> {
  const parsed = schema.safeParse(json);
  if (parsed.success) return { ok: true, value: parsed.data };
  return { ok: false, failure: failure('AGENCY_INVALID_ANSWER', 'The answer has not the form that its protocol says.') };
}

/** Rows of an answer, each validated by itself, so that a bad one costs nobody else. */
export interface Rows<T> {
  readonly rows: readonly T[];
  /** As they came. */
  readonly unreadable: readonly unknown[];
}

export function readRows<T>(schema: z.ZodType<T>, list: readonly unknown[]): Rows<T> {
  const rows: T[] = [];
  const unreadable: unknown[] = [];
  for (const row of list) {
    const parsed = schema.safeParse(row);
    if (parsed.success) rows.push(parsed.data);
    else unreadable.push(row);
  }
  return { rows, unreadable };
}
