/** How often a mock was called since the start or the last reset. */
export interface CallCounts {
  readonly total: number;
  /** By operation; `unknown` for paths that the agency does not have. */
  readonly operations: Readonly<Record<string, number>>;
  /** The latest `x-request-id` values received, oldest first, at most 100. */
  readonly requestIds: readonly string[];
  of(operation: string): number;
  reset(): void;
}

export interface CallCounter extends CallCounts {
  count(operation: string, requestId: string | null): void;
}

const mostRequestIds = 100;

export function createCalls(): CallCounter {
  let total = 0;
  let operations: Record<string, number> = {};
  let requestIds: string[] = [];
  return {
    get total() {
      return total;
    },
    get operations() {
      return operations;
    },
    get requestIds() {
      return requestIds;
    },
    of: (operation) => operations[operation] ?? 0,
    reset() {
      total = 0;
      operations = {};
      requestIds = [];
    },
    count(operation, requestId) {
      total++;
      operations[operation] = (operations[operation] ?? 0) + 1;
      if (requestId === null) return;
      requestIds.push(requestId);
      if (requestIds.length > mostRequestIds) requestIds.shift();
    },
  };
}
