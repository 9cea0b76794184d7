/**
 * What of several times stands for all: a tenth of them was shorter. Other work on the machine only ever adds, so this
 * is steadier than a median, and unlike the shortest it is not one lucky time.
 */
export function tenth(times) {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 10)];
}

export function median(times) {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)];
}

export function rounded(number, digits = 1) {
  return Number(number.toFixed(digits));
}
