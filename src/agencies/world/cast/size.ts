/** People in the named cast; even, so that it holds whole pairs (twins are pairs of neighbours). */
export const castSize = 28;
