import type { CallContext } from './agency.ts';

/** Gives the further calls of one look-up only what time the first has left: returns the context to make each of them with. */
export function shareDeadline(context: CallContext, budgetMs: number): () => CallContext {
  const end = performance.now() + budgetMs;
  return () => {
    const left = AbortSignal.timeout(Math.max(0, Math.ceil(end - performance.now())));
    return { ...context, signal: context.signal === undefined ? left : AbortSignal.any([context.signal, left]) };
  };
}
