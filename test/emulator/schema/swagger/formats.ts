/** The formats that Azure's schemas name, strictly where a client would stumble over anything else. */
export const FORMATS: Readonly<
  Record<string, RegExp | true | { type: 'number'; validate: (value: number) => boolean }>
> = {
  'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/,
  // .NET's TimeSpan, as run history writes lengths of time.
  'date-span': /^-?(\d+\.)?\d\d:\d\d:\d\d(\.\d{1,7})?$/,
  duration: /^P(?=.)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?$/,
  uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
  uri: /^[a-z][a-z0-9+.-]*:\S+$/i,
  int32: { type: 'number', validate: (value) => Number.isInteger(value) && Math.abs(value) <= 2 ** 31 },
  int64: { type: 'number', validate: (value) => Number.isInteger(value) },
  double: { type: 'number', validate: Number.isFinite },
  float: { type: 'number', validate: Number.isFinite },
  'arm-id': /^\/subscriptions\/\S+$/i,
  byte: true,
  password: true,
};
