// Syntax of old Nodes only: an old Node must get as far as the sentence.

/**
 * The sentence for a Node.js that is too old, or an empty string when `version` will do.
 * @param {string} version as in `process.version`, for example `v20.19.0`
 * @returns {string}
 */
export function oldNode(version) {
  var numbers = version.replace(/^v/, '').split('.').map(Number);
  var isNewEnough = numbers[0] > 20 || (numbers[0] === 20 && numbers[1] >= 19);
  if (isNewEnough) return '';
  return (
    'Node.js ' +
    version +
    ' is too old: install Node.js 20.19 or newer (for example the current LTS) and run this again.'
  );
}
