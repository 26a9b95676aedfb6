/** From a brand's colour to an accent that can be read: against white by day, against our dark surface by night. */

/**
 * Relative luminance as WCAG 2 has it, for a contrast of 5 and more with white. Not 4.5: at a lightness of .6 in oklch the
 * style sheet goes over from white to dark upon the accent, and no accent of ours may lie between.
 */
const MOST_BY_DAY = 0.16;
/** Lightness in oklch, as our own accent has it by night. */
const LEAST_BY_NIGHT = 0.72;
const WEIGHTS = [0.2126, 0.7152, 0.0722];

/** sRGB's transfer curve and back, 0 to 1. */
const toLinear = (value: number): number => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
const fromLinear = (value: number): number => (value <= 0.0031308 ? value * 12.92 : 1.055 * value ** (1 / 2.4) - 0.055);

/** `colour` is #rrggbb. Gives a CSS colour for either scheme: as it is where it can be read, else darker or lighter, of the same hue. */
export function toAccent(colour: string): string {
  const rgb = [1, 3, 5].map((at) => toLinear(Number.parseInt(colour.slice(at, at + 2), 16) / 255));
  const luminance = rgb.reduce((sum, value, index) => sum + value * (WEIGHTS[index] as number), 0);
  const day = toHex(rgb.map((value) => value * Math.min(1, MOST_BY_DAY / luminance)));
  return `light-dark(${day},oklch(from ${colour} max(l,${LEAST_BY_NIGHT}) c h))`;
}

const toHex = (rgb: number[]): string =>
  `#${rgb
    .map((value) =>
      Math.round(fromLinear(value) * 255)
        .toString(16)
        .padStart(2, "0"),
    )
    .join("")}`;
