/** Tags of the generator's streams and permutations (see random.ts). Numbers only have to differ; changing one changes every world. */
export const tags = {
  nik: 1,
  pair: 2,
  origin: 3,
  ownName: 4,
  career: 5,
  social: 6,
  health: 7,
  reports: 8,
  cases: 9,
  presence: 10,
  paperwork: 11,
  claims: 12,
  numbers: 20,
  /** Mismatch classes take their tags from here upward. */
  mismatches: 100,
} as const;
