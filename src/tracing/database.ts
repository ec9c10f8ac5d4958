import type { Database } from '../store/database.ts';
import type { RequestTrace } from './tracing.ts';

/** The database with a span around each group of queries, where the request that asks is traced. Statements and parameters stay out. */
export function traceDatabase(database: Database, current: () => RequestTrace | null | undefined): Database {
  async function traced<T>(kind: 'run' | 'transaction', work: () => Promise<T>): Promise<T> {
    const span = current()?.database(kind);
    if (!span) return work();
    try {
      const result = await work();
      span.end();
      return result;
    } catch (error) {
      span.end({ 'error.type': 'StoreFault' });
      throw error;
    }
  }
  return {
    ...database,
    run: (work) => traced('run', () => database.run(work)),
    prepared: (statement, parameters) => traced('run', () => database.prepared(statement, parameters)),
    transaction: (work) => traced('transaction', () => database.transaction(work)),
  };
}
