declare module 'unbzip2-stream' {
  /** A synchronous old-style stream: every `write` emits its `data` before it returns. */
  export default function unbzip2(): NodeJS.ReadWriteStream;
}
