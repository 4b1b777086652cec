/** What is told beside a document's answers: by others, and of what was submitted. */

/** An answer that somebody typed in for its owner. */
export interface Mark {
  /** `field`, `table/row/column`, or `table#order`. */
  place: string;
  by: string;
  by_name: string;
  revision: number;
  at: string | null;
  confirmed_at: string | null;
}

/** What another party confirmed; never a tick in the owner's file. */
export interface Confirmation {
  field: string;
  value: boolean;
  by?: string | null;
  by_name?: string | null;
  /** False where a facilitator wrote down what a school leader link said. */
  own_word?: boolean;
  at?: string | null;
}

/** What was submitted. */
export interface Round {
  round: number;
  received_at: string;
  answered?: number;
  of?: number;
  code?: string;
  sha256?: string;
  revision?: number;
  /** Equal content to what is in the document now. */
  current?: boolean;
  feedback?: boolean;
  /** Where its owner reads the feedback. */
  feedback_page?: string;
  /** It came after it was due. */
  late?: boolean;
}
