/** A folder (or one blob) in a container, with all that is needed to reach it. Handed to nodes over their channel only. */
export interface BlobPlace {
  /** `https://127.0.0.1:PORT/ACCOUNT` */
  endpoint: string;
  account: string;
  key: string;
  container: string;
  /** Path in the container without slashes at its ends; empty for the whole container. */
  prefix: string;
  /** Certificate authority of the endpoint. */
  caFile: string;
}
