/** People in the named cast; even, so that it holds whole pairs. */
export const castSize = 0;
