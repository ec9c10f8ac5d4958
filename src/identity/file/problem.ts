/** A fault of the input that its owner can mend. The message says what and how, and never repeats a value out of a record. */
export class FileProblem extends Error {
  override readonly name = 'FileProblem';
}
