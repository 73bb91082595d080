/** One of the sides that are measured against each other. */
export interface Side<Outcome> {
  name: string;
  measure(round: number): Promise<Outcome>;
}

/**
 * Measures all sides in turn, round after round, so that whatever else the machine does falls on all of them alike. Every
 * other round goes through the sides backwards: none always runs on a machine that the same other one has warmed up.
 *
 * @returns by side, one outcome a round
 */
export async function alternately<Outcome>(
  rounds: number,
  sides: readonly Side<Outcome>[],
): Promise<Map<string, Outcome[]>> {
  const outcomes = new Map<string, Outcome[]>(sides.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const side of round % 2 === 0 ? sides : sides.toReversed()) {
      outcomes.get(side.name)?.push(await side.measure(round));
    }
  }
  return outcomes;
}
