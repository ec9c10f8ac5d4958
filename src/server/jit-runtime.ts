import { createRequire } from 'node:module';

// Its entry for `import` is the CommonJS build underneath, so the ESM build of this file would be another copy.
const { jitRuntime } = createRequire(import.meta.url)('graphql-jit/dist/runtime') as typeof import('graphql-jit/dist/runtime');
type ExecutionContext = Parameters<(typeof jitRuntime)['handleListItemResult']>[0];

/**
 * Mends how graphql-jit 0.8.9 waits for promises. Two things go wrong there: a rejected item of a list is appended to the list instead of being null
 * in its place, and a throw while a settled value is completed (a `resolveType` that throws) is an unhandled rejection and the request never
 * ends. tests/server/executor.test.ts holds both; when it passes without this file, the file may go.
 */
export function mendJitRuntime(): void {
  jitRuntime.handleResolverResult = (context, value, onSuccess, onError) => {
    if (jitRuntime.isPromise(value)) settle(context, value as PromiseLike<unknown>, onSuccess, onError, onError);
    else onSuccess(value);
  };
  jitRuntime.handleListItemResult = (context, item, onSuccess, onError) => {
    // An error as a value is a null in its place and one error, which is what a rejection should be.
    const inPlace = (error: unknown): void => onSuccess(error instanceof Error ? error : new Error('An item of a list was rejected'));
    if (jitRuntime.isPromise(item)) settle(context, item as PromiseLike<unknown>, onSuccess, inPlace, onError);
    else onSuccess(item);
  };
}

function settle(
  context: ExecutionContext,
  promise: PromiseLike<unknown>,
  onSuccess: (value: unknown) => void,
  onRejected: (error: unknown) => void,
  onThrow: (error: unknown) => void,
): void {
  const settled = (act: (value: unknown) => void) => (value: unknown) => {
    try {
      act(value);
    } catch (error) {
      onThrow(error);
    } finally {
      context.promiseCounter--;
      if (context.promiseCounter === 0) context.resolve?.(context);
    }
  };
  context.promiseCounter++;
  promise.then(settled(onSuccess), settled(onRejected));
}
