/** Files that come by drag and drop or from the clipboard. */
import type { Kit } from "../kit.ts";

const hasFiles = ({ dataTransfer }: DragEvent): boolean => dataTransfer?.types.includes("Files") ?? false;

/** Listens in the panel of `root`; `over` tells whether files are held above it. */
export function listenForFiles(
  { root }: Kit,
  { take, over }: { take(files: Iterable<File>): void; over(on: boolean): void },
): void {
  const inPanel = ({ target }: Event) => target instanceof Element && target.closest(".panel") !== null;
  let depth = 0;
  const listen = (type: "dragenter" | "dragover" | "dragleave" | "drop", hear: (event: DragEvent) => void) =>
    root.addEventListener(type, (event) => {
      if (!inPanel(event) || !hasFiles(event as DragEvent)) return;
      // Where nobody takes it, the browser opens the file in place of the page.
      event.preventDefault();
      hear(event as DragEvent);
    });
  listen("dragenter", () => {
    depth += 1;
    if (depth === 1) over(true);
  });
  listen("dragover", () => {});
  listen("dragleave", () => {
    depth = Math.max(0, depth - 1);
    if (depth === 0) over(false);
  });
  listen("drop", ({ dataTransfer }) => {
    depth = 0;
    over(false);
    take(dataTransfer?.files ?? []);
  });
  root.addEventListener("paste", (event) => {
    const { clipboardData } = event as ClipboardEvent;
    const files = [...(clipboardData?.files ?? [])];
    // What is copied from a text processor is a text and, beside it, a picture of that text.
    if (!inPanel(event) || files.length === 0 || clipboardData?.types.includes("text/plain")) return;
    event.preventDefault();
    take(files);
  });
}
