/**
 * How values of one attribute are prepared and compared. Comparison gives a level, an index into `levels` (best first); what a level is worth is
 * learned from the data. Methods, so that comparators of different cells can stand in one list.
 */
export interface Comparator<Cell> {
  /** Names of the levels, from full agreement to disagreement. */
  readonly levels: readonly string[];
  /** Levels up to this index are agreement of some sort; where nothing was learned yet, they start as such. */
  readonly lastAgreeing: number;
  /** Names only: whether the level leaves no word of either name's shorter form without a partner. */
  fullyAgrees?(level: number): boolean;
  /** Names only: the same, and without any error of spelling. */
  wordForWord?(level: number): boolean;
  /** The values in comparable form; null where none of them says anything, which is no evidence either way. */
  prepare(values: readonly string[]): Cell | null;
  compare(a: Cell, b: Cell): number;
  /** What counts towards term frequencies: whole values, or the words of a name. */
  terms(cell: Cell): readonly string[];
  /**
   * What two cells share at this level, for rarity: a rare term is worth more than a common one. Each entry lists one term, or the two spellings of one,
   * of which the more frequent counts.
   */
  shared(a: Cell, b: Cell, level: number): readonly (readonly string[])[];
  /** Frequencies are compared among terms of one group (regencies with regencies, districts with districts). Default: all terms are one group. */
  termGroup?(term: string): string;
  /** Blocking: features rare enough to bring two records together alone. */
  strong(cell: Cell): readonly string[];
  /** Blocking: features that bring two records together in combination with one of another attribute. */
  weak(cell: Cell): readonly string[];
  /** Blocking: coarser features, joined with dates alone, which are rare enough to make up for it. Default: none. */
  coarse?(cell: Cell): readonly string[];
  /** The cell as shown in an explanation. */
  show(cell: Cell): string;
}
