/** What a load generator is to do, handed to it by message. */
export interface Plan {
  /** The authority of the server's certificate, as PEM. */
  ca: string;
  headers: Record<string, string>;
  /** Clients, each with a connection of its own and one request a second. */
  clients: number;
  /** Addresses that the clients ask for, one after the other. */
  gets: string[];
  listings: Listings;
  /** Time before the measured one, under the same load. */
  warmupSeconds: number;
  seconds: number;
}

/** Listings of many items, page after page. */
export interface Listings {
  perSecond: number;
  /** Pages in their order; further ones are found by the `nextLink` in an answer. */
  pages: string[];
  /** Text that stands once in every item of a page, and how often it must be seen in all; null: pages are not looked into. */
  marker: { text: string; times: number } | null;
}

/** How one kind of request fared in the measured time. */
export interface Fared {
  /** Milliseconds from the moment at which it was due to the last byte of its answer, of those that succeeded. */
  latencies: Float64Array;
  /** How often each status came; 0 stands for a connection that failed. */
  statuses: Record<number, number>;
  /** How often what else went wrong: connections that failed by their reason, listings by the number of items that they had. */
  failures: Record<string, number>;
  /** Answers of 429 that say when to come back. */
  withRetryAfter: number;
}

/** What a load generator saw. */
export interface Outcome {
  gets: Fared;
  /** A listing counts as one; its status is that of the page that failed, or 200. */
  listings: Fared;
  /** Pages of listings, by status. */
  pages: Record<number, number>;
  /** Seconds from the first request that was due to the last answer, warm-up included. */
  elapsed: number;
  /** Seconds from there to the last answer of 429; 0 without any. */
  lastRefusal: number;
  bytes: number;
  /** Milliseconds by which the generator itself sent late; where this is much, it and not the server was too slow. */
  sentLate: Float64Array;
}
