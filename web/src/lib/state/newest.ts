/** Answers may overtake each other: an older one takes nothing back. */

/** Of a question that is asked again and again, every asker gets the answer to the newest. */
export function newest<T>(): (answer: Promise<T>) => Promise<T> {
  let last: Promise<T>;
  return (answer) => {
    const mine: Promise<T> = answer.then((value) => (mine === last ? value : last), (error: unknown) => { if (mine === last) throw error; return last; });
    last = mine;
    return mine;
  };
}

/** Of two answers about one thing, the one that knows its later revision. */
export const later = <T extends { revision?: number }>(known: T | null | undefined, come: T): T => (known && (known.revision ?? 0) > (come.revision ?? 0) ? known : come);
