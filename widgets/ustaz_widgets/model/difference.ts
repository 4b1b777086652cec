/** Where two texts differ, word by word. */

/** A piece of text, and whether only this one of the two has it. */
export interface Piece {
  text: string;
  only: boolean;
}
const WORD = /[\p{L}\p{N}\p{M}]+|\s+|[^\p{L}\p{N}\p{M}\s]/gu;
/** Above so many comparisons a text is marked as a whole: nobody waits for it. */
const MOST = 1_000_000;

function pieces(words: readonly string[], shared: readonly boolean[]): Piece[] {
  const result: Piece[] = [];
  words.forEach((text, at) => {
    const only = !shared[at];
    const last = result.at(-1);
    // A space between two differing words belongs to them.
    const next = words.slice(at + 1, at + 2).length > 0 && !shared[at + 1];
    const joins = last?.only && !only && next && text.trim() === "";
    if (last && (last.only === only || joins)) last.text += text;
    else result.push({ text, only });
  });
  return result;
}

/** Both texts in pieces; what is not marked is the same in both. */
export function difference(first: string, second: string): [Piece[], Piece[]] {
  const [a, b] = [first.match(WORD) ?? [], second.match(WORD) ?? []];
  const [inA, inB] = [a.map(() => false), b.map(() => false)];
  let start = 0;
  while (start < Math.min(a.length, b.length) && a[start] === b[start]) {
    inA[start] = inB[start] = true;
    start += 1;
  }
  let [endA, endB] = [a.length, b.length];
  while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) {
    endA -= 1;
    endB -= 1;
    inA[endA] = inB[endB] = true;
  }
  const [rows, columns] = [endA - start, endB - start];
  if (rows * columns <= MOST) {
    // Length of the longest common run of words behind each pair.
    const wide = columns + 1;
    const best = new Uint16Array((rows + 1) * wide);
    const at = (row: number, column: number) => best[row * wide + column] ?? 0;
    for (let row = rows - 1; row >= 0; row -= 1) {
      for (let column = columns - 1; column >= 0; column -= 1) {
        best[row * wide + column] =
          a[start + row] === b[start + column]
            ? at(row + 1, column + 1) + 1
            : Math.max(at(row + 1, column), at(row, column + 1));
      }
    }
    for (let row = 0, column = 0; row < rows && column < columns; ) {
      if (a[start + row] === b[start + column]) {
        inA[start + row] = inB[start + column] = true;
        row += 1;
        column += 1;
      } else if (at(row + 1, column) >= at(row, column + 1)) row += 1;
      else column += 1;
    }
  }
  return [pieces(a, inA), pieces(b, inB)];
}
