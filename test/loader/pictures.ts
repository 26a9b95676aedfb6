/** Compares pictures, in a page: Node reads no PNG. */
import type { Page } from "playwright-core";

/** The largest difference of a colour between two pictures. */
export const difference = (page: Page, one: Buffer, other: Buffer): Promise<number> =>
  page.evaluate(
    async (pictures) => {
      const [a, b] = await Promise.all(
        pictures.map(async (base64) => {
          const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
          const bitmap = await createImageBitmap(new Blob([bytes]));
          const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
          const context = canvas.getContext("2d") as OffscreenCanvasRenderingContext2D;
          context.drawImage(bitmap, 0, 0);
          return context.getImageData(0, 0, bitmap.width, bitmap.height).data;
        }),
      );
      if (!a || a.length !== b?.length) return 256;
      return a.reduce((most, value, index) => Math.max(most, Math.abs(value - (b[index] as number))), 0);
    },
    [one.toString("base64"), other.toString("base64")],
  );
